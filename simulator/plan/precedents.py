"""What the domain decides about an outcome at a place of the ladder, asked once and remembered.

In: an outcome, a position. Out: what `decide` says of it for a subscription that cannot be disabled by it and wants its
retry. No rule stands here: `decide` is asked, and its retry is remembered as the time that it lies after the end.
"""

from __future__ import annotations

from simulator.domain.decision import Attempt, decide
from simulator.domain.delivery import Rung, State, move
from simulator.domain.health import Health
from simulator.domain.outcome import Outcome
from simulator.domain.provider import Profile
from simulator.plan.records import UNSENT, Columns, Precedent


def columns_of(outcome: Outcome, state: State, why: str) -> Columns:
    """How an attempt ended, as it is written."""
    return outcome.kind.value, outcome.status, outcome.error, outcome.fault, outcome.real_us, state.value, why


class Precedents:
    """The precedents of one profile."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[tuple[Outcome, int], Precedent] = {}

    def of(self, outcome: Outcome, position: int) -> Precedent:
        """What follows from this outcome at this position of a chain."""
        known = self._known.get((outcome, position))
        if known is None:
            known = self._known[outcome, position] = self._ask(outcome, position)
        return known

    def _ask(self, outcome: Outcome, position: int) -> Precedent:
        rung, took_us = Rung(0, position=position), outcome.virtual_us or 0
        attempt = Attempt(0, "", 0, UNSENT, rung, started_at=0, ended_at=took_us, outcome=outcome)
        decision = decide(self._profile, attempt, Health(), enabled=False)
        state = move(rung.waiting_state, decision.move)
        return Precedent(
            outcome,
            columns_of(outcome, state, decision.why),
            took_us,
            outcome.succeeded,
            state,
            decision.why,
            decision.next.due_at - took_us if decision.next else None,
            decision.next.position if decision.next else 0,
            (decision.next.position, int(decision.next.duplicate)) if decision.next else (None, None),
            ordinary=not took_us,
        )
