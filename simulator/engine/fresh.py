"""Events whose first attempt is yet to leave: most leave at once, and need not be read from the ledger again.

Bounded: the newest `FRESH` are kept, the others are read when their turn comes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from simulator.domain.event import Event
from simulator.store.ledger import Ledger
from simulator.store.queries import events_of

FRESH = 8192  # deliveries, about 1 kB each


class Fresh:
    """Events by delivery, those that are not kept from the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._events: OrderedDict[int, Event] = OrderedDict()

    def keep(self, delivery_id: int, event: Event) -> None:
        """Keep it until it is taken, or until `FRESH` newer ones have come."""
        self._events[delivery_id] = event
        if len(self._events) > FRESH:
            self._events.popitem(last=False)

    def take(self, delivery_ids: Sequence[int]) -> dict[int, Event]:
        """The events of these deliveries, which are kept no longer; what is missing is read in one query."""
        found = {one: self._events.pop(one) for one in delivery_ids if one in self._events}
        missing = [one for one in delivery_ids if one not in found]
        return found | events_of(self._ledger.db, missing) if missing else found
