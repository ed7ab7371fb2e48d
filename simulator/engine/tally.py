"""Counts of what happened so far, for progress lines: never the truth, which is the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.domain.delivery import State
from simulator.engine.flight import Landing


@dataclass(slots=True)
class Tally:
    events: int = 0
    deliveries: int = 0
    filtered: int = 0
    attempts: int = 0
    failures: int = 0
    delivered: int = 0
    exhausted: int = 0
    cancelled: int = 0
    disabled: int = 0

    def begun(self, state: State) -> None:
        """A delivery began in this state."""
        self.filtered += state is State.FILTERED
        self.cancelled += state is State.CANCELLED
        self.deliveries += state is not State.FILTERED

    def settled(self, landing: Landing, state: State) -> None:
        """An attempt ended and left its delivery in this state; a duplicate delivers nothing that was not delivered."""
        self.attempts += 1
        self.failures += not landing.outcome.succeeded
        self.delivered += state is State.DELIVERED and not landing.flight.rung.duplicate
        self.exhausted += state is State.EXHAUSTED
        self.cancelled += state is State.CANCELLED
