"""The fields that bodies and queries are made of, each checked as soon as it is read.

In: JSON, or text from a query. Out: domain values; instants and durations are microseconds from here on.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainValidator, StringConstraints, WithJsonSchema

from simulator.clock.pace import Pace, parse_pace
from simulator.domain.instant import FASTEST, LAST_INSTANT, parse_duration, parse_instant


def _printable(value: str) -> str:
    if _CONTROL.search(value):
        raise ValueError("holds a control character; write plain text")
    return value


_CONTROL = re.compile("[\x00-\x1f\x7f]")

Label = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""A name, on one line: an event, a tenant, a header."""
AttributeValue = Annotated[str, StringConstraints(max_length=8_192)]


def _duration(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError('must be a duration in text, such as "20h"')  # noqa: TRY004 - pydantic collects ValueErrors
    micros = parse_duration(value)
    if micros >= LAST_INSTANT:
        raise ValueError(f'"{value}" is longer than the calendar, which ends in 2099')
    return micros


def _instant(value: Any) -> int:
    if not isinstance(value, str):
        raise ValueError('must be an instant in text, such as "2026-03-06T17:00:00Z"')  # noqa: TRY004 - as above
    return parse_instant(value)


def _moment(value: Any) -> int | str:
    return "next" if value == "next" else _instant(value)


def _pace(value: Any) -> Pace:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError('must be "jump", "elastic" or a number above 0')  # noqa: TRY004 - as above
    written = value if isinstance(value, str) else f"{value:.15g}"  # 0 of a caller that knows only floats is still 0
    pace = parse_pace(written)
    if str(pace) == "paused":
        raise ValueError('"paused" is no speed; pause with {"paused": true}')
    if pace.busy and FASTEST < pace.idle < float("inf"):
        raise ValueError(f"{written} is faster than {FASTEST} times real time; jump is faster still")
    return pace


Duration = Annotated[
    int,
    BeforeValidator(_duration),
    WithJsonSchema({"type": "string", "description": "a duration", "examples": ["30s", "5m30s", "20h", "2d 3h"]}),
]
Instant = Annotated[
    int,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-03-06T17:00:00Z"]}),
]
Moment = Annotated[
    int | str,
    PlainValidator(_moment),
    WithJsonSchema({"anyOf": [{"const": "next"}, {"type": "string", "format": "date-time"}]}),
]
"""An instant, or `next`: the instant at which something falls due."""

Speed = Annotated[
    Pace,
    PlainValidator(_pace),
    WithJsonSchema(
        {
            "anyOf": [{"enum": ["jump", "elastic"]}, {"type": "number", "exclusiveMinimum": 0, "maximum": FASTEST}],
            "description": "jump, elastic, or so many times real time",
        }
    ),
]
