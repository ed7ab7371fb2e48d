"""What waits for an attempt, in order of (due instant, delivery).

In: waits, each with its due instant. Out: those that are due. A ladder has few delays, time does not go back: so what
was put off for equally long falls due in the order in which it came: there is a queue for each delay, and only their
heads are compared. To put off and to take costs O(1), however many wait; O(log n) where each has a delay of its own
(jitter). What is dropped or superseded is met when its turn comes, and forgotten.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, heapreplace

from simulator.plan.foreseen import Wait


def _id(wait: Wait) -> int:
    return wait[1].id


def _place(wait: Wait) -> tuple[int, int]:
    return wait[0], wait[1].id


class Waits:
    """Waits, at most one of a delivery that still counts: the one that it `waiting` names."""

    __slots__ = ("_heads", "_herd", "queues")

    def __init__(self) -> None:
        self.queues: dict[int, deque[Wait]] = {}
        """By delay. None is empty: where there is none, `after` begins it."""

        self._heads: list[tuple[int, int]] = []  # a heap: the first due instant of each queue, and its delay
        self._herd: list[Wait] = []  # what fell due and was more than could leave; the next to leave is the last

    def after(self, delay: int, now: int) -> deque[Wait]:
        """The queue of what is put off for so long from now on: for whoever adds to it at once."""
        queue = self.queues.get(delay)
        if queue is None:
            queue = self.queues[delay] = deque()
            heappush(self._heads, (now + delay, delay))
        return queue

    def next_due(self) -> int | None:
        """The smallest due instant, None where nothing waits."""
        herd, heads = self._herd, self._heads
        while herd:
            due_at, delivery = herd[-1]
            if delivery.waiting is due_at:
                return due_at
            herd.pop()
        while heads:
            due_at, delivery = self.queues[heads[0][1]][0]
            if delivery.waiting is due_at:
                return due_at
            self.queues[heads[0][1]].popleft()
            self._look_at_first_queue()
        return None

    @property
    def herd_due(self) -> int | None:
        """When that was due which was found to be more than could leave together."""
        return self._herd[-1][0] if self._herd else None

    def late(self, now: int) -> bool:
        """Whether something fell due before now, or could not leave when it did."""
        return bool(self._herd) or (bool(self._heads) and self._heads[0][0] < now)

    def in_turn(self, until: int, most: int) -> Iterator[Wait]:
        """What falls due until then, in order, where nothing is late; what is put off meanwhile falls due among it.

        About `most` in all: it ends where more than that would leave, and leaves the rest where it is, as whoever
        listens no more does. They wait until they are told otherwise.
        """
        heads, herd = self._heads, self._herd
        while heads and heads[0][0] <= until and most > 0:
            due, delay = heads[0]
            queue = self.queues[delay]
            wait = queue.popleft()
            if queue:
                heapreplace(heads, (queue[0][0], delay))
            else:
                heappop(heads)
                del self.queues[delay]
            if heads and heads[0][0] == due:
                herd.append(wait)
                self._gather(due, herd)
                herd.sort(key=_id, reverse=True)
                most -= len(herd)
                if most < 0:
                    return
                while herd:
                    wait = herd.pop()
                    if wait[1].waiting is wait[0]:
                        yield wait
            elif wait[1].waiting is wait[0]:
                most -= 1
                yield wait

    def take(self, now: int, limit: int) -> list[Wait]:
        """At most `limit` of what is due by now, in order; they wait no more."""
        late, fallen = self.late(now), list[Wait]()
        self._gather(now, fallen)
        if len(fallen) > 1:
            fallen.sort(key=_place if late else _id)
        if self._herd or len(fallen) > limit:
            return self._first_of_herd(fallen, limit)
        return _leaving(fallen)

    def _gather(self, now: int, fallen: list[Wait]) -> None:
        """Everything that is due by now, in no order."""
        heads, queues = self._heads, self.queues
        while heads and heads[0][0] <= now:
            delay = heads[0][1]
            queue = queues[delay]
            if queue[-1][0] <= now:
                fallen += queue
                heappop(heads)
                del queues[delay]
            else:
                fallen.append(queue.popleft())
                heapreplace(heads, (queue[0][0], delay))

    def _look_at_first_queue(self) -> None:
        """Its first was taken out: another is its head, or it is empty and goes."""
        delay = self._heads[0][1]
        queue = self.queues[delay]
        if queue:
            heapreplace(self._heads, (queue[0][0], delay))
        else:
            heappop(self._heads)
            del self.queues[delay]

    def _first_of_herd(self, fallen: list[Wait], limit: int) -> list[Wait]:
        """The first of a herd that is larger than the room there is; the others stay in it."""
        herd = self._herd
        if not herd:
            herd += reversed(fallen)
        elif fallen:
            herd += fallen
            herd.sort(key=_place, reverse=True)
        first: list[Wait] = []
        while herd and len(first) < limit:
            room = limit - len(first)
            first += _leaving(herd[: -room - 1 : -1])
            del herd[-room:]
        return first


def _leaving(waits: Iterable[Wait]) -> list[Wait]:
    """Those that count; each of them does so once."""
    leaving = []
    for wait in waits:
        due_at, delivery = wait
        if delivery.waiting is due_at:
            delivery.waiting = None
            leaving.append(wait)
    return leaving
