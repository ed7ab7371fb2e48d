"""The time of a plan: what happens when, one instant strictly after the other.

In: instants and functions. Out: each function run at its instant. No real time passes and nothing waits, so a year
costs what happens in it. Knows nothing of what is run.
"""

from __future__ import annotations

from collections.abc import Callable

from simulator.clock.timers import Timer, TimerQueue

# What comes first at one instant (R13): the same ranks in which the engine sets its timers.
CHANGE = 0
OUTCOME = 1
RETRY = 2
EVENT = 3
FIRST = 4


class Instants:
    """Stands at `now`, an instant in virtual microseconds; `run` walks through everything that is to happen."""

    def __init__(self, start: int) -> None:
        self.now = start
        self._queue = TimerQueue()

    def at(self, when: int, rank: int, happen: Callable[[], None]) -> Timer:
        """`happen` at this instant, the smaller rank first, then first in, first out (R13)."""
        return self._queue.push(max(when, self.now), rank, happen)

    def run(self) -> None:
        """Until nothing is to happen any more."""
        queue = self._queue
        while timer := queue.head():
            queue.pop()
            self.now = timer.when
            timer.ring()
