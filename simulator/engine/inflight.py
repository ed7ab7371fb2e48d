"""What is on the wire: flights are launched, the clock is held, and their landings are gathered.

In: flights that depart together: they board, and take off when that is recorded. Out: groups of landings that ended
at one virtual instant, in their fixed order, at that instant. Where time stands while requests are on the wire, a group
is whole: however the answers raced, they are applied in the same order, and one transaction records them. Elsewhere
answers wait a few real milliseconds for company.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter

from simulator.clock.clock import Clock
from simulator.clock.stopwatch import after_real
from simulator.domain import order
from simulator.engine.flight import Flight, Landing
from simulator.engine.lanes import Lanes

GROUP_SECONDS = 0.002  # real: how long an answer may wait for company before it is recorded


class InFlight:
    """Flights from departure to settlement; at most one for a delivery."""

    def __init__(
        self,
        clock: Clock,
        carry: Callable[[Flight], Awaitable[Landing | None]],
        *,
        settle: Callable[[Landing], None],
        settled: Callable[[int], None],
        fail: Callable[[BaseException], None],
    ) -> None:
        """`settle` is given one landing after the other, `settled` the size of the group when it is through."""
        self._clock, self._carry, self._settle, self._settled, self._fail = clock, carry, settle, settled, fail
        self._flights: dict[int, Flight] = {}
        self._boarded: list[Flight] = []
        self._lanes = Lanes(self._fly, self._over)
        self._aloft = 0
        self._landed: list[Landing] = []
        self._grouping: asyncio.TimerHandle | None = None
        self.withdraw: Callable[[Flight], None] = lambda _: None
        """Is given a flight that was stopped before it was on the wire."""

    def __len__(self) -> int:
        return len(self._flights)

    def __contains__(self, delivery_id: int) -> bool:
        return delivery_id in self._flights

    def of_subscription(self, subscription_id: str) -> Iterator[Flight]:
        return (flight for flight in self._flights.values() if flight.subscription_id == subscription_id)

    def board(self, flights: Sequence[Flight]) -> None:
        """From now on they are under way, and the clock is held for them."""
        if flights and not self._aloft:
            self._clock.hold()  # once for all that are aloft
        self._flights.update((flight.delivery_id, flight) for flight in flights)
        self._boarded += flights
        self._aloft += len(flights)

    def take_off(self) -> None:
        """Send what has boarded."""
        for flight in self._boarded:
            self._lanes.enter(flight)
        self._boarded.clear()

    async def stop(self) -> None:
        """Break off what is on the wire; the ledger still says that it left."""
        if self._grouping:
            self._grouping.cancel()
        await self._lanes.stop()

    async def _fly(self, flight: Flight) -> None:
        try:
            landing = await self._carry(flight)
        except Exception as error:  # noqa: BLE001 - a courier that breaks is a bug: the run stops, loudly
            self._fail(error)
        else:
            self._land(flight, landing)

    def _over(self) -> None:
        self._aloft -= 1
        self._gather()

    def _land(self, flight: Flight, landing: Landing | None) -> None:
        if landing:
            self._landed.append(landing)
        else:
            self._clock.call_at(self._clock.now(), partial(self._withdraw, flight), order.OUTCOME)

    def _gather(self) -> None:
        if not self._aloft:
            self._apply()
            self._clock.hand_over()
        elif self._clock.pace.busy and self._grouping is None:
            self._grouping = after_real(GROUP_SECONDS, self._apply)

    def _apply(self) -> None:
        """Settle what ended by now, and set a timer for each later instant at which something ended."""
        if self._grouping:
            self._grouping.cancel()
            self._grouping = None
        landed, self._landed = self._landed, []
        if len(landed) == 1:  # alone on the wire
            self._settle_at(landed[0].ended_at, landed)
            return
        landed.sort(key=attrgetter("place"))
        for ended_at, group in groupby(landed, key=attrgetter("ended_at")):
            self._settle_at(ended_at, list(group))

    def _settle_at(self, ended_at: int, group: Sequence[Landing]) -> None:
        if self._comes_next(ended_at):
            self._settle_now(group)
        else:
            self._clock.call_at(ended_at, partial(self._settle_group, group), order.OUTCOME)

    def _comes_next(self, ended_at: int) -> bool:
        """Whether a timer at this instant would be the next to ring: time stands there, and nothing else is due."""
        clock = self._clock
        return clock.pace.serial and ended_at == clock.now() and clock.next_due() != ended_at

    def _settle_now(self, group: Sequence[Landing]) -> None:
        try:
            self._settle_group(group)
        except Exception as error:  # noqa: BLE001 - as where a timer rings: the run stops, loudly
            self._fail(error)

    def _withdraw(self, flight: Flight) -> None:
        del self._flights[flight.delivery_id]
        self.withdraw(flight)
        self._settled(1)

    def _settle_group(self, group: Sequence[Landing]) -> None:
        for landing in group:
            del self._flights[landing.flight.delivery_id]  # those after it are still on the wire when it disables (R6)
            self._settle(landing)
        self._settled(len(group))
