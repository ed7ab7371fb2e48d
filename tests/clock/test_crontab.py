"""`clock/crontab`: a crontab line means what crontab means by it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock.crontab import crontab_trigger

START = datetime(2026, 3, 6, 17, 0, 0, 500_000, tzinfo=UTC)  # a Friday, half a second past the hour


def instants(expression: str, count: int, start: datetime = START, until: datetime | None = None) -> list[datetime]:
    trigger = crontab_trigger(expression, start, until)
    found: list[datetime] = []
    while len(found) < count and (following := trigger.get_next_fire_time(found[-1] if found else None, start)):
        found.append(following)
        start = following
    return found


def written(found: list[datetime]) -> list[str]:
    return [f"{instant:%a %m-%d %H:%M}" for instant in found]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 9 * * 1-5", ["Mon 03-09 09:00", "Tue 03-10 09:00", "Wed 03-11 09:00"]),
        ("0 9 * * 0", ["Sun 03-08 09:00", "Sun 03-15 09:00"]),
        ("0 9 * * 7", ["Sun 03-08 09:00", "Sun 03-15 09:00"]),
        ("0 9 * * sun,Wed", ["Sun 03-08 09:00", "Wed 03-11 09:00"]),
        ("0 9 * * fri-sun", ["Sat 03-07 09:00", "Sun 03-08 09:00", "Fri 03-13 09:00"]),
        ("0 9 * * 5-7", ["Sat 03-07 09:00", "Sun 03-08 09:00", "Fri 03-13 09:00"]),
        ("0 9 * * 1-5/2", ["Mon 03-09 09:00", "Wed 03-11 09:00", "Fri 03-13 09:00"]),
        ("0 9 * * */3", ["Sat 03-07 09:00", "Sun 03-08 09:00", "Wed 03-11 09:00", "Sat 03-14 09:00"]),
        ("*/20 * * * *", ["Fri 03-06 17:20", "Fri 03-06 17:40", "Fri 03-06 18:00"]),
        ("0 17 * * *", ["Sat 03-07 17:00"]),
        ("0 0 1 jan,apr *", ["Wed 04-01 00:00", "Fri 01-01 00:00"]),
        ("0 0 10 * 1", ["Mon 03-09 00:00", "Tue 03-10 00:00", "Mon 03-16 00:00"]),
        ("0 0 */10 * 1", ["Mon 05-11 00:00", "Mon 06-01 00:00"]),
    ],
)
def test_a_line_names_its_instants(expression: str, expected: list[str]) -> None:
    assert written(instants(expression, len(expected))) == expected


def test_the_first_instant_is_on_the_minute_even_where_the_clock_is_not() -> None:
    assert instants("* * * * *", 1) == [datetime(2026, 3, 6, 17, 1, tzinfo=UTC)]


def test_an_instant_that_is_the_present_one_counts() -> None:
    noon = datetime(2026, 3, 6, 12, tzinfo=UTC)
    assert instants("0 12 * * *", 2, noon) == [noon, noon + timedelta(days=1)]


def test_the_end_is_inclusive() -> None:
    until = datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert written(instants("0 9 * * 1-5", 10, until=until)) == ["Mon 03-09 09:00", "Tue 03-10 09:00"]
    assert written(instants("0 9 * * 1-5", 10, until=until - timedelta(microseconds=1))) == ["Mon 03-09 09:00"]


def days_of_the_week() -> st.SearchStrategy[str]:
    single = st.integers(0, 7).map(str)
    span = st.tuples(st.integers(0, 7), st.integers(0, 7)).map(sorted).map(lambda pair: f"{pair[0]}-{pair[1]}")
    return st.one_of(st.just("*"), st.lists(st.one_of(single, span), min_size=1, max_size=3).map(",".join))


def means(field: str, value: int) -> bool:
    if field == "*":
        return True
    spans = [part.split("-") for part in field.split(",")]
    return any(int(span[0]) <= value <= int(span[-1]) for span in spans)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.one_of(st.just("*"), st.integers(1, 28).map(str)), days_of_the_week())
def test_days_are_those_the_crontab_manual_names(day: str, weekday: str) -> None:
    """Day by day, by the manual: Sunday is 0 and 7, and of two restricted day fields either is enough."""

    def named(date: datetime) -> bool:
        in_month = means(day, date.day)
        in_week = any(means(weekday, number) for number in {date.isoweekday(), date.isoweekday() % 7})
        return in_month or in_week if "*" not in (day, weekday) else in_month and in_week

    start = datetime(2026, 3, 1, tzinfo=UTC)
    calendar = [start + timedelta(days=number) for number in range(75)]
    expected = [date for date in calendar if named(date)]
    assert instants(f"0 0 {day} * {weekday}", len(expected), start) == expected


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("0 9 * *", "has 4 fields; it needs 5: minute, hour, day of the month, month, day of the week"),
        ("@daily", "has 1 fields"),
        ("61 * * * *", "61"),
        ("x * * * *", 'Unrecognized expression "x" for field "minute"'),
        ("* * * * 8", "'8' is no day of the week; allowed are 0-7 (0 and 7 are Sunday) and sun, mon"),
        ("* * * * 12", "'12' is no day of the week"),
        ("* * * * mon-xx", "'xx' is no day of the week"),
        ("* * * * 1-5-6", "'1-5-6' is no day of the week"),
        ("* * * * */0", "'*/0' is no day of the week"),
        ("0 0 30 2 *", "names a day that never comes"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(expression: str, fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"crontab line {expression!r}") + ".*" + re.escape(fault)):
        crontab_trigger(expression, START, None)
