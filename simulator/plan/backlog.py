"""What waits for an attempt, and the bell at the smallest due instant.

In: deliveries and their rungs. Out: what is due, in order of (due instant, delivery), at most `WAVE` at one ring and
`AIRSPACE` under way at once, as the engine's bell lets it depart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from simulator.domain.delivery import Rung
from simulator.domain.order import FIRST, RETRY
from simulator.plan.foreseen import Foreseen, Listener, Wait, rung_of
from simulator.plan.instants import NEVER, Instants, Place
from simulator.plan.waits import Waits

WAVE = 1024
AIRSPACE = 4 * WAVE


class Backlog:
    """Deliveries that wait, at most one rung each."""

    def __init__(self, instants: Instants) -> None:
        self._instants = instants
        self.depart: Callable[[Sequence[Wait]], int] = len
        """Is given what is due, and tells how many of these attempts are over at once."""

        self._waits = Waits()
        self._room = AIRSPACE
        instants.hang(self._ring)

    def add(self, delivery: Foreseen, rung: Rung) -> None:
        """Wait for this rung; a former one is superseded (R10)."""
        self.wait((delivery.id, rung.number, rung.chain, rung.position, rung.duplicate, rung.due_at, delivery))

    def wait(self, wait: Wait) -> None:
        """The same, for whoever has a rung of this form."""
        wait[6].waiting = wait
        self.after(wait[5] - self._instants.now).append(wait)

    def after(self, delay_us: int) -> deque[Wait]:
        """What waits so long from now on: for whoever adds to it at once."""
        return self._waits.after(delay_us, self._instants.now)

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
        due, instants = self._waits.next_due(), self._instants
        if due is None:
            instants.bell = NEVER
        elif instants.bell[0] != max(due, instants.now):
            instants.bell = NEVER if self._room <= 0 else self._place_of(due)

    def _place_of(self, due: int) -> Place:
        now = self._instants.now
        return (due, RETRY) if due > now else (now, FIRST)

    def landed(self, attempts: int) -> None:
        """So many attempts are over: there is room again."""
        self._room += attempts
        self.arm()

    def _ring(self) -> None:
        instants = self._instants
        instants.bell = NEVER
        due = self._waits.take(instants.now, min(self._room, WAVE))
        self._room -= len(due)
        if len(due) == WAVE and self._room > 0 and self._lags():
            instants.bell = (instants.now, RETRY)  # the rest of a herd goes before the events of the same instant
        over = self.depart(due)  # meanwhile others may have landed
        self._room += over
        self.arm()

    def _lags(self) -> bool:
        """Whether something is due now, or was."""
        due = self._waits.next_due()
        return due is not None and due <= self._instants.now
