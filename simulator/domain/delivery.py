"""A delivery: one event for one subscription, and the table of its legal moves.

    (new) ──────────────► pending ──delivered──► delivered
      ├──► filtered        │  ▲ └──exhausted───► exhausted
      └──► cancelled       │  │ └──cancelled───► cancelled
                         retry / resend: pending again

What is not in the table cannot happen: it is a bug, and the run stops.
"""

from __future__ import annotations

from enum import StrEnum

from simulator.domain.value import value_class
from simulator.errors import Bug


class State(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"
    FILTERED = "filtered"


class Move(StrEnum):
    """What can happen to a delivery."""

    DELIVER = "deliver"  # an attempt succeeded
    RETRY = "retry"  # an attempt failed, or its outcome is unknown, and another is due
    EXHAUST = "exhaust"  # the last attempt of the ladder failed
    CANCEL = "cancel"  # its subscription was disabled, deleted, or moved to another event
    DUPLICATE = "duplicate"  # sent once more on purpose although it was delivered
    RESEND = "resend"  # an operator starts a fresh chain


MOVES: dict[tuple[State, Move], State] = {
    (State.PENDING, Move.DELIVER): State.DELIVERED,
    (State.PENDING, Move.RETRY): State.PENDING,
    (State.PENDING, Move.EXHAUST): State.EXHAUSTED,
    (State.PENDING, Move.CANCEL): State.CANCELLED,
    (State.PENDING, Move.RESEND): State.PENDING,
    (State.DELIVERED, Move.DUPLICATE): State.DELIVERED,
    (State.DELIVERED, Move.CANCEL): State.DELIVERED,  # what will not be sent is its duplicate
    (State.DELIVERED, Move.RESEND): State.PENDING,
    (State.EXHAUSTED, Move.RESEND): State.PENDING,
    (State.CANCELLED, Move.RESEND): State.PENDING,
}


def move(state: State, by: Move) -> State:
    """The state after a move; raises `Bug` for a move that the table does not hold."""
    after = MOVES.get((state, by))
    if after is None:
        raise Bug(f"a delivery that is {state} cannot {by}; this is a fault of the simulator")
    return after


@value_class
class Rung:
    """A place on the ladder: which attempt comes next and when (R3).

    `number` counts the attempts of a delivery from 1 and never repeats; `chain` counts its chains (a resend starts
    a new one); `position` is the place within the chain, 1 for its first attempt. `duplicate` marks an attempt
    that is sent once more on purpose (R11).
    """

    due_at: int
    number: int = 1
    chain: int = 1
    position: int = 1
    duplicate: bool = False

    @property
    def waiting_state(self) -> State:
        """What the delivery is while this attempt is awaited or under way."""
        return State.DELIVERED if self.duplicate else State.PENDING


@value_class
class Delivery:
    """A delivery as it begins: pending with a first due instant, or refused for a reason (E2, E3).

    `revision` is the subscription's at the event; `fault` names the fault that held it back, if one did (R11).
    """

    id: int
    event_id: int
    subscription_id: str
    revision: int
    state: State
    reason: str = ""
    fault: str = ""
    due_at: int | None = None
