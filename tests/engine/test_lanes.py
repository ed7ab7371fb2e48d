"""`engine/lanes`: a lane for each subscription, so wide and no wider."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from specimens_engine import a_flight

from simulator.engine.flight import Flight
from simulator.engine.lanes import CARRIERS, LANE_WIDTH, Lanes


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


async def test_of_many_subscriptions_so_many_fly_at_once_and_the_next_is_whoever_waits_longest() -> None:
    road = Road()
    for number in range(CARRIERS + 3):
        road.lanes.enter(a_flight(number, f"id-{number}"))
    await _passes()
    assert road.left == [*range(CARRIERS)]
    road.opened.set()
    await _passes()
    assert road.left == [*range(CARRIERS + 3)]
    assert sorted(road.landed) == road.left
    assert not road.lanes._lanes


async def test_a_lane_that_is_full_of_work_gives_way_to_one_that_is_short_of_a_carrier() -> None:
    """R12: whoever has a thousand attempts to make does not keep others from making one."""
    lanes, landing = [f"id-{number}" for number in range(CARRIERS // LANE_WIDTH)], asyncio.Semaphore(0)
    left: list[int] = []

    async def fly(flight: Flight) -> None:
        left.append(flight.delivery_id)
        await landing.acquire()

    road = Lanes(fly, over=lambda: None)
    for number in range(3 * CARRIERS):
        road.enter(a_flight(number, lanes[number % len(lanes)]))
    road.enter(a_flight(9999, "id-other"))
    await _passes()
    assert len(left) == CARRIERS
    assert 9999 not in left
    landing.release()
    await _passes()
    assert left[CARRIERS:] == [9999]
    for _ in range(3 * CARRIERS):
        landing.release()
    await _passes(20)
    assert sorted(left) == [*range(3 * CARRIERS), 9999]
    assert not road._lanes
    assert not road._carriers


async def test_a_lane_whose_carriers_all_gave_way_gets_one_again() -> None:
    opened = asyncio.Event()
    landed: list[int] = []

    async def fly(flight: Flight) -> None:
        await opened.wait()
        await asyncio.sleep(0)
        landed.append(flight.delivery_id)

    road = Lanes(fly, over=lambda: None)
    crowded, others = [*range(LANE_WIDTH + 40)], [*range(1000, 1000 + CARRIERS + 100)]
    for number in crowded + others:
        road.enter(a_flight(number, "id-crowded" if number < 1000 else f"id-{number}"))
    opened.set()
    await _passes(20)
    assert sorted(landed) == crowded + others
    assert not road._lanes


async def test_however_they_come_and_land_each_flies_once_and_no_lane_is_wider_than_it_may_be() -> None:
    draw = random.Random(12)
    aloft: Counter[str] = Counter()
    flown: list[int] = []
    widest = 0

    async def fly(flight: Flight) -> None:
        nonlocal widest
        aloft[flight.subscription_id] += 1
        assert aloft[flight.subscription_id] <= LANE_WIDTH
        widest = max(widest, aloft.total())
        for _ in range(draw.randrange(4)):
            await asyncio.sleep(0)
        aloft[flight.subscription_id] -= 1
        flown.append(flight.delivery_id)

    road = Lanes(fly, over=lambda: None)
    for number in range(5000):
        road.enter(a_flight(number, f"id-{min(draw.randrange(40), draw.randrange(40))}"))
        if draw.random() < 0.01:
            await asyncio.sleep(0)
    while road._carriers:
        await asyncio.sleep(0)
    assert sorted(flown) == [*range(5000)]
    assert widest == CARRIERS
    assert not road._lanes


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
