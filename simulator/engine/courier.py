"""One attempt from start to finish: latest definition, exact request, one answer.

In: a flight that holds the clock. Out: a landing.
"""

from __future__ import annotations

from simulator.clock.clock import Clock
from simulator.domain.fault import Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Outcome
from simulator.domain.provider import Profile
from simulator.engine.flight import Flight, Landing
from simulator.engine.request import request_for
from simulator.engine.roster import Roster
from simulator.wire.wire import Wire


class Courier:
    """Carries flights over the wire, one request each."""

    def __init__(self, profile: Profile, clock: Clock, wire: Wire, roster: Roster, seed: int) -> None:
        self._profile, self._clock, self._wire, self._roster, self._seed = profile, clock, wire, roster, seed

    async def carry(self, flight: Flight) -> Landing | None:
        """Send one attempt under the subscription's latest definition (E8, R5).

        None where the flight was stopped while it waited in its lane: it never left, so it does not leave now (R8).
        """
        if flight.stopped:
            return None
        subscription = self._roster.get(flight.subscription_id)
        started_at = self._clock.now()
        request = request_for(subscription, flight.event, self._profile, self._seed, started_at)
        outcome = await self._wire.send(request, self._passage(flight, started_at))
        ended_at = self._ended_at(started_at, outcome)
        return Landing(flight, subscription.revision, request, started_at, ended_at, outcome)

    def _ended_at(self, started_at: int, outcome: Outcome) -> int:
        """When the attempt ended in virtual time.

        A decreed duration counts as it is. Where time stands while requests are on the wire, a real one is charged in
        whole seconds rounded down, and the limit exactly where it timed out; elsewhere the clock itself has moved.
        """
        if outcome.virtual_us is not None:
            return started_at + outcome.virtual_us
        if self._clock.pace.busy:
            return self._clock.now()
        charged = self._profile.timeout_seconds * SECOND if outcome.timed_out else outcome.real_us // SECOND * SECOND
        return max(started_at + charged, self._clock.now())  # later where the clock ran before its pace was changed

    def _passage(self, flight: Flight, started_at: int) -> Passage:
        rung = flight.rung
        return Passage(
            flight.delivery_id, flight.subscription_id, flight.event.name, rung.number, rung.position, started_at
        )
