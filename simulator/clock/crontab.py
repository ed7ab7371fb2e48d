"""A crontab line read as crontab reads it, and handed to APScheduler, which reads two things otherwise.

APScheduler counts the days of the week from Monday (crontab: from Sunday, and 7 is Sunday again), and wants
both the day of the month and the day of the week to match where both are given (crontab: either).
"""

import re
from datetime import UTC, datetime

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[1-9]\d*))?", re.ASCII)


def crontab_trigger(expression: str, start: datetime, until: datetime | None) -> BaseTrigger:
    """The instants a five-field crontab line means in UTC, from `start` up to and including `until`.

    Raises ValueError for a line that is not such a line, naming what is wrong with it.
    """
    fields = expression.split()
    if len(fields) != len(FIELDS):
        raise ValueError(
            f"crontab line {expression!r} has {len(fields)} fields; it needs {len(FIELDS)}: {', '.join(FIELDS)}"
        )
    try:
        endless = _trigger(fields, start, None)
        trigger = _trigger(fields, start, until)
    except ValueError as error:
        raise ValueError(f"crontab line {expression!r}: {error}") from error
    if endless.get_next_fire_time(None, start) is None:
        raise ValueError(f"crontab line {expression!r} names a day that never comes")
    return trigger


def _trigger(fields: list[str], start: datetime, until: datetime | None) -> BaseTrigger:
    minute, hour, day, month, weekday = fields

    def matching(day: str, weekday: str) -> CronTrigger:
        return CronTrigger(
            minute=minute,
            hour=hour,
            day=day,
            month=month,
            day_of_week=weekday,
            start_date=start,  # without it the search begins in the scheduler's zone, where all is "now"
            end_date=until,
            timezone=UTC,
        )

    if day.startswith("*") or weekday.startswith("*"):
        return matching(day, _from_monday(weekday))
    return OrTrigger([matching(day, "*"), matching("*", _from_monday(weekday))])


def _from_monday(field: str) -> str:
    """Crontab's days of the week as the list of APScheduler's: `1-5` becomes `0,1,2,3,4`."""
    days = {(day - 1) % 7 for part in field.split(",") for day in _days(part)}
    return ",".join(str(day) for day in sorted(days))


def _days(part: str) -> range:
    """The days, counted from Sunday, that one part of the list means: `*`, `5`, `mon-fri`, `1-5/2`."""
    match = PART.fullmatch(part)
    if not match:
        raise _no_day(part)
    first = _day(match["first"] or "0")
    last = first if match["first"] and not match["step"] else 6
    if match["last"]:
        last = _day(match["last"])
    if last < first:
        last += 7  # `fri-sun`, where Sunday is 0
    return range(first, last + 1, int(match["step"] or 1))


def _day(text: str) -> int:
    name = text.lower()
    if name in DAYS:
        return DAYS.index(name)
    if text.isdecimal() and int(text) <= len(DAYS):
        return int(text)
    raise _no_day(text)


def _no_day(text: str) -> ValueError:
    allowed = f"0-7 (0 and 7 are Sunday) and {', '.join(DAYS)}"
    return ValueError(f"{text!r} is no day of the week; allowed are {allowed}")
