"""What the options of `aurora-sim plan` are made of: outages, rates, mixes and faults, written as text.

In: text of the command line. Out: values, or one sentence that says what is allowed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, LONGEST, format_duration, parse_duration
from simulator.domain.outcome import Kind, kind_of_status
from simulator.domain.rate import parse_rate

DEFAULT_OFFSET = DAY  # by then there is a history of successes, as in real life

_STATUS = re.compile(r"[1-5][0-9][0-9]", re.ASCII)
_FAILING = (
    FaultKind.REFUSE,
    FaultKind.TIMEOUT,
    FaultKind.DNS,
    FaultKind.TLS,
    FaultKind.RESET,
    FaultKind.REDIRECT,
    FaultKind.MALFORMED,
)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Outage:
    """So long, from so long after the start."""

    length_us: int
    offset_us: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How often, as it was written and as the time between two."""

    text: str
    interval_us: int


@dataclass(frozen=True, slots=True)
class Failure:
    """What an attempt meets during an outage; `status` counts where the kind is a status."""

    kind: FaultKind
    status: int = 503


def reading(parse: Callable[[str], Value]) -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback of click's that reads the value, or each of several, and refuses what `parse` cannot read."""

    def read(context: click.Context, parameter: click.Parameter, given: Any) -> Any:
        try:
            if isinstance(given, tuple):
                return tuple(map(parse, given))
            return None if given is None else parse(given)
        except ValueError as error:
            raise click.BadParameter(str(error), context, parameter) from None

    return read


def parse_span(text: str) -> int:
    """A duration that is not nothing, and not longer than ten years."""
    micros = parse_duration(text)
    if not 0 < micros <= LONGEST:
        raise ValueError(f'"{text}" must be longer than nothing and at most {format_duration(LONGEST)}')
    return micros


def parse_outage(text: str) -> Outage:
    """`6h`, a day after the start, or `6h@2d12h`: so long, so long after the start."""
    length, at, offset = text.partition("@")
    if at and not offset.strip():
        raise ValueError(f'"{text}" does not say when; write 6h@2d for six hours, two days after the start')
    return Outage(parse_span(length), parse_duration(offset) if at else DEFAULT_OFFSET)


def read_rate(text: str) -> Rate:
    """`40/h` as the time between two, and as it was written."""
    return Rate(text.strip(), parse_rate(text))


def parse_mix(text: str) -> Mapping[str, float]:
    """`project_created=3,lead_changed` as weights; 1 where none is given."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        event, _, weight = (piece.strip() for piece in part.partition("="))
        if not event or event in weights:
            raise ValueError(
                f'"{text}" names {"no event" if not event else f"{event} twice"}; write EVENT=WEIGHT,EVENT'
            )
        weights[event] = _parse_weight(weight or "1")
    return weights


def parse_failure(text: str) -> Failure:
    """The name of a fault under which attempts fail, or a status that is no success."""
    if _STATUS.fullmatch(text) and kind_of_status(int(text)) is not Kind.SUCCESS:
        return Failure(FaultKind.STATUS, int(text))
    if text not in _FAILING:
        raise ValueError(f'"{text}" is no outage; give a status such as 503, or one of {", ".join(_FAILING)}')
    return Failure(FaultKind(text))


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _parse_weight(text: str) -> float:
    weight = _number(text)
    if isinstance(weight, str) or not 0 < weight < 1e9:  # noqa: PLR2004 - also keeps out what is no number
        raise ValueError(f'"{text}" is not a weight; it is a number above 0')
    return weight
