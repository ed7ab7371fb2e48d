"""`domain/instant`: virtual instants and durations as text, exact to the microsecond."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.instant import (
    DAY,
    HOUR,
    LAST_INSTANT,
    MILLISECOND,
    MINUTE,
    SECOND,
    format_clock,
    format_duration,
    format_instant,
    format_utc,
    parse_duration,
    parse_instant,
    to_datetime,
)

SATURDAY_NIGHT = 1_772_924_652 * SECOND  # 2026-03-07 23:04:12 UTC

durations = st.integers(0, 400 * DAY)
instants = st.integers(0, LAST_INSTANT - 1)


@pytest.mark.parametrize(
    ("text", "micros"),
    [
        ("0s", 0),
        ("30s", 30 * SECOND),
        ("5m30s", 5 * MINUTE + 30 * SECOND),
        ("2d 3h", 2 * DAY + 3 * HOUR),
        (" 1h  1m ", HOUR + MINUTE),
        ("1.5h", 90 * MINUTE),
        ("0.25s", 250 * MILLISECOND),
        ("0.000001s", 1),
        ("5ms", 5 * MILLISECOND),
        ("7us", 7),
        ("5m 5ms", 5 * MINUTE + 5 * MILLISECOND),
        ("90m", 90 * MINUTE),
        ("30s 30s", MINUTE),
    ],
)
def test_a_duration_is_read_as_it_is_written(text: str, micros: int) -> None:
    assert parse_duration(text) == micros


@pytest.mark.parametrize(
    "text", ["", " ", "30", "s", "-30s", "+30s", "1,5h", "1.h", ".5h", "5 m 3x", "1w", "1.0000001s", "1e3s", "3H", "٣s"]
)
def test_what_is_no_duration_is_refused_with_examples_of_what_is(text: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; write it as 30s, 5m30s"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0s"),
        (1, "0.000001s"),
        (30 * SECOND, "30s"),
        (330 * SECOND, "5m 30s"),
        (84_930 * SECOND, "23h 35m 30s"),
        (2 * DAY, "2d"),
        (DAY + 1, "1d 0.000001s"),
        (-90 * SECOND, "-1m 30s"),
    ],
)
def test_a_duration_is_written_in_the_units_a_person_wants(micros: int, text: str) -> None:
    assert format_duration(micros) == text


@given(durations)
def test_a_duration_survives_being_written_and_read(micros: int) -> None:
    assert parse_duration(format_duration(micros)) == micros


@given(st.integers(0, 10**6), st.integers(0, 10**6 - 1), st.sampled_from([("s", SECOND), ("h", HOUR), ("d", DAY)]))
def test_a_fraction_of_a_unit_is_exact(whole: int, fraction: int, unit: tuple[str, int]) -> None:
    name, size = unit
    assert parse_duration(f"{whole}.{fraction:06}{name}") == whole * size + fraction * size // 10**6


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-06T17:00:00Z", datetime(2026, 3, 6, 17, tzinfo=UTC)),
        ("2026-03-06 17:00", datetime(2026, 3, 6, 17, tzinfo=UTC)),
        ("2026-03-06", datetime(2026, 3, 6, tzinfo=UTC)),
        ("2026-03-06T18:00:00+01:00", datetime(2026, 3, 6, 17, tzinfo=UTC)),
        (" 2026-03-06T17:00:00.000001Z\n", datetime(2026, 3, 6, 17, 0, 0, 1, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_its_zone_or_else_in_utc(text: str, moment: datetime) -> None:
    assert parse_instant(text) * timedelta(microseconds=1) == moment - datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "now", "17:00", "2026-13-01", "2026-02-30T00:00:00Z", "1772820000", "06/03/2026"])
def test_what_is_no_instant_is_refused_with_an_example_of_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not an instant; write it as 2026-03-06T17:00:00Z"):
        parse_instant(text)


@pytest.mark.parametrize(
    "text", ["1969-12-31T23:59:59Z", "1970-01-01T00:00:00+00:01", "2100-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_an_instant_out_of_range_is_refused_with_the_range(text: str) -> None:
    with pytest.raises(ValueError, match="lies outside the years 1970 to 2099"):
        parse_instant(text)


@given(instants)
def test_an_instant_survives_being_written_and_read(instant: int) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(instants)
def test_an_instant_is_the_same_moment_as_its_datetime(instant: int) -> None:
    assert (to_datetime(instant) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) == instant


def test_an_instant_is_written_without_a_fraction_where_there_is_none() -> None:
    assert format_instant(SATURDAY_NIGHT) == "2026-03-07T23:04:12Z"
    assert format_instant(SATURDAY_NIGHT + 1) == "2026-03-07T23:04:12.000001Z"


def test_timestamps_are_written_as_the_provider_writes_them() -> None:
    """S6."""
    assert format_utc(SATURDAY_NIGHT) == "2026-03-07 23:04:12 UTC"


def test_people_see_the_day_of_the_week() -> None:
    assert format_clock(SATURDAY_NIGHT) == "Sat 07 Mar 23:04:12"
