"""What somebody did and what came of it, read back in the order in which it was recorded: for sessions that are kept.

In: the ledger. Out: deliveries as they began and as they stand, resends and faults one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from simulator.domain.delivery import State
from simulator.domain.fault import Fault
from simulator.store.record import read_fault

_COURSES = """
    SELECT deliveries.id, event_id, subscription_id, revision, deliveries.state, fault, standing.state
    FROM deliveries JOIN standing ON standing.delivery_id = deliveries.id ORDER BY deliveries.id"""


@dataclass(frozen=True, slots=True)
class Course:
    """One delivery: `began` is its state when the event occurred under `revision`, `held_by` the fault that held it."""

    id: int
    event_id: int
    subscription_id: str
    revision: int
    began: State
    held_by: str
    state: State


@dataclass(frozen=True, slots=True)
class Resent:
    """An operator sent a delivery again; `chain` is the one that this began."""

    seq: int
    delivery_id: int
    at: int
    chain: int


@dataclass(frozen=True, slots=True)
class FaultAct:
    """A fault was injected, or cleared."""

    seq: int
    at: int
    fault: Fault
    cleared: bool


def courses(db: Database) -> Iterator[Course]:
    """Every delivery, oldest first."""
    for number, event, subscription, revision, began, held_by, state in db.execute(_COURSES):
        yield Course(number, event, subscription, revision, State(began), held_by, State(state))


def resends(db: Database) -> Iterator[Resent]:
    """Every resend of a single delivery, oldest first."""
    rows = db.execute("SELECT seq, delivery_id, at, next_chain FROM moves WHERE move = 'resend' ORDER BY seq")
    return (Resent(*row) for row in rows)


def fault_acts(db: Database) -> Iterator[FaultAct]:
    """Every fault that was injected and every one that was cleared, in that order."""
    for seq, at, text, cleared in db.execute("SELECT seq, at, fault, cleared FROM faults ORDER BY seq"):
        yield FaultAct(seq, at, read_fault(text), bool(cleared))
