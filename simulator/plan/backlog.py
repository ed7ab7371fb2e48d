"""What waits for an attempt, and the one timer at the smallest due instant.

In: deliveries and their rungs. Out: what is due, in order of (due instant, delivery), at most `WAVE` at one ring and
`AIRSPACE` under way at once, as the engine's bell lets it depart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from itertools import count

from simulator.clock.timers import Timer
from simulator.domain.delivery import Rung
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.instants import FIRST, RETRY, Instants

WAVE = 1024
AIRSPACE = 4 * WAVE

Due = tuple[Foreseen, Rung]


class Backlog:
    """Deliveries that wait, at most one rung each; `depart` is given what is due."""

    def __init__(self, instants: Instants, depart: Callable[[Sequence[Due]], None]) -> None:
        self._instants, self._depart = instants, depart
        self._heap: list[tuple[int, int, int, Foreseen, Rung]] = []
        self._entries = count()
        self._timer: Timer | None = None
        self._room = AIRSPACE

    def add(self, delivery: Foreseen, rung: Rung) -> None:
        """Wait for this rung; a former one is superseded (R10)."""
        delivery.waiting = rung
        delivery.to.waiting[delivery.id] = delivery
        heappush(self._heap, (rung.due_at, delivery.id, next(self._entries), delivery, rung))

    def drop(self, delivery: Foreseen) -> None:
        """Wait no more for this delivery, if it waited at all."""
        if delivery.waiting:
            delivery.waiting = None
            del delivery.to.waiting[delivery.id]

    def drop_all(self, listener: Listener) -> list[Due]:
        """Wait no more for any delivery of a subscription; what waited, in order of delivery (R6)."""
        dropped = [(one, one.waiting) for _, one in sorted(listener.waiting.items())]
        for delivery, _ in dropped:
            self.drop(delivery)
        return [(delivery, rung) for delivery, rung in dropped if rung]

    def arm(self) -> None:
        """Plan the next ring; called whenever something else may be the first to be due."""
        due = self._next_due()
        now = self._instants.now
        if due is not None and self._stands_at(max(due, now)):
            return
        self._silence()
        if due is not None and self._room > 0:
            self._plan(due, RETRY if due > now else FIRST)

    def landed(self, attempts: int) -> None:
        """So many attempts are over: there is room again."""
        self._room += attempts
        self.arm()

    def _ring(self) -> None:
        self._timer = None
        due = self._take_due(min(WAVE, self._room))
        self._room -= len(due)
        rest = self._next_due()
        if rest is not None and self._room > 0:
            self._plan(rest, RETRY)  # the rest of a herd goes before the events of the same instant
        self._depart(due)

    def _take_due(self, limit: int) -> list[Due]:
        taken: list[Due] = []
        while len(taken) < limit:
            due = self._next_due()
            if due is None or due > self._instants.now:
                break
            delivery, rung = heappop(self._heap)[3:]
            self.drop(delivery)
            taken.append((delivery, rung))
        return taken

    def _next_due(self) -> int | None:
        """The smallest due instant; entries that were dropped or superseded are met here and forgotten."""
        heap = self._heap
        while heap and heap[0][3].waiting is not heap[0][4]:
            heappop(heap)
        return heap[0][0] if heap else None

    def _stands_at(self, instant: int) -> bool:
        return self._timer is not None and self._timer.when == instant

    def _plan(self, due: int, rank: int) -> None:
        self._timer = self._instants.at(due, rank, self._ring)

    def _silence(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
