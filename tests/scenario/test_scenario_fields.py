"""Instants, spans and rates as people write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, HOUR, LAST_INSTANT, MINUTE, SECOND, format_duration, format_instant
from simulator.scenario.fields import (
    LONGEST,
    When,
    read_duration,
    read_kind,
    read_offset,
    read_rate,
    read_span,
    read_speed,
    read_start,
    read_when,
)

STEADY = settings(deadline=None, derandomize=True)
START = 1_000 * DAY


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("0s", START),
        ("+6h", START + 6 * HOUR),
        ("6h", START + 6 * HOUR),
        ("2d 3h", START + 2 * DAY + 3 * HOUR),
        (" + 30s", START + 30 * SECOND),
        ("1970-01-02", DAY),
        ("1970-01-02T00:00:00Z", DAY),
        ("1970-01-02T01:00:00+01:00", DAY),
    ],
)
def test_an_instant_is_an_offset_from_the_start_or_stands_on_the_calendar(text: str, instant: int) -> None:
    assert read_when(text).on(START) == instant


@STEADY
@given(st.integers(0, LONGEST))
def test_every_offset_can_be_written(micros: int) -> None:
    assert read_when(f"+{format_duration(micros)}") == When(micros)


@STEADY
@given(st.integers(0, LAST_INSTANT - 1))
def test_every_instant_can_be_written(instant: int) -> None:
    assert read_when(format_instant(instant)).on(START) == instant == read_start(format_instant(instant))


@pytest.mark.parametrize(
    ("text", "interval_us"),
    [("40/h", 90 * SECOND), ("4 / h", 15 * MINUTE), ("0.5/s", 2 * SECOND), ("1/d", DAY), ("7/m", 8_571_428)],
)
def test_a_rate_is_the_time_between_two(text: str, interval_us: int) -> None:
    assert read_rate(text) == interval_us


@pytest.mark.parametrize(("value", "speed"), [("jump", "jump"), ("elastic", "elastic"), (1440, 1440.0), (0.5, 0.5)])
def test_a_speed_is_a_word_or_a_number(value: object, speed: object) -> None:
    assert read_speed(value) == speed


def test_a_fault_is_known_by_its_name() -> None:
    assert [read_kind(str(kind)) for kind in FaultKind] == [*FaultKind]


REFUSED: list[tuple[Callable[[Any], object], object, str]] = [
    (read_when, 0, "0 has no unit; give an instant such as 0s, +6h, 2d 3h or 2026-03-06T17:00:00Z"),
    (read_when, True, "must be an instant such as 0s, +6h"),
    (read_when, None, "must be an instant such as 0s, +6h"),
    (read_when, "-1h", '"-1h" lies before the start'),
    (read_when, "soon", '"soon" is not a duration; write it as 30s, 5m30s, 1.5h or "2d 3h"; an absolute instant is'),
    (read_when, "2026-13-01", '"2026-13-01" is not an instant'),
    (read_when, "1969-12-31", "lies outside the years 1970 to 2099"),
    (read_when, "4000d", '"4000d" is longer than 3650d'),
    (read_duration, 5, "5 has no unit; give a duration such as 30s, 5m30s or 1.5h"),
    (read_duration, ["5s"], "must be a duration such as 30s"),
    (read_duration, "5 minutes", '"5 minutes" is not a duration'),
    (read_duration, "1:30", '"1:30" is not a duration'),
    (read_span, "0s", '"0s" has no length; give a span such as 30s or 6h'),
    (read_offset, "-5s", '"-5s" is not a duration'),
    (read_start, "+1h", '"+1h" is not an instant; write it as 2026-03-06T17:00:00Z'),
    (read_rate, 40, "40 has no unit; give a rate such as 40/h or 2/m"),
    (read_rate, "40 per hour", '"40 per hour" is not a rate; write it as 40/h'),
    (read_rate, "0/h", '"0/h" never comes; write it as 40/h, or leave it out'),
    (read_speed, "jmup", r'must be jump, elastic, or a number above 0 .* \(did you mean "jump"\?\)'),
    (read_speed, 0, "a number above 0"),
    (read_speed, True, "a number above 0"),
    (read_speed, [], "a number above 0"),
    (read_kind, "refus", r'there is no fault "refus" \(did you mean "refuse"\?\); there are refuse, dns'),
]


@pytest.mark.parametrize(("read", "value", "sentence"), REFUSED)
def test_what_cannot_be_read_is_refused_with_what_can(
    read: Callable[[Any], object], value: object, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence.replace("+", r"\+")):
        read(value)
