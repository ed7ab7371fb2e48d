"""`engine/bell`: one timer at the smallest due instant."""

from __future__ import annotations

from stage import START

from simulator.clock.clock import Clock
from simulator.clock.pace import PAUSED
from simulator.domain import order
from simulator.domain.delivery import Rung
from simulator.domain.instant import SECOND
from simulator.engine.bell import AIRSPACE, WAVE, Bell, Due
from simulator.store.pending import Pending


class Tower:
    """A bell with its clock and due index; `departed` holds what left, one list for each ring."""

    def __init__(self) -> None:
        self.clock = Clock(START, PAUSED)
        self.pending = Pending()
        self.rings: list[tuple[int, list[int]]] = []
        self.bell = Bell(self.clock, self.pending, self._depart)

    def await_attempt(self, delivery_id: int, seconds: int, subscription_id: str = "s") -> None:
        self.pending.add(delivery_id, subscription_id, Rung(START + seconds * SECOND))
        self.bell.arm()

    async def until(self, seconds: int) -> None:
        await self.clock.advance_to(START + seconds * SECOND)

    @property
    def departed(self) -> list[tuple[int, list[int]]]:
        return [(seconds, deliveries) for seconds, deliveries in self.rings if deliveries]

    def _depart(self, due: list[Due]) -> None:
        self.rings.append(((self.clock.now() - START) // SECOND, [delivery_id for delivery_id, _, _ in due]))


async def test_what_is_due_departs_at_exactly_its_instant_in_due_order_r3_r13() -> None:
    tower = Tower()
    for delivery_id, seconds in ((3, 30), (1, 330), (2, 30), (4, 5)):
        tower.await_attempt(delivery_id, seconds)
    await tower.until(400)
    assert tower.departed == [(5, [4]), (30, [2, 3]), (330, [1])]


async def test_a_nearer_instant_takes_the_bell_over() -> None:
    tower = Tower()
    tower.await_attempt(1, 300)
    await tower.until(10)
    tower.await_attempt(2, 20)
    await tower.until(20)
    assert tower.departed == [(20, [2])]
    assert tower.clock.next_due() == START + 300 * SECOND


async def test_what_was_dropped_does_not_depart_r6() -> None:
    tower = Tower()
    tower.await_attempt(1, 30)
    tower.await_attempt(2, 60)
    tower.pending.drop_subscription("s")
    tower.await_attempt(3, 90)
    await tower.until(100)
    assert tower.departed == [(90, [3])]


async def test_what_is_due_in_the_past_departs_now() -> None:
    tower = Tower()
    await tower.until(60)
    tower.await_attempt(1, 30)
    await tower.until(60)
    assert tower.departed == [(60, [1])]


async def test_retries_go_before_the_events_of_their_instant_and_first_attempts_after_them_r13() -> None:
    tower = Tower()
    tower.await_attempt(1, 30)

    def event(delivery_id: int) -> None:
        tower.rings.append((30, [-delivery_id]))
        tower.await_attempt(delivery_id, 30)

    for delivery_id in (2, 3):
        tower.clock.call_at(START + 30 * SECOND, lambda new=delivery_id: event(new), order.EVENT)  # type: ignore[misc]
    await tower.until(30)
    assert tower.departed == [(30, [1]), (30, [-2]), (30, [-3]), (30, [2, 3])]


async def test_a_herd_departs_in_waves_and_all_of_it_before_the_events_of_its_instant_r13() -> None:
    tower = Tower()
    for delivery_id in range(1, 2 * WAVE + 2):
        tower.await_attempt(delivery_id, 30)
    tower.clock.call_at(START + 30 * SECOND, lambda: tower.rings.append((30, [0])), order.EVENT)
    await tower.until(30)
    assert [len(deliveries) for _, deliveries in tower.departed] == [WAVE, WAVE, 1, 1]
    assert tower.departed[-1] == (30, [0])


async def test_no_more_than_the_airspace_holds_are_under_way_and_landings_make_room() -> None:
    tower = Tower()
    for delivery_id in range(AIRSPACE + 3):
        tower.await_attempt(delivery_id, 0)
    await tower.until(0)
    assert sum(len(deliveries) for _, deliveries in tower.departed) == AIRSPACE
    tower.bell.landed(2)
    await tower.until(0)
    assert tower.departed[-1] == (0, [AIRSPACE, AIRSPACE + 1])
    tower.bell.landed(1)
    await tower.until(0)
    assert tower.departed[-1] == (0, [AIRSPACE + 2])


async def test_a_stopped_bell_never_rings_again_whoever_arms_it() -> None:
    tower = Tower()
    tower.await_attempt(1, 30)
    tower.bell.stop()
    tower.await_attempt(2, 40)
    tower.bell.landed(1)
    await tower.until(60)
    assert tower.rings == []


async def test_with_nothing_pending_there_is_no_timer() -> None:
    tower = Tower()
    tower.bell.arm()
    assert tower.clock.next_due() is None
