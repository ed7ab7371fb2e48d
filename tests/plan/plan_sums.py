"""What an outage costs, worked out by hand from the ladder alone: for tests to hold the figures against."""

from __future__ import annotations

LADDER = (0, 30, 330, 2_130, 12_930, 84_930)  # R3: seconds after the event, where attempts fail at once


def lateness(since_event: int) -> int:
    """How late an event is delivered whose receiver is back so many seconds after it."""
    return next(rung for rung in LADDER if rung >= since_event)


def attempts(since_event: int) -> int:
    """How many attempts that takes."""
    return LADDER.index(lateness(since_event)) + 1


def within(ascending: list[int], percent: int) -> int:
    """The least value that so many percent of all do not exceed: the definition of the nearest rank."""
    return next(
        value for value in ascending if sum(one <= value for one in ascending) * 100 >= percent * len(ascending)
    )
