"""Timers, sorted: by instant, then by order, then first in, first out.

In go instants (integer virtual microseconds) and functions; out comes the timer that is next. A cancelled
timer stays in the heap until it is met or until too many have gathered, so that cancelling costs next to
nothing. Does not know what time it is.
"""

from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count

FEW = 64  # a heap this small is not worth sweeping


class Timer:
    """Something to be run once, at the virtual instant `when`, unless it is cancelled before."""

    __slots__ = ("_queue", "_run", "patient", "when")

    def __init__(self, when: int, run: Callable[[], None], queue: "TimerQueue", *, patient: bool) -> None:
        self.when = when
        self.patient = patient
        self._run: Callable[[], None] | None = run
        self._queue = queue

    @property
    def pending(self) -> bool:
        """Whether it has neither rung nor been cancelled."""
        return self._run is not None

    def cancel(self) -> None:
        """Never ring. Without effect on a timer that has rung."""
        if self._run is not None:
            self._run = None
            self._queue.sweep_one_more()

    def ring(self) -> None:
        """Run what was to be run; the timer is spent before its work starts."""
        run, self._run = self._run, None
        if run is not None:
            run()


class TimerQueue:
    """Pending timers, the next one first: O(log n) to add and to take, amortised O(1) to cancel."""

    __slots__ = ("_cancelled", "_heap", "_numbers")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int, Timer]] = []
        self._numbers = count()
        self._cancelled = 0

    def __len__(self) -> int:
        """How many entries the heap holds, cancelled ones included: what it costs, not what is due."""
        return len(self._heap)

    def push(self, when: int, order: int, run: Callable[[], None], *, patient: bool = False) -> Timer:
        timer = Timer(when, run, self, patient=patient)
        heappush(self._heap, (when, order, next(self._numbers), timer))
        return timer

    def head(self) -> Timer | None:
        """The timer that is next, or None."""
        heap = self._heap
        while heap and not heap[0][3].pending:
            heappop(heap)
            self._cancelled -= 1
        return heap[0][3] if heap else None

    def pop(self) -> None:
        """Take out the timer that `head` has just shown."""
        heappop(self._heap)

    def sweep_one_more(self) -> None:
        """Count a cancelled timer, and rebuild the heap once more than half of it is cancelled."""
        self._cancelled += 1
        if len(self._heap) > FEW and self._cancelled * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if entry[3].pending]
            heapify(self._heap)
            self._cancelled = 0
