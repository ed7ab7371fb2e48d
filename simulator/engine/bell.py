"""One clock timer at the smallest due instant. When it rings, due deliveries depart.

In: the due index. Out: flights, recorded as on the wire before they leave
(R14). At most `WAVE` depart at one ring and `AIRSPACE` are under way at once, so a herd of retries stays bounded.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock.clock import Clock, Timer
from simulator.domain import order
from simulator.domain.delivery import Rung
from simulator.store.pending import Pending

WAVE = 1024
AIRSPACE = 4 * WAVE

Due = tuple[int, str, Rung]


class Bell:
    """Rings `depart` with what is due, in order of (due instant, delivery)."""

    def __init__(self, clock: Clock, pending: Pending, depart: Callable[[list[Due]], None]) -> None:
        self._clock, self._pending, self._depart = clock, pending, depart
        self._timer: Timer | None = None
        self._room = AIRSPACE
        self.stopped = False
        """Whether nothing departs any more."""

    def arm(self) -> None:
        """Plan the next ring; called whenever the due index may have a new smallest instant."""
        if self.stopped:
            return
        due = self._pending.next_due()
        now = self._clock.now()
        if due is not None and self._stands_at(max(due, now)):
            return
        self._silence()
        if due is None or self._room <= 0:
            return
        if due > now:
            self._plan(due, order.RETRY)
        elif self._clock.next_due() == now or not self._clock.after_ring(self._ring):
            self._plan(now, order.FIRST)

    def landed(self, flights: int) -> None:
        """So many flights are settled: there is room again."""
        self._room += flights
        self.arm()

    def stop(self) -> None:
        """Ring no more."""
        self.stopped = True
        self._silence()

    def _ring(self) -> None:
        self._silence()
        due = self._pending.take_due(self._clock.now(), min(WAVE, self._room))
        self._room -= len(due)
        rest = self._pending.next_due()
        if rest is not None and self._room > 0:
            self._plan(rest, order.RETRY)  # the rest of a herd goes before the events of the same instant
        self._depart(due)

    def _silence(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _stands_at(self, instant: int) -> bool:
        return self._timer is not None and self._timer.pending and self._timer.when == instant

    def _plan(self, due: int, rank: int) -> None:
        self._timer = self._clock.call_at(max(due, self._clock.now()), self._ring, rank)
