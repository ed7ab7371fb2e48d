"""What the values of a scenario are made of: instants, spans and rates written as text, counts, names.

In: plain YAML data. Out: typed values, or a ValueError whose sentence says what is allowed. The JSON Schema of each
stands beside its reading, so that an editor and the loader agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from simulator.domain.fault import FaultKind
from simulator.domain.instant import FASTEST, LONGEST, format_duration, parse_duration, parse_instant
from simulator.domain.rate import parse_rate
from simulator.errors import did_you_mean

_DATE = re.compile(r"\d{4}-\d")


@dataclass(frozen=True, slots=True)
class When:
    """An instant as written: so many microseconds after the scenario's start, or (absolute) since the epoch."""

    micros: int
    absolute: bool = False

    def on(self, start: int) -> int:
        """The virtual instant in a scenario that starts at `start`."""
        return self.micros if self.absolute else start + self.micros


def read_duration(value: Any) -> int:
    """`5m30s` as microseconds."""
    micros = parse_duration(_text(value, "a duration such as 30s, 5m30s or 1.5h"))
    if micros > LONGEST:
        raise ValueError(f'"{value}" is longer than {format_duration(LONGEST)}')
    return micros


def read_span(value: Any) -> int:
    """A duration that is not nothing."""
    micros = read_duration(value)
    if not micros:
        raise ValueError(f'"{value}" has no length; give a span such as 30s or 6h')
    return micros


def read_offset(value: Any) -> int:
    """A duration that may be written with a plus, as instants are: `+30s`."""
    return read_duration(value.strip().removeprefix("+") if isinstance(value, str) else value)


def read_when(value: Any) -> When:
    """`0s`, `+6h`, `2d 3h` after the start, or an absolute instant in ISO 8601."""
    text = _text(value, "an instant such as 0s, +6h, 2d 3h or 2026-03-06T17:00:00Z").strip()
    if _DATE.match(text):
        return When(parse_instant(text), absolute=True)
    if text.startswith("-"):
        raise ValueError(f'"{text}" lies before the start; an instant is written as 0s, +6h or 2026-03-06T17:00:00Z')
    try:
        return When(read_offset(text))
    except ValueError as error:
        raise ValueError(f"{error}; an absolute instant is written as 2026-03-06T17:00:00Z") from None


def read_start(value: Any) -> int:
    """An absolute instant in ISO 8601, UTC where it names no zone."""
    return parse_instant(_text(value, "an instant such as 2026-03-06T17:00:00Z"))


def read_rate(value: Any) -> int:
    """`40/h` as the microseconds between two of them."""
    return parse_rate(_text(value, "a rate such as 40/h or 2/m"))


def read_speed(value: Any) -> str | float:
    """`jump`, `elastic`, or how many times faster than real time."""
    match value:
        case "jump" | "elastic":
            return str(value)
        case int() | float() if value is not True and 0 < value <= FASTEST:
            return float(value)
    hint = did_you_mean(value, ("jump", "elastic")) if isinstance(value, str) else ""
    raise ValueError(f"must be jump, elastic, or a number above 0 and up to {FASTEST:,} such as 1440{hint}")


def read_kind(value: Any) -> FaultKind:
    """The name of a fault."""
    text = _text(value, "the name of a fault")
    if text not in set(FaultKind):
        raise ValueError(f'there is no fault "{text}"{did_you_mean(text, FaultKind)}; there are {", ".join(FaultKind)}')
    return FaultKind(text)


def _text(value: Any, wanted: str) -> str:
    match value:
        case str():
            return value
        case bool():
            raise ValueError(f"must be {wanted}")
        case int() | float():
            raise ValueError(f"{value} has no unit; give {wanted}")
    raise ValueError(f"must be {wanted}")


_SPAN_SCHEMA = {"type": "string", "pattern": r"^\s*(\d+(\.\d+)?\s*(us|ms|s|m|h|d)\s*)+$"}
_OFFSET_SCHEMA = {"type": "string", "pattern": r"^\s*\+?\s*(\d+(\.\d+)?\s*(us|ms|s|m|h|d)\s*)+$"}
_INSTANT_SCHEMA = {"type": "string", "pattern": r"^\s*(\d{4}-\d.*|\+?\s*(\d+(\.\d+)?\s*(us|ms|s|m|h|d)\s*)+)$"}

Duration = Annotated[int, PlainValidator(read_duration), WithJsonSchema(_SPAN_SCHEMA)]
Span = Annotated[int, PlainValidator(read_span), WithJsonSchema(_SPAN_SCHEMA)]
Offset = Annotated[int, PlainValidator(read_offset), WithJsonSchema(_OFFSET_SCHEMA)]
Instant = Annotated[When, PlainValidator(read_when), WithJsonSchema(_INSTANT_SCHEMA)]
AbsoluteInstant = Annotated[int, PlainValidator(read_start), WithJsonSchema({"type": "string"})]
Rate = Annotated[
    int,
    PlainValidator(read_rate),
    WithJsonSchema({"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*/\s*(s|m|h|d)\s*$"}),
]
Speed = Annotated[
    Literal["jump", "elastic"] | float,
    PlainValidator(read_speed),
    WithJsonSchema({"anyOf": [{"enum": ["jump", "elastic"]}, {"type": "number", "exclusiveMinimum": 0}]}),
]
Kind = Annotated[
    FaultKind, PlainValidator(read_kind), WithJsonSchema({"type": "string", "enum": [str(kind) for kind in FaultKind]})
]

Count = Annotated[int, Field(ge=0)]
Number = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Label = Annotated[str, Field(min_length=1, max_length=100)]
EventName = Annotated[str, Field(min_length=1, json_schema_extra={"x-known": "event"})]
ActionName = Annotated[str, Field(min_length=1, json_schema_extra={"x-known": "action"})]
StoryName = Annotated[str, Field(min_length=1, json_schema_extra={"x-known": "story"})]
Attributes = dict[str, str]
