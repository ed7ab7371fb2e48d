"""Text in, the events of one YAML document out: bounded, so that no text can exhaust memory or stack.

PyYAML parses, with libyaml where it is there. Its composer is not used: the C one recurses without a bound and
overruns the stack on two hundred kilobytes of "[".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import yaml
from yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from simulator.errors import Problem
from simulator.scenario.invalid import InvalidScenario, Located, Mark

LARGEST_BYTES = 1_000_000
MOST_VALUES = 100_000
DEEPEST = 32
START = Mark(1, 1)
STARTS = (MappingStartEvent, SequenceStartEvent)
ENDS = (MappingEndEvent, SequenceEndEvent)

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOO_LARGE = f"is larger than {LARGEST_BYTES:,} bytes"
_TOO_MUCH = f"goes beyond the bounds of a scenario: {MOST_VALUES:,} values, {DEEPEST} levels deep"


def decode(raw: bytes, where: str) -> str:
    """The text of a file; raises `InvalidScenario` where it is too large or not UTF-8."""
    if len(raw) > LARGEST_BYTES:
        raise _refusal(where, START, _TOO_LARGE)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        raise _refusal(where, _end_of(before), "is not UTF-8 from here on; save the file in that encoding") from None


def parse(text: str, where: str) -> Sequence[Event]:
    """The events of the one document's nodes; raises `InvalidScenario` with one problem, where it stands."""
    if len(text) > LARGEST_BYTES:
        raise _refusal(where, START, _TOO_LARGE)
    if bad := _UNPRINTABLE.search(text):
        mark = _end_of(text[: bad.start()])
        raise _refusal(where, mark, f"holds U+{ord(bad.group()):04X}, which YAML does not allow")
    try:
        events = list(_bounded(text, where))
    except yaml.YAMLError as error:
        mark = _mark_of_error(error, text)
        raise _refusal(where, mark, _sentence(error, mark, text)) from None
    if not events:
        raise _refusal(where, START, "is empty; a scenario has at least a name and subscriptions")
    return events


def mark_of(event: Event) -> Mark:
    """Where an event begins."""
    return _mark(event.start_mark)


def _bounded(text: str, where: str) -> Iterator[Event]:
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_PARSER)):
        documents += isinstance(event, DocumentStartEvent)
        if documents > 1:
            raise _refusal(where, mark_of(event), "a second document begins; a file holds one scenario")
        depth += isinstance(event, STARTS) - isinstance(event, ENDS)
        if depth > DEEPEST or count > MOST_VALUES:
            raise _refusal(where, mark_of(event), _TOO_MUCH)
        if isinstance(event, (NodeEvent, *ENDS)):
            yield event


def _sentence(error: yaml.YAMLError, mark: Mark, text: str) -> str:
    line = (_lines(text) + [""] * mark.line)[mark.line - 1]
    here = line[mark.column - 1 : mark.column]
    if here == "\t":
        return "a tab stands here; indent with spaces"
    problem = getattr(error, "problem", None) or "it cannot be read"
    if "cannot start any token" in problem:
        return f'nothing can begin with "{here}"; put the text in quotes'
    hint = "; text that begins with { stands in quotes" if "{receiver}" in line else ""
    context = getattr(error, "context", None)
    return f"is not YAML{f' {context}' if context else ''}: {problem}{hint}"


def _mark_of_error(error: yaml.YAMLError, text: str) -> Mark:
    """Where it went wrong; what never ends is wrong where it begins."""
    found, begun = (getattr(error, name, None) for name in ("problem_mark", "context_mark"))
    ended = found is not None and found.line >= len(_lines(text.rstrip()))
    return _mark(begun or found if ended else found or begun)


def _mark(mark: Any) -> Mark:
    """PyYAML counts from 0, and its two parsers have a type of mark each."""
    return Mark(mark.line + 1, mark.column + 1) if mark else START


def _end_of(text: str) -> Mark:
    lines = _lines(text)
    return Mark(len(lines), len(lines[-1]) + 1)


def _lines(text: str) -> list[str]:
    """The lines as YAML breaks them."""
    return re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text)


def _refusal(where: str, mark: Mark, text: str) -> InvalidScenario:
    return InvalidScenario(where, [Located(mark, Problem((), text))])
