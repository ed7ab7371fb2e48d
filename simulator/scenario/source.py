"""YAML text as plain data, and the place of every key and value in it.

Only what a scenario means: mappings, lists, text, decimal numbers, `true` and `false`. `no`, `1:30` and
`2026-03-06` stay text. Merging (`<<`) and tags are refused, aliases are read where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from simulator.errors import Problem
from simulator.scenario.invalid import Finding, InvalidScenario, Located, Mark, Path
from simulator.scenario.parsing import DEEPEST, ENDS, MOST_VALUES, START, STARTS, mark_of, parse

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FRACTION = re.compile(r"[-+]?(?:[0-9]{1,18}\.[0-9]*|\.[0-9]+|[0-9]{1,18}(?=[eE]))(?:[eE][-+]?[0-9]{1,2})?", re.ASCII)
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_TEXT_TAGS = (None, "!", "tag:yaml.org,2002:str")


@dataclass(frozen=True, slots=True)
class Source:
    """A file's data with positions. `flaws` are keys that stand twice, tags, and the like."""

    where: str
    text: str = field(repr=False)
    data: Any = field(repr=False)
    keys: Mapping[Path, Mark]
    values: Mapping[Path, Mark]
    flaws: tuple[Located, ...]

    def locate(self, finding: Finding) -> Located:
        """The finding with its place; what is missing stands where its nearest owner begins."""
        path = finding.path
        marks = self.keys if finding.at_key else self.values
        while path and path not in marks:
            path, marks = path[:-1], self.values
        return Located(marks.get(path, START), Problem(finding.path, finding.text))

    def line(self, path: Path) -> int:
        """The line on which a value begins."""
        return self.values[path].line


def read_source(text: str, where: str) -> Source:
    """Data and positions; raises `InvalidScenario` with one clear problem where the text is no YAML of ours."""
    composer = _Composer(parse(text, where), where)
    data = composer.value(())
    return Source(where, text, data, composer.keys, composer.values, tuple(composer.flaws))


class _Composer:
    """Data out of events; an alias reads its anchor's events once more, under its own path."""

    def __init__(self, events: Sequence[Event], where: str) -> None:
        self.keys: dict[Path, Mark] = {}
        self.values: dict[Path, Mark] = {}
        self.flaws: list[Located] = []
        self._events = events
        self._where = where
        self._at = 0
        self._made = 0
        self._anchors: dict[str, int] = {}

    def value(self, path: Path) -> Any:
        start, event = self._at, self._next()
        self._made += 1
        if len(path) > DEEPEST or self._made > MOST_VALUES:
            raise self._refusal(event, f"aliases make more than {MOST_VALUES:,} values or {DEEPEST} levels of it")
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        self.values[path] = mark_of(event)
        if event.tag not in _TEXT_TAGS:
            self._flaw(event, path, "has a tag; write plain YAML, without !tags")
        value = self._read(event, path)
        if event.anchor:
            self._anchors[event.anchor] = start
        return value

    def _alias(self, event: Any, path: Path) -> Any:
        if event.anchor not in self._anchors:
            raise self._refusal(event, f"*{event.anchor} has nothing to stand for: &{event.anchor} must end before it")
        after, self._at = self._at, self._anchors[event.anchor]
        value = self.value(path)
        self._at = after
        return value

    def _read(self, event: Any, path: Path) -> Any:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return _plain(event.value) if event.implicit[0] and event.tag is None else event.value

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(self._events[self._at], SequenceEndEvent):
            items.append(self.value((*path, len(items))))
        self._at += 1
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while not isinstance(self._events[self._at], MappingEndEvent):
            event = self._events[self._at]
            if flaw := _flaw_of_key(event, pairs):
                self._flaw(event, path, flaw)
                self._skip()
                self._skip()
                continue
            key = self._next().value
            self.keys[(*path, key)] = mark_of(event)
            pairs[key] = self.value((*path, key))
        self._at += 1
        return pairs

    def _next(self) -> Any:
        self._at += 1
        return self._events[self._at - 1]

    def _skip(self) -> None:
        depth = 0
        while True:
            event = self._next()
            depth += isinstance(event, STARTS) - isinstance(event, ENDS)
            if not depth:
                return

    def _flaw(self, event: Event, path: Path, text: str) -> None:
        self.flaws.append(Located(mark_of(event), Problem(path, text)))

    def _refusal(self, event: Event, text: str) -> InvalidScenario:
        return InvalidScenario(self._where, [Located(mark_of(event), Problem((), text))])


def _flaw_of_key(event: Event, former: Mapping[str, Any]) -> str:
    if not isinstance(event, ScalarEvent):
        return "has a key that is not text"
    if event.value == "<<":
        return 'merging with "<<" is not supported; repeat the keys'
    return f'the key "{event.value}" stands twice' if event.value in former else ""


def _plain(text: str) -> Any:
    """What an unquoted scalar means."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
