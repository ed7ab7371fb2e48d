"""What waits for an attempt, and the bell at the smallest due instant.

In: deliveries and their rungs. Out: what is due, in order of (due instant, delivery), at most `WAVE` of an instant at
one ring and `AIRSPACE` under way at once, as the engine's bell lets it depart. As long as nothing planned comes
between, one ring goes on from instant to instant.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence

from simulator.domain.delivery import Rung
from simulator.domain.order import FIRST, RETRY
from simulator.plan.foreseen import Foreseen, Listener, Wait
from simulator.plan.instants import NEVER, Instants
from simulator.plan.waits import Waits

WAVE = 1024
AIRSPACE = 4 * WAVE


class Backlog:
    """Deliveries that wait, at most one rung each."""

    def __init__(self, instants: Instants) -> None:
        self._instants = instants
        self.send: Callable[[Iterator[Wait]], Wait | None] = lambda due: next(due, None)
        """Attempts that are over at once: it takes what is due as far as that goes, and returns what does not."""

        self.depart: Callable[[Sequence[Wait]], None] = lambda due: self.landed(len(due))
        """All others of one ring; `landed` is told when they are over."""

        self._waits = Waits()
        self.queues = self._waits.queues
        """What waits, by delay, for whoever adds to it at once; where there is no queue, `after` begins it."""

        self._room = AIRSPACE
        instants.hang(self._ring)

    def begin(self, delivery: Foreseen) -> None:
        """Its first attempt is due now, after the events of this instant."""
        instants = self._instants
        now = instants.now
        delivery.waiting = now
        (self.queues.get(0) or self.after(0)).append((now, delivery))
        if instants.bell[0] > now and self._room > 0:
            instants.bell = (now, FIRST)

    def add(self, delivery: Foreseen, rung: Rung) -> None:
        """Wait for this rung; a former one is superseded (R10)."""
        delivery.waits_for(rung)
        self.after(rung.due_at - self._instants.now).append((rung.due_at, delivery))

    def after(self, delay_us: int) -> deque[Wait]:
        """What waits so long from now on."""
        return self._waits.after(delay_us, self._instants.now)

    def drop(self, delivery: Foreseen) -> None:
        """Wait no more for this delivery, if it waited at all."""
        delivery.waiting = None

    def drop_all(self, listener: Listener) -> list[tuple[Foreseen, Rung]]:
        """Wait no more for any delivery of a subscription; what waited, in order of delivery (R6)."""
        dropped = [(one, one.rung(one.waiting)) for one in listener.deliveries if one.waiting is not None]
        for delivery, _ in dropped:
            self.drop(delivery)
        return dropped

    def arm(self) -> None:
        """Move the bell to what is due next; called whenever something else may be the first to be due."""
        due, instants = self._waits.next_due(), self._instants
        if due is None or self._room <= 0:
            instants.bell = NEVER
        elif due > instants.now:
            instants.bell = (due, RETRY)
        elif instants.bell[0] != instants.now:
            instants.bell = (instants.now, FIRST)

    def landed(self, attempts: int) -> None:
        """So many attempts are over: there is room again."""
        self._room += attempts
        self.arm()

    def _ring(self) -> None:
        instants = self._instants
        instants.bell = NEVER
        if self._room < WAVE or self._waits.late(instants.now):
            self._ring_once()
        else:
            self._ring_on()
        self.arm()

    def _ring_on(self) -> None:
        """One instant after the other, as long as nothing planned comes between."""
        waits = self._waits
        odd = self.send(waits.in_turn(self._instants.alone_until(RETRY), WAVE))
        if odd:
            due_at, delivery = odd
            self._instants.now, delivery.waiting = due_at, None
            self._depart([odd, *waits.take(due_at, WAVE - 1)])
        elif waits.herd_due is not None:
            self._instants.bell = (waits.herd_due, RETRY)

    def _ring_once(self) -> None:
        instants = self._instants
        wave = self._waits.take(instants.now, min(self._room, WAVE))
        if len(wave) == WAVE < self._room and self._lags():
            instants.bell = (instants.now, RETRY)  # the rest of a herd goes before the events of the same instant
        due = iter(wave)
        odd = self.send(due)
        if odd:
            self._depart([odd, *due])

    def _depart(self, due: Sequence[Wait]) -> None:
        self._room -= len(due)
        self.depart(due)

    def _lags(self) -> bool:
        """Whether something is due now, or was."""
        due = self._waits.next_due()
        return due is not None and due <= self._instants.now
