"""`engine/lanes`: a lane for each subscription, so wide and no wider."""

from __future__ import annotations

import asyncio

from specimens_engine import a_flight

from simulator.engine.flight import Flight
from simulator.engine.lanes import LANE_WIDTH, Lanes


class Road:
    """Flights land when the test opens the road."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.left: list[int] = []
        self.landed: list[int] = []
        self.broken_off: list[int] = []
        self.lanes = Lanes(self._fly, over=lambda: None)

    async def _fly(self, flight: Flight) -> None:
        self.left.append(flight.delivery_id)
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.broken_off.append(flight.delivery_id)
            raise
        self.landed.append(flight.delivery_id)


async def test_one_subscription_fills_its_own_lane_and_no_other_r12() -> None:
    road = Road()
    for number in range(LANE_WIDTH + 2):
        road.lanes.enter(a_flight(number))
    road.lanes.enter(a_flight(999, "id-other"))
    await _passes()
    assert road.left == [*range(LANE_WIDTH), 999]


async def test_flights_of_a_lane_leave_in_the_order_in_which_they_came() -> None:
    road = Road()
    for number in range(3 * LANE_WIDTH):
        road.lanes.enter(a_flight(number))
    road.opened.set()
    await _passes()
    assert road.left == road.landed == [*range(3 * LANE_WIDTH)]


async def test_a_lane_that_was_empty_takes_flights_again() -> None:
    road = Road()
    road.opened.set()
    for number in range(3):
        road.lanes.enter(a_flight(number))
        await _passes()
    assert road.landed == [0, 1, 2]
    assert not road.lanes._lanes, "an empty lane is forgotten"


async def test_stopping_breaks_off_what_is_under_way_and_lets_nothing_more_leave() -> None:
    road = Road()
    for number in range(LANE_WIDTH + 2):
        road.lanes.enter(a_flight(number))
    await _passes()
    await road.lanes.stop()
    road.opened.set()
    await _passes()
    assert sorted(road.broken_off) == road.left == [*range(LANE_WIDTH)]
    assert road.landed == []


async def _passes(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_a_landing_brings_about_is_taken_by_the_same_carrier() -> None:
    """A chain of attempts needs no carrier of its own for each."""
    left: list[int] = []
    carriers: set[asyncio.Task[None] | None] = set()

    async def fly(flight: Flight) -> None:
        left.append(flight.delivery_id)
        carriers.add(asyncio.current_task())
        await asyncio.sleep(0)

    def over() -> None:
        if len(left) < 3:
            lanes.enter(a_flight(len(left)))

    lanes = Lanes(fly, over)
    lanes.enter(a_flight(0))
    await _passes()
    assert left == [0, 1, 2]
    assert len(carriers) == 1
