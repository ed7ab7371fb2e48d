"""Virtual instants and durations as text.

An instant is an integer count of virtual microseconds since the Unix epoch; a duration is a count of
virtual microseconds. Floats never enter: they drift and break ties.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

MICROSECOND = 1
MILLISECOND = 1_000
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

UNITS = {"us": MICROSECOND, "ms": MILLISECOND, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FASTEST = 1_000_000  # virtual seconds in a real one: eleven days; who wants more wants to jump
LONGEST = 3650 * DAY  # of all durations that people write: ten years
LAST_INSTANT = 4102444800 * SECOND  # the year 2100: a bound that keeps arithmetic and calendars sane

_PART = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?\s*(us|ms|s|m|h|d)\s*", re.ASCII)


def parse_duration(text: str) -> int:
    """`5m30s`, `2d 3h`, `1.5h`, `0s` as microseconds.

    Raises ValueError with a sentence that says what is allowed.
    """
    total, at = 0, 0
    stripped = text.strip()
    while part := _PART.match(stripped, at):
        whole, fraction, unit = part.groups()
        total += int(whole) * UNITS[unit] + (int(fraction.ljust(6, "0")) * UNITS[unit] // SECOND if fraction else 0)
        at = part.end()
    if at == 0 or at != len(stripped):
        raise ValueError(f'"{text}" is not a duration; write it as 30s, 5m30s, 1.5h or "2d 3h"')
    return total


def format_duration(micros: int) -> str:
    """`84930000000` as `23h 35m 30s`: the two or three units a person wants, exact to the microsecond."""
    if micros < 0:
        return "-" + format_duration(-micros)
    parts = []
    for unit, size in (("d", DAY), ("h", HOUR), ("m", MINUTE)):
        count, micros = divmod(micros, size)
        if count:
            parts.append(f"{count}{unit}")
    if micros or not parts:
        parts.append(f"{micros / SECOND:.6f}".rstrip("0").rstrip(".") + "s")
    return " ".join(parts)


def parse_instant(text: str) -> int:
    """An absolute instant in ISO 8601; without a zone it is UTC.

    Raises ValueError with a sentence that says what is allowed.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'"{text}" is not an instant; write it as 2026-03-06T17:00:00Z') from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    instant = (moment - EPOCH) // timedelta(microseconds=1)
    if not 0 <= instant < LAST_INSTANT:
        raise ValueError(f'"{text}" lies outside the years 1970 to 2099')
    return instant


def to_datetime(instant: int) -> datetime:
    """The instant as an aware UTC datetime."""
    return EPOCH + timedelta(microseconds=instant)


def format_instant(instant: int) -> str:
    """ISO 8601 in UTC; the fraction is left out where it is zero."""
    return to_datetime(instant).isoformat().replace("+00:00", "Z")


def format_clock(instant: int) -> str:
    """For people: `Sat 07 Mar 23:04:12`."""
    return to_datetime(instant).strftime("%a %d %b %H:%M:%S")


def format_day(instant: int) -> str:
    """For narrow tables: `07 Mar 23:04:12`."""
    return to_datetime(instant).strftime("%d %b %H:%M:%S")


def format_utc(instant: int) -> str:
    """As the provider writes timestamps: `2026-03-07 23:04:12 UTC` (S6)."""
    return to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S UTC")
