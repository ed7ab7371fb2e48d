"""Events that were accepted for a later instant: each occurs at exactly its instant, also after a restart.

In: planned events. Out: each of them handed on at its instant, among the other events of that instant (R13). Its row
leaves the ledger in the transaction in which the event enters it, so it can neither be lost nor occur twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from simulator.clock.clock import Clock
from simulator.domain import order
from simulator.domain.event import PlannedEvent
from simulator.store.ledger import Ledger
from simulator.store.queries import planned_events


class Calendar:
    """What will occur. Its length is the number of events that are still to come."""

    def __init__(self, clock: Clock, ledger: Ledger, occur: Callable[[str, str, Mapping[str, str]], object]) -> None:
        self._clock, self._ledger, self._occur = clock, ledger, occur
        self._to_come = 0
        self._open = True

    def __len__(self) -> int:
        return self._to_come

    def add(self, tenant_id: str, name: str, attributes: Mapping[str, str], at: int) -> PlannedEvent:
        """An event will occur at this instant; where it has passed, as soon as possible."""
        planned = PlannedEvent(self._ledger.next_planned_number(), tenant_id, name, dict(attributes), at)
        self._ledger.add_planned(planned)
        self._await(planned)
        return planned

    def take_up(self) -> None:
        """Await again what the ledger holds; for a restart."""
        for planned in planned_events(self._ledger.db):
            self._await(planned)

    def stop(self) -> None:
        """Nothing occurs any more; what was to come stays in the ledger."""
        self._open = False

    def _await(self, planned: PlannedEvent) -> None:
        self._to_come += 1
        self._clock.call_at(planned.occurs_at, partial(self._come, planned), order.EVENT)

    def _come(self, planned: PlannedEvent) -> None:
        if self._open:
            self._to_come -= 1
            self._ledger.planned_occurred(planned.number)
            self._occur(planned.tenant_id, planned.name, planned.attributes)
