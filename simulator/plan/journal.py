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
from simulator.plan.records import Columns, Following, Row
from simulator.store.ledger import Ledger

GROUP = 10_000  # attempts in one transaction

Made = tuple[Foreseen, Row, Columns, int | None, Following]
"""Whose attempt, its record, how it ended, when the next is due, and which it is."""


class Journal:
    """Writes one course into one ledger; `commit` writes what is left of it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._buffered = 0

    def occurred(self, event: Event) -> None:
        self._ledger.add_event(event)

    def began(self, event: Event, delivery: Foreseen, held_by: str = "") -> None:
        """A delivery stands as it begins; `held_by` names the fault that holds it back."""
        row = (
            delivery.id, event.id, delivery.to.id, delivery.to.revision,
            delivery.state.value, delivery.reason, held_by, delivery.waiting,
        )  # fmt: skip
        self._ledger.extend("deliveries", (row,))

    def made(self, attempts: Iterable[Made]) -> None:
        """These attempts ended, in this order."""
        numbered = zip(attempts, self._ledger.seq)  # noqa: B905 - numbers have no end
        rows = [
            (
                seq, one.id, one.to.id, number, chain, position, 1 if duplicate else 0, revision,
                due_at, started_at, ended_at, request.method, request.url,
                outcome, status, error, fault, real_us, state, why, next_due_at, next_position, next_duplicate,
                None if request.body is None else request.body.decode(),
            )
            for (
                one,
                (number, chain, position, duplicate, due_at, revision, request, started_at, ended_at, _),
                (outcome, status, error, fault, real_us, state, why),
                next_due_at,
                (next_position, next_duplicate),
            ), seq in numbered
        ]  # fmt: skip
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
