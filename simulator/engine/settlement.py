"""A landing becomes a decision, and the decision is carried out: record, retry or not, disable or not.

In: landings of one virtual instant, in their fixed order. Out: rows in the ledger and entries in the due index.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from simulator.domain.chance import draw
from simulator.domain.decision import Attempt, Decision, decide
from simulator.domain.delivery import Rung, State, move
from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.provider import Profile
from simulator.engine.flight import Flight, Landing
from simulator.engine.roster import Roster
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending


class Settlement:
    """Applies outcomes. `disable` is told which subscription to disable, and why (R7)."""

    def __init__(
        self,
        profile: Profile,
        roster: Roster,
        pending: Pending,
        ledger: Ledger,
        *,
        faults: Callable[[], Sequence[Fault]],
        seed: int,
        disable: Callable[[str, str], None],
    ) -> None:
        self._profile, self._roster, self._pending, self._ledger = profile, roster, pending, ledger
        self._faults, self._seed, self._disable = faults, seed, disable

    def settle(self, landing: Landing) -> State:
        """Decide and carry it out; the state in which the delivery is left."""
        flight = landing.flight
        attempt = landing.attempt()
        decision = decide(
            self._profile,
            attempt,
            self._roster.health(flight.subscription_id),
            stopped=flight.stopped,
            enabled=self._roster.get(flight.subscription_id).enabled,
            jitter=self._jitter(landing),
        )
        if (faults := self._faults()) and (duplicate := self._duplicate(landing, faults)):
            decision = replace(decision, next=duplicate)
        return self._record(landing.flight, attempt, decision)

    def _record(self, flight: Flight, attempt: Attempt, decision: Decision) -> State:
        state = move(flight.rung.waiting_state, decision.move)
        self._ledger.add_attempt(attempt, state, decision)
        self._roster.set_health(flight.subscription_id, decision.health)
        if decision.next:
            self._pending.add(flight.delivery_id, flight.subscription_id, decision.next)
        if decision.disable:
            self._disable(flight.subscription_id, decision.disable)
        return state

    def _duplicate(self, landing: Landing, faults: Sequence[Fault]) -> Rung | None:
        """The same request once more after a success, where a fault wants it (R11)."""
        flight = landing.flight
        rung = flight.rung
        if rung.duplicate or not landing.outcome.succeeded or flight.stopped:
            return None
        passage = Passage(
            flight.delivery_id,
            flight.subscription_id,
            flight.event.name,
            rung.number,
            rung.position,
            landing.started_at,
        )
        fault = first_match(faults, {FaultKind.DUPLICATE}, passage, self._seed)
        if fault is None:
            return None
        return Rung(landing.ended_at + fault.delay_us, rung.number + 1, rung.chain, rung.position, duplicate=True)

    def _jitter(self, landing: Landing) -> float:
        if not self._profile.readings.retry_jitter:
            return 0.0
        return 2 * draw(self._seed, "jitter", landing.flight.delivery_id, landing.flight.rung.number) - 1
