"""The time of a plan: what happens when, one instant strictly after the other.

In: instants and functions. Out: each function run at its instant. No real time passes and nothing waits, so a year
costs what happens in it. Beside the heap of what was planned hangs one bell that is moved with nearly every attempt:
to move it costs an assignment. Knows nothing of what is run.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count

from simulator.domain.order import CHANGE

Place = tuple[int, int]
"""An instant and a rank in it."""

NEVER: Place = (1 << 62, CHANGE)


class Instants:
    """Stands at `now`, an instant in virtual microseconds; `run` walks through everything that is to happen."""

    def __init__(self, start: int) -> None:
        self.now = start
        self.bell: Place = NEVER
        """Where the bell rings next, of its own rank; whoever hung it moves it."""

        self._ring: Callable[[], None] = lambda: None
        self._planned: list[tuple[int, int, int, Callable[[], None]]] = []
        self._numbers = count()
        self._cancelled: set[int] = set()

    def hang(self, ring: Callable[[], None]) -> None:
        """`ring` is what the bell does: it moves the bell on, or it would ring for ever."""
        self._ring = ring

    def at(self, when: int, rank: int, happen: Callable[[], None]) -> int:
        """`happen` at this instant, the smaller rank first, then first in, first out (R13). A number, to cancel it."""
        number = next(self._numbers)
        heappush(self._planned, (max(when, self.now), rank, number, happen))
        return number

    def alone_until(self, rank: int) -> int:
        """The last instant at which what has this rank comes before everything that is planned."""
        if not self._planned:
            return NEVER[0] - 1
        when, other, *_ = self._planned[0]
        return when if rank < other else when - 1

    def cancel(self, number: int) -> None:
        """What has not happened yet will not happen."""
        self._cancelled.add(number)

    def run(self) -> None:
        """Until nothing is to happen any more."""
        planned = self._planned
        while planned or self.bell is not NEVER:
            if planned and planned[0] < self.bell:
                when, _, number, happen = heappop(planned)
                if number in self._cancelled:
                    self._cancelled.discard(number)
                    continue
                self.now = when
                happen()
            else:
                self.now = self.bell[0]
                self._ring()
