"""Events of deliveries that wait for an attempt, as long as they are recent: the ledger holds them all.

In: deliveries and their events. Out: the events of deliveries that depart, from memory where they are still there, the
others from the ledger in one query. Bounded: the one that was kept first is forgotten first.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable

from sqlite_utils import Database

from simulator.domain.event import Event
from simulator.store.queries import events_of

KEPT = 8192  # events, about 1 kB each


class Recent:
    """Events by delivery."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._events: OrderedDict[int, Event] = OrderedDict()

    def keep(self, delivery_id: int, event: Event) -> None:
        """This delivery will depart, perhaps soon."""
        if len(self._events) >= KEPT:
            self._events.popitem(last=False)
        self._events[delivery_id] = event

    def take(self, delivery_ids: Iterable[int]) -> dict[int, Event]:
        """The events of deliveries that depart now."""
        found = {one: self._events.pop(one, None) for one in delivery_ids}
        missing = [one for one, event in found.items() if event is None]
        looked_up = events_of(self._db, missing) if missing else {}
        return {one: event or looked_up[one] for one, event in found.items()}
