"""What waits for an attempt, in order of (due instant, delivery).

In: waits, each with its due instant. Out: those that are due. A ladder has few delays, time does not go back: so what
was put off for equally long falls due in the order in which it came: there is a queue for each delay, and only their
heads are compared. To put off and to take costs O(1), however many wait; O(log n) where each has a delay of its own
(jitter). What is dropped or superseded is met when its turn comes, and forgotten.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush, heapreplace
from operator import itemgetter

from simulator.plan.foreseen import Wait

_PLACE = itemgetter(5, 0)  # due instant and delivery


class Waits:
    """Waits, at most one of a delivery that still counts: the one that it `waiting` names."""

    __slots__ = ("_heads", "_herd", "_queues")

    def __init__(self) -> None:
        self._queues: dict[int, deque[Wait]] = {}  # by delay; none is empty
        self._heads: list[tuple[int, int]] = []  # a heap: the first due instant of each queue, and its delay
        self._herd: list[Wait] = []  # what fell due and was more than could leave; the next to leave is the last

    def after(self, delay: int, now: int) -> deque[Wait]:
        """The queue of what is put off for so long from now on: for whoever adds to it at once."""
        queue = self._queues.get(delay)
        if queue is None:
            queue = self._queues[delay] = deque()
            heappush(self._heads, (now + delay, delay))
        return queue

    def next_due(self) -> int | None:
        """The smallest due instant, None where nothing waits."""
        herd, heads = self._herd, self._heads
        while herd and not _counts(herd[-1]):
            herd.pop()
        while heads and not _counts(self._queues[heads[0][1]][0]):
            self._queues[heads[0][1]].popleft()
            self._look_at_first_queue()
        if herd:
            return herd[-1][5]
        return heads[0][0] if heads else None

    def take(self, now: int, limit: int) -> list[Wait]:
        """At most `limit` of what is due by now, in order; they wait no more."""
        fallen = self._fallen_due(now)
        if self._herd or len(fallen) > limit:
            taken = self._first_of_herd(fallen, limit)
        else:
            taken = [wait for wait in fallen if wait[6].waiting is wait]
        for wait in taken:
            wait[6].waiting = None
        return taken

    def _fallen_due(self, now: int) -> list[Wait]:
        heads, fallen, late = self._heads, list[Wait](), False
        while heads and heads[0][0] <= now:
            due, delay = heads[0]
            late |= due < now
            queue = self._queues[delay]
            if queue[-1][5] <= now:
                fallen += queue
                queue.clear()
            else:
                while queue[0][5] <= now:
                    fallen.append(queue.popleft())
            self._look_at_first_queue()
        if len(fallen) > 1:
            fallen.sort(key=_PLACE if late else None)
        return fallen

    def _look_at_first_queue(self) -> None:
        """Its first was taken out: another is its head, or it is empty and goes."""
        delay = self._heads[0][1]
        queue = self._queues[delay]
        if queue:
            heapreplace(self._heads, (queue[0][5], delay))
        else:
            heappop(self._heads)
            del self._queues[delay]

    def _first_of_herd(self, fallen: list[Wait], limit: int) -> list[Wait]:
        """The first of a herd that is larger than the room there is; the others stay in it."""
        if not self._herd:
            fallen.reverse()
            self._herd = fallen
        elif fallen:
            self._herd += fallen
            self._herd.sort(key=_PLACE, reverse=True)
        first: list[Wait] = []
        while self._herd and len(first) < limit:
            room = limit - len(first)
            first += filter(_counts, self._herd[: -room - 1 : -1])
            del self._herd[-room:]
        return first


def _counts(wait: Wait) -> bool:
    return wait[6].waiting is wait
