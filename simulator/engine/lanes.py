"""Lanes: the attempts of one subscription share one, so that a hanging receiver delays nobody else (R12).

In: flights. Out: each of them flown, in the order in which they came, at most `LANE_WIDTH` of a lane at once. A lane
has that many carriers and takes one flight after the other: what waits is an entry in a queue, not a suspended task,
which would cost ten times as much and keep the garbage collector busy. Of all lanes together `CARRIERS` fly at once;
where that is not enough, a carrier that has landed goes on with the lane that has been short of one for longest. A lane
that is empty is forgotten.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from simulator.engine.flight import Flight

LANE_WIDTH = 64  # attempts of one subscription that may be on the wire at once
CARRIERS = 256  # as many as a live wire sends at once; to make one for each of a thousand costs more than to share them


@dataclass(slots=True)
class Lane:
    """What waits for its turn, how many carriers there are, and how many of them are about to look what waits."""

    subscription_id: str
    waiting: deque[Flight] = field(default_factory=deque)
    carriers: int = 0
    free: int = 0


class Lanes:
    """Has every flight flown by `fly`, which must not raise."""

    def __init__(self, fly: Callable[[Flight], Awaitable[None]], over: Callable[[], None]) -> None:
        """`over` is told when a flight has landed; what it brings about its carrier may take, as the next one."""
        self._fly, self._over = fly, over
        self._lanes: dict[str, Lane] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        self._short: deque[Lane] = deque()  # once for each carrier that could not be had

    def enter(self, flight: Flight) -> None:
        """Queue up; the flight leaves at the loop's next pass, or when a carrier is free."""
        lane = self._lanes.get(flight.subscription_id)
        if lane is None:
            lane = self._lanes[flight.subscription_id] = Lane(flight.subscription_id)
        lane.waiting.append(flight)
        if lane.carriers == LANE_WIDTH or lane.free >= len(lane.waiting):
            return
        if len(self._carriers) < CARRIERS:
            lane.carriers += 1
            self._carriers.add(asyncio.create_task(self._carry(lane)))
        else:
            self._short.append(lane)

    async def stop(self) -> None:
        """Break off what is under way, and let nothing more leave."""
        self._short.clear()
        for lane in self._lanes.values():
            lane.waiting.clear()
        carriers = list(self._carriers)
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)

    async def _carry(self, lane: Lane | None) -> None:
        try:
            while lane:
                if lane.waiting:
                    await self._fly(lane.waiting.popleft())
                    lane.free += 1
                    self._over()
                    lane.free -= 1
                if self._short or not lane.waiting:
                    lane = self._go_over(lane)
        finally:
            self._carriers.discard(asyncio.current_task())

    def _go_over(self, lane: Lane) -> Lane | None:
        """Leave this lane for the one that has been short of a carrier for longest; none where all have enough."""
        lane.carriers -= 1
        if lane.waiting:
            self._short.append(lane)
        elif not lane.carriers:
            del self._lanes[lane.subscription_id]
        while self._short:
            other = self._short.popleft()
            if other.waiting and other.carriers < LANE_WIDTH:
                other.carriers += 1
                return other
        return None
