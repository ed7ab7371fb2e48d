"""The file itself: readable from top to bottom, with a head that says what it is and what it could not hold.

In: entries. Out: YAML that `parse_scenario` reads back as the very same values.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import yaml

from simulator.domain.instant import HOUR, format_clock
from simulator.scenario.kept.steps import Entry, Told
from simulator.scenario.parsing import LARGEST_BYTES, MOST_VALUES

_MARGIN = 40  # bytes around a step: its dash, and an instant above it
_PLAIN = re.compile(r"\+?[A-Za-z0-9_][A-Za-z0-9_.\- ]*[A-Za-z_]|[A-Za-z_]")
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_FLOAT = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d*")


class _Dumper(yaml.SafeDumper):
    """Texts stand in quotes unless nobody could take them for anything else."""

    def ignore_aliases(self, _: Any) -> bool:
        return True


def _represent(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and not _FLOAT.match(text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')


_Dumper.add_representer(str, _represent)


def head_text(remarks: Iterable[str]) -> str:
    """Comment lines; a remark that holds a line break becomes several."""
    return "".join(f"# {line}".rstrip() + "\n" for remark in remarks for line in remark.splitlines() or [""])


def block(key: str, value: Any) -> str:
    """One key of the file; what is nested stands on one line."""
    return f"{key}: {flow(value)}\n"


def listed(key: str, entries: Iterable[Entry]) -> str:
    """A list, an entry a line."""
    lines = [f"  - {flow(one)}\n" for one in entries]
    return f"{key}:\n{''.join(lines)}" if lines else f"{key}: []\n"


def spelled(key: str, entries: Iterable[Entry]) -> str:
    """A list whose entries stand with a key on each line."""
    texts = []
    for entry in entries:
        first, *rest = (f"{name}: {flow(value)}\n" for name, value in entry.items())
        texts.append(f"  - {first}" + "".join(f"    {line}" for line in rest))
    return f"{key}:\n{''.join(texts)}" if texts else f"{key}: []\n"


def fitting(steps: Sequence[Told]) -> int:
    """How many of these steps fit into one file, with a tenth of its bounds left for all else."""
    values, size = MOST_VALUES * 9 // 10, LARGEST_BYTES * 9 // 10
    for number, step in enumerate(steps):
        values -= _values(step.entry)
        size -= len(flow(step.entry).encode()) + _MARGIN
        if values < 0 or size < 0:
            return number
    return len(steps)


def _values(value: Any) -> int:
    """What a value counts for: every text, and the beginning and end of whatever holds others."""
    match value:
        case dict():
            return 2 + sum(1 + _values(one) for one in value.values())
        case list():
            return 2 + sum(map(_values, value))
    return 1


def timeline(steps: Iterable[Told]) -> str:
    """The steps, a line each; wherever an hour or more went by, the virtual instant stands above."""
    lines = [*_lines(steps)]
    return f"timeline:\n{''.join(lines)}" if lines else "timeline: []\n"


def _lines(steps: Iterable[Told]) -> Iterator[str]:
    former = None
    for step in steps:
        if former is None or step.at - former >= HOUR:
            yield f"  # {format_clock(step.at)}\n"
        yield f"  - {flow(step.entry)}\n"
        former = step.at


def flow(value: Any) -> str:
    """A value on one line."""
    text: str = yaml.dump(
        value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return text.removesuffix("...\n").rstrip("\n")
