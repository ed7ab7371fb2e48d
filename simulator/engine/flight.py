"""An attempt that is under way, from the bell to its settlement."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.domain.decision import Attempt
from simulator.domain.delivery import Rung
from simulator.domain.event import Event
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.domain.value import value_class


@dataclass(slots=True)
class Flight:
    """What the courier carries.

    `stopped` is filled in when the subscription is disabled, deleted or moved meanwhile: the attempt finishes, is
    recorded, and is not retried (R6).
    """

    delivery_id: int
    subscription_id: str
    event: Event
    rung: Rung
    stopped: str = ""


@value_class
class Landing:
    """A flight whose answer is known; its outcome is applied at `ended_at`."""

    flight: Flight
    revision: int
    request: Request
    started_at: int
    ended_at: int
    outcome: Outcome

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Outcomes are applied in this order, however the answers raced (R13)."""
        return self.ended_at, self.flight.rung.due_at, self.flight.delivery_id, self.flight.rung.number

    def attempt(self) -> Attempt:
        return Attempt(
            self.flight.delivery_id,
            self.flight.subscription_id,
            self.revision,
            self.request,
            self.flight.rung,
            self.started_at,
            self.ended_at,
            self.outcome,
        )
