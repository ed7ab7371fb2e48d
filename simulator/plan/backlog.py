"""What waits for an attempt, by due instant, and the bell at the smallest of them.

In: deliveries and their rungs. Out: what is due, in order of (due instant, delivery), at most `WAVE` at one ring and
`AIRSPACE` under way at once, as the engine's bell lets it depart. An outage makes herds: all that is due at one instant
lies in one list, which is sorted once when its instant has come, so a retry costs no search in a heap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush

from simulator.domain.delivery import Rung
from simulator.domain.order import FIRST, RETRY
from simulator.plan.foreseen import Foreseen, Listener, Wait, rung_of
from simulator.plan.instants import NEVER, Instants

WAVE = 1024
AIRSPACE = 4 * WAVE


class Backlog:
    """Deliveries that wait, at most one rung each."""

    def __init__(self, instants: Instants) -> None:
        self._instants = instants
        self.depart: Callable[[Sequence[Wait]], int] = len
        """Is given what is due, and tells how many of these attempts are over at once."""

        self._waits: dict[int, list[Wait]] = {}
        self._dues: list[int] = []  # a heap: the keys of `_waits`
        self._sorted: int | None = None  # the instant whose list is in order, the first to depart at its end
        self._room = AIRSPACE
        instants.hang(self._ring)

    def add(self, delivery: Foreseen, rung: Rung) -> None:
        """Wait for this rung; a former one is superseded (R10)."""
        self.wait((delivery.id, rung.number, rung.chain, rung.position, rung.duplicate, rung.due_at, delivery))

    def wait(self, wait: Wait) -> None:
        """The same, for whoever has a rung of this form."""
        wait[6].waiting = wait
        self.waiting_at(wait[5]).append(wait)

    def waiting_at(self, due: int) -> list[Wait]:
        """What waits for this instant: for whoever adds to it, while the instant lies ahead."""
        waits = self._waits.get(due)
        if waits is None:
            waits = self._waits[due] = []
            heappush(self._dues, due)
        elif due == self._sorted:
            self._sorted = None
        return waits

    def drop(self, delivery: Foreseen) -> None:
        """Wait no more for this delivery, if it waited at all."""
        delivery.waiting = None

    def drop_all(self, listener: Listener) -> list[tuple[Foreseen, Rung]]:
        """Wait no more for any delivery of a subscription; what waited, in order of delivery (R6)."""
        dropped = [(one, rung_of(one.waiting)) for one in listener.deliveries if one.waiting]
        for delivery, _ in dropped:
            self.drop(delivery)
        return dropped

    def arm(self) -> None:
        """Move the bell to what is due next; called whenever something else may be the first to be due."""
        due, instants = self._next_due(), self._instants
        if due is None:
            instants.bell = NEVER
            return
        now = instants.now
        rings_at = max(now, due)
        if instants.bell[0] != rings_at:
            instants.bell = NEVER if self._room <= 0 else (due, RETRY) if due > now else (now, FIRST)

    def landed(self, attempts: int) -> None:
        """So many attempts are over: there is room again."""
        self._room += attempts
        self.arm()

    def _ring(self) -> None:
        instants = self._instants
        instants.bell = NEVER
        due = self._take_due(min(self._room, WAVE))
        self._room -= len(due)
        if self._dues and self._dues[0] <= instants.now and self._room > 0 and self._lags():
            instants.bell = (instants.now, RETRY)  # the rest of a herd goes before the events of the same instant
        over = self.depart(due)  # meanwhile others may have landed
        self._room += over
        self.arm()

    def _take_due(self, limit: int) -> list[Wait]:
        """What departs now."""
        taken: list[Wait] = []
        dues, now = self._dues, self._instants.now
        while dues and dues[0] <= now and (room := limit - len(taken)):
            waits = self._waits[dues[0]]
            if len(waits) > room:
                waits = self._split(dues[0], room)
            else:
                del self._waits[heappop(dues)]
                if len(waits) > 1:
                    waits.sort()
            taken += [wait for wait in waits if wait[6].waiting is wait]
        for wait in taken:
            wait[6].waiting = None
        return taken

    def _split(self, due: int, room: int) -> list[Wait]:
        """The first of a herd that is larger than the room there is."""
        waits = self._waits[due]
        if due != self._sorted:
            waits.sort(reverse=True)
            self._sorted = due
        first = waits[: -room - 1 : -1]
        del waits[-room:]
        return first

    def _lags(self) -> bool:
        """Whether something is due now, or was."""
        due = self._next_due()
        return due is not None and due <= self._instants.now

    def _next_due(self) -> int | None:
        """The smallest due instant; what was dropped or superseded is met here and forgotten."""
        dues = self._dues
        while dues:
            waits = self._waits[dues[0]]
            while waits:
                wait = waits[-1]
                if wait[6].waiting is wait:
                    return dues[0]
                waits.pop()
            del self._waits[heappop(dues)]
        return None
