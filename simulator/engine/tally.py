"""Counts of what happened so far, for progress lines: never the truth, which is the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.domain.delivery import State
from simulator.domain.outcome import Outcome


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

    def settled(self, outcome: Outcome, state: State) -> None:
        """An attempt ended with this outcome and left its delivery in this state."""
        self.attempts += 1
        self.failures += not outcome.succeeded
        self.delivered += state is State.DELIVERED
        self.exhausted += state is State.EXHAUSTED
        self.cancelled += state is State.CANCELLED
