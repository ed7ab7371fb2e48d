"""Beats that come again and again: every so often, or by a crontab line.

In: instants in ascending order and a function for each. Out: the function called at each of its instants. One timer
serves all of them, set anew before beats are called, as the engine's agenda keeps it: so beats, single events and
steps of stories that share an instant come in the same order there and here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from heapq import heappop, heappush, heapreplace
from itertools import count

from simulator.domain.instant import EPOCH, to_datetime
from simulator.domain.order import EVENT
from simulator.plan.instants import Instants

Beat = Callable[[int], None]


class Cadences:
    """Cadences that are under way; those of one instant beat in the order in which they were begun."""

    def __init__(self, instants: Instants) -> None:
        self._instants = instants
        self._entries: list[tuple[int, int, Iterator[int], Beat, Iterator[int]]] = []
        self._numbers = count()
        self._planned: int | None = None

    def every(self, interval_us: int, beat: Beat, *, since: int, until: int) -> None:
        """`beat(n)` from `since` on, every `interval_us`, before `until`."""
        self._begin(iter(range(since, until, interval_us)), beat)

    def cron(self, line: str, beat: Beat, *, since: int, until: int) -> None:
        """`beat(n)` at the instants of a crontab line (UTC) within [since, until)."""
        self._begin(iter((since,)), lambda _: self._begin(_crontab(line, since, until), beat))

    def _begin(self, instants: Iterator[int], beat: Beat) -> None:
        first = next(instants, None)
        if first is not None:
            heappush(self._entries, (first, next(self._numbers), instants, beat, count()))
            self._plan()

    def _ring(self) -> None:
        self._planned = None
        due, entries, now = [], self._entries, self._instants.now
        while entries and entries[0][0] <= now:
            _, number, instants, beat, beats = entries[0]
            due.append((beat, beats))
            following = next(instants, None)
            if following is None:
                heappop(entries)
            else:
                heapreplace(entries, (following, number, instants, beat, beats))
        self._plan()
        for beat, beats in due:
            beat(next(beats))

    def _plan(self) -> None:
        if self._planned is not None:
            self._instants.cancel(self._planned)
            self._planned = None
        if self._entries:
            self._planned = self._instants.at(self._entries[0][0], EVENT, self._ring)


def _crontab(line: str, since: int, until: int) -> Iterator[int]:
    from simulator.clock.crontab import crontab_trigger  # noqa: PLC0415 - loads APScheduler, for such lines alone

    now = to_datetime(since)
    trigger = crontab_trigger(line, now, to_datetime(until - 1))
    at = trigger.get_next_fire_time(None, now)
    while at is not None:
        yield (at - EPOCH) // timedelta(microseconds=1)
        at = trigger.get_next_fire_time(at, at)
