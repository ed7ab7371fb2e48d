"""The due index: which deliveries wait for which attempt, and when the next one falls due.

A projection of the ledger, kept in memory: O(log n) to add and to take, O(1) to drop, and about 130 bytes an entry.
To stay that small an entry is one integer whose order is (due instant, delivery): the instant stands in its highest
bits, then the delivery, then the place on the ladder and the subscription.
"""

from __future__ import annotations

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from simulator.domain.delivery import Rung
from simulator.errors import Bug

_LANE, _PLACE, _DELIVERY = 24, 40, 40  # widths in bits
_NUMBER, _CHAIN, _POSITION = 16, 12, 11

Waiting = tuple[int, str, int, int, int, int, int]
"""A row: delivery, subscription, then due instant, number, chain, position and duplicate of the rung."""

Untried = tuple[int, str, int]
"""A row: delivery, subscription, and the due instant of its first attempt."""


class Pending:
    """Deliveries that wait for an attempt, at most one entry each."""

    def __init__(self) -> None:
        self._heap: list[int] = []
        self._lanes: list[dict[int, int]] = []
        self._lane_of: dict[str, int] = {}
        self._subscriptions: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, delivery_id: int, subscription_id: str, rung: Rung) -> None:
        """Wait for this rung; a former entry of the same delivery is superseded (R10)."""
        lane = self._lane(subscription_id)
        entry = _pack(rung, delivery_id, lane)
        self._count += delivery_id not in self._lanes[lane]
        self._lanes[lane][delivery_id] = entry
        heappush(self._heap, entry)

    def fill(self, rows: Iterable[Waiting]) -> None:
        """Take in many deliveries at once, none of which waits here yet: O(rows), where `add` is O(log n) for each."""
        for row in rows:
            lane = self._lane(row[1])
            entry = self._lanes[lane][row[0]] = _packed(row, lane)
            self._heap.append(entry)
            self._count += 1
        heapify(self._heap)

    def fill_untried(self, rows: Iterable[Untried]) -> None:
        """The same for deliveries of which nothing was sent yet, in half the time: most of what a crash leaves."""
        known, first, waiting, append = "", 0, dict[int, int](), self._heap.append
        before = len(self._heap)
        for delivery_id, subscription_id, due_at in rows:
            if subscription_id != known:
                known, lane = subscription_id, self._lane(subscription_id)
                waiting, first = self._lanes[lane], _place(1, 1, 1, 0) << _LANE | lane
            entry = waiting[delivery_id] = (due_at << _DELIVERY | delivery_id) << _PLACE + _LANE | first
            append(entry)
        self._count += len(self._heap) - before
        heapify(self._heap)

    def next_due(self) -> int | None:
        """The smallest due instant, or None."""
        entry = self._first()
        return None if entry is None else _due_at(entry)

    def count_due(self, now: int) -> int:
        """How many wait although their attempt is due; O(the answer)."""
        due: set[int] = set()  # an entry that was dropped and added again stands twice in the heap
        places = [0]
        while places:
            place = places.pop()
            if place < len(self._heap) and _due_at(self._heap[place]) <= now:
                due.add(self._heap[place])
                places += (2 * place + 1, 2 * place + 2)  # its children in the heap: never due before it
        return sum(map(self._is_fresh, due))

    def take_due(self, now: int, limit: int) -> list[tuple[int, str, Rung]]:
        """Remove and return at most `limit` entries that are due, in order of (due instant, delivery) (R13)."""
        taken: list[tuple[int, str, Rung]] = []
        while len(taken) < limit:
            entry = self._first()
            if entry is None or _due_at(entry) > now:
                break
            delivery_id, lane, rung = _unpack(heappop(self._heap))
            del self._lanes[lane][delivery_id]
            taken.append((delivery_id, self._subscriptions[lane], rung))
        self._count -= len(taken)
        return taken

    def drop(self, delivery_id: int, subscription_id: str) -> Rung | None:
        """Wait no more for one delivery; the rung it waited for, or None."""
        entry = self._lanes[self._lane(subscription_id)].pop(delivery_id, None)
        if entry is None:
            return None
        self._count -= 1
        return _unpack(entry)[2]

    def drop_subscription(self, subscription_id: str) -> list[tuple[int, Rung]]:
        """Wait no more for any delivery of a subscription; O(its own entries). In order of delivery (R6)."""
        lane = self._lane(subscription_id)
        entries, self._lanes[lane] = self._lanes[lane], {}
        self._count -= len(entries)
        if len(self._heap) > 2 * self._count + 1024:  # stale entries must not pile up
            self._heap = [entry for waiting in self._lanes for entry in waiting.values()]
            heapify(self._heap)
        return [(delivery_id, _unpack(entry)[2]) for delivery_id, entry in sorted(entries.items())]

    def of_subscription(self, subscription_id: str) -> dict[int, Rung]:
        """What waits for one subscription, by delivery."""
        waiting = self._lanes[self._lane(subscription_id)]
        return {delivery_id: _unpack(entry)[2] for delivery_id, entry in waiting.items()}

    def _lane(self, subscription_id: str) -> int:
        if subscription_id not in self._lane_of:
            self._lane_of[subscription_id] = len(self._lanes)
            self._lanes.append({})
            self._subscriptions.append(subscription_id)
        return self._lane_of[subscription_id]

    def _first(self) -> int | None:
        """The entry at the top; one that its lane no longer holds was dropped or superseded, and is forgotten here."""
        heap = self._heap
        while heap and not self._is_fresh(heap[0]):
            heappop(heap)
        return heap[0] if heap else None

    def _is_fresh(self, entry: int) -> bool:
        waiting = self._lanes[entry & (1 << _LANE) - 1]
        return waiting.get(entry >> _LANE + _PLACE & (1 << _DELIVERY) - 1) == entry


def _pack(rung: Rung, delivery_id: int, lane: int) -> int:
    return _packed((delivery_id, "", rung.due_at, rung.number, rung.chain, rung.position, rung.duplicate), lane)


def _packed(row: Waiting, lane: int) -> int:
    delivery_id, _, due_at, number, chain, position, duplicate = row
    if number >> _NUMBER or chain >> _CHAIN or position >> _POSITION:
        rung = Rung(due_at, number, chain, position, bool(duplicate))
        raise Bug(f"{rung} of delivery {delivery_id} lies beyond what the due index can hold")
    place = _place(number, chain, position, duplicate)
    return ((due_at << _DELIVERY | delivery_id) << _PLACE | place) << _LANE | lane


def _place(number: int, chain: int, position: int, duplicate: int) -> int:
    return ((number << _CHAIN | chain) << _POSITION | position) << 1 | duplicate


def _due_at(entry: int) -> int:
    return entry >> _LANE + _PLACE + _DELIVERY


def _delivery_and_lane(entry: int) -> tuple[int, int]:
    return entry >> _LANE + _PLACE & (1 << _DELIVERY) - 1, entry & (1 << _LANE) - 1


def _unpack(entry: int) -> tuple[int, int, Rung]:
    delivery_id, lane = _delivery_and_lane(entry)
    place = entry >> _LANE & (1 << _PLACE) - 1
    rung = Rung(
        due_at=_due_at(entry),
        number=place >> 1 + _POSITION + _CHAIN & (1 << _NUMBER) - 1,
        chain=place >> 1 + _POSITION & (1 << _CHAIN) - 1,
        position=place >> 1 & (1 << _POSITION) - 1,
        duplicate=bool(place & 1),
    )
    return delivery_id, lane, rung
