"""Lanes: the attempts of one subscription share one, so that a hanging receiver delays nobody else (R12).

In: flights. Out: each of them flown, in the order in which they came, at most `LANE_WIDTH` of a lane at once. A lane
has that many carriers and takes one flight after the other: what waits is an entry in a queue, not a suspended task,
which would cost ten times as much and keep the garbage collector busy. A lane that is empty is forgotten.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from simulator.engine.flight import Flight

LANE_WIDTH = 64  # attempts of one subscription that may be on the wire at once


@dataclass(slots=True)
class Lane:
    """What waits for its turn, how many carriers there are, and how many of them are about to look what waits."""

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

    def enter(self, flight: Flight) -> None:
        """Queue up; the flight leaves at the loop's next pass, or when a carrier is free."""
        lane = self._lanes.get(flight.subscription_id)
        if lane is None:
            lane = self._lanes[flight.subscription_id] = Lane()
        lane.waiting.append(flight)
        if lane.carriers < LANE_WIDTH and lane.free < len(lane.waiting):
            lane.carriers += 1
            self._carriers.add(asyncio.create_task(self._carry(flight.subscription_id, lane)))

    async def stop(self) -> None:
        """Break off what is under way, and let nothing more leave."""
        for lane in self._lanes.values():
            lane.waiting.clear()
        carriers = list(self._carriers)
        for carrier in carriers:
            carrier.cancel()
        await asyncio.gather(*carriers, return_exceptions=True)

    async def _carry(self, subscription_id: str, lane: Lane) -> None:
        try:
            while lane.waiting:
                await self._fly(lane.waiting.popleft())
                lane.free += 1
                self._over()
                lane.free -= 1
        finally:
            self._carriers.discard(asyncio.current_task())
        lane.carriers -= 1
        if not lane.carriers:
            del self._lanes[subscription_id]
