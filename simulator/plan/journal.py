"""What a course does, written into the ledger as the engine would write it, while it does it.

In: events, deliveries, attempts, moves, revisions and faults of a course, in their order. Out: the rows of the engine's
record, so that whatever reads a run reads a plan as well. They are written in groups, for nobody waits for one of them:
a plan that is broken off is computed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from simulator.domain.delivery import Move, Rung
from simulator.domain.event import Event
from simulator.domain.fault import Fault
from simulator.domain.subscription import Subscription
from simulator.plan.foreseen import Foreseen
from simulator.store.ledger import Ledger

GROUP = 10_000  # attempts in one transaction


class Journal:
    """Writes one course into one ledger; `commit` writes what is left of it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._buffered = 0

    def occurred(self, event: Event) -> None:
        self._ledger.add_event(event)

    def began(self, event: Event, delivery: Foreseen, held_by: str = "") -> None:
        """A delivery stands as it begins; `held_by` names the fault that holds it back."""
        due = delivery.waiting[5] if delivery.waiting else None
        row = (
            delivery.id, event.id, delivery.to.id, delivery.to.revision,
            delivery.state.value, delivery.reason, held_by, due,
        )  # fmt: skip
        self._ledger.extend("deliveries", (row,))

    def made(self, deliveries: Iterable[Foreseen]) -> None:
        """The last attempt of each of these is settled, and nothing has happened to them since."""
        numbered = zip(deliveries, self._ledger.seq)  # noqa: B905 - numbers have no end
        rows = [_attempt(seq, one) for one, seq in numbered]
        self._ledger.extend("attempts", rows)
        self._buffered += len(rows)
        if self._buffered >= GROUP:
            self.commit()

    def moved(self, delivery: Foreseen, move: Move, at: int, following: Rung | None = None) -> None:
        """A cancellation or a resend; the delivery stands as it stands after it (R6, R10)."""
        self._ledger.add_move(delivery.id, move, delivery.state, at=at, reason=delivery.reason, following=following)

    def revised(self, subscription: Subscription) -> None:
        self._ledger.add_revision(subscription)

    def faulted(self, fault: Fault, at: int, *, cleared: bool = False) -> None:
        self._ledger.add_fault(fault, at, cleared=cleared)

    def commit(self) -> None:
        self._ledger.commit()
        self._buffered = 0

    def note(self, facts: Mapping[str, Any]) -> None:
        """Facts about the plan itself."""
        self._ledger.note(facts)


def _attempt(seq: int, one: Foreseen) -> tuple[Any, ...]:
    number, chain, position, duplicate, due_at, revision, request, started_at, ended_at, met = one.records[-1]
    after = one.waiting
    return (
        seq, one.id, one.to.id, number, chain, position, int(duplicate), revision, due_at, started_at, ended_at,
        request.method, request.url, *met.columns, one.state.value, one.reason,
        after and after[5], after and after[3], after and int(after[4]), request.body and request.body.decode(),
    )  # fmt: skip
