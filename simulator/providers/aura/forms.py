"""The forms that values of AURA's attributes have. In: text. Out: whether it has the form."""

from __future__ import annotations

from collections.abc import Callable

from simulator.domain.instant import parse_duration, parse_instant


def within(most: float) -> Callable[[str], bool]:
    """A number from `-most` to `most`."""

    def fits(text: str) -> bool:
        try:
            return abs(float(text)) <= most  # which what is no number never is
        except ValueError:
            return False

    return fits


def is_time(text: str) -> bool:
    """An instant, or a duration behind a minus sign: so long before the event."""
    try:
        parse_duration(text[1:]) if text.startswith("-") else parse_instant(text)
    except ValueError:
        return False
    return True
