"""`engine/inflight`: what is on the wire, and the order in which outcomes are applied."""

from __future__ import annotations

import asyncio

import pytest
from specimens_engine import a_flight, a_landing
from stage import START, status

from simulator.clock.clock import Clock
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, Pace
from simulator.domain import order
from simulator.domain.delivery import Rung
from simulator.domain.instant import SECOND
from simulator.engine.flight import Flight, Landing
from simulator.engine.inflight import InFlight


class Field:
    """An airfield: each flight lands when the test says so, so many seconds after it left; below zero it never left."""

    def __init__(self, pace: Pace = JUMP) -> None:
        self.clock = Clock(START, pace)
        self.applied: list[tuple[int, int]] = []
        self.groups: list[int] = []
        self.settled = asyncio.Event()
        self.failures: list[BaseException] = []
        self._answers: dict[int, asyncio.Future[int]] = {}
        self.inflight = InFlight(
            self.clock, self._carry, settle=self._settle, settled=self._group_settled, fail=self.failures.append
        )

    def launch(self, *flights: Flight) -> None:
        for flight in flights:
            self._answers[flight.delivery_id] = asyncio.get_running_loop().create_future()
        self.inflight.board(flights)
        self.inflight.take_off()

    async def land(self, delivery_id: int, took: int = 0) -> None:
        self._answers[delivery_id].set_result(took)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def crash(self, delivery_id: int, error: BaseException) -> None:
        self._answers[delivery_id].set_exception(error)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def _carry(self, flight: Flight) -> Landing | None:
        took = await self._answers[flight.delivery_id]
        return None if took < 0 else a_landing(flight, status(200), took_us=took * SECOND)

    def _group_settled(self, size: int) -> None:
        self.groups.append(size)
        self.settled.set()

    def _settle(self, landing: Landing) -> None:
        assert landing.flight.delivery_id not in self.inflight, "it is no longer on the wire"
        self.applied.append(((self.clock.now() - START) // SECOND, landing.flight.delivery_id))


def flights(*delivery_ids: int) -> list[Flight]:
    return [a_flight(delivery_id) for delivery_id in delivery_ids]


@pytest.mark.parametrize("race", [(1, 2, 3), (3, 2, 1), (2, 3, 1)])
async def test_however_the_answers_race_outcomes_of_one_instant_are_applied_in_one_order_r13(
    race: tuple[int, ...],
) -> None:
    field = Field()
    field.launch(*flights(1, 2, 3))
    for delivery_id in race:
        assert field.applied == []
        await field.land(delivery_id)
    await field.clock.idle()
    assert field.applied == [(0, 1), (0, 2), (0, 3)]
    assert field.groups == [3]


async def test_retries_that_were_due_earlier_are_applied_first_r13() -> None:
    field = Field()
    field.launch(a_flight(1, rung=Rung(START)), a_flight(2, rung=Rung(START - 5)))
    await field.land(1)
    await field.land(2)
    await field.clock.idle()
    assert field.applied == [(0, 2), (0, 1)]


async def test_an_outcome_is_applied_at_the_instant_at_which_the_attempt_ended() -> None:
    field = Field()
    field.launch(*flights(1, 2, 3))
    for delivery_id, took in ((1, 10), (2, 3), (3, 10)):
        await field.land(delivery_id, took)
    await field.clock.advance_to(START + 60 * SECOND)
    assert field.applied == [(3, 2), (10, 1), (10, 3)]
    assert field.groups == [1, 2]


async def test_what_was_changed_at_its_instant_comes_before_an_outcome_r13() -> None:
    """Somebody plans a change for this very instant while the attempt is on the wire."""
    field = Field()
    field.launch(*flights(1))
    field.clock.call_at(START, lambda: field.applied.append((0, 0)), order.CHANGE)
    await field.land(1)
    await field.clock.idle()
    assert field.applied == [(0, 0), (0, 1)]


async def test_an_outcome_before_which_nothing_else_can_come_is_applied_when_it_lands() -> None:
    field = Field()
    field.launch(*flights(1))
    await field.land(1)
    assert (field.applied, field.groups, field.clock.next_due()) == ([(0, 1)], [1], None)


async def test_an_outcome_that_cannot_be_applied_stops_the_run_loudly_wherever_time_stands() -> None:
    for pace in (JUMP, ELASTIC):
        field = Field(pace)
        field.clock.on_error = field.failures.append
        field.launch(*flights(1))
        del field.inflight._flights[1]
        await field.land(1)
        await field.clock.idle()
        assert [type(failure) for failure in field.failures] == [KeyError]
        assert field.clock.holds == 0


async def test_time_stands_while_anything_is_on_the_wire() -> None:
    field = Field()
    rung: list[int] = []
    field.clock.call_at(START + SECOND, lambda: rung.append(1))
    field.launch(*flights(1, 2))
    await field.land(2)
    assert (field.clock.holds, field.clock.now(), rung) == (1, START, [])
    await field.land(1)
    await field.clock.idle()
    assert field.clock.holds == 0
    await field.clock.advance_to(START + SECOND)
    assert rung == [1]


async def test_a_flight_is_on_the_wire_until_its_outcome_is_applied() -> None:
    field = Field(PAUSED)
    field.launch(*flights(1))
    await field.land(1, took=5)
    assert 1 in field.inflight
    assert len(field.inflight) == 1
    assert [flight.delivery_id for flight in field.inflight.of_subscription("id-crm")] == [1]
    assert not list(field.inflight.of_subscription("id-other"))
    await field.clock.advance_to(START + 5 * SECOND)
    assert 1 not in field.inflight


async def test_where_time_runs_an_early_answer_is_not_kept_waiting_by_a_hanging_one_r12() -> None:
    field = Field(ELASTIC)
    field.launch(*flights(1, 2))
    await field.land(2)
    await field.settled.wait()
    assert [delivery_id for _, delivery_id in field.applied] == [2]
    assert 1 in field.inflight
    await field.land(1)
    await field.clock.idle()


async def test_no_landing_is_lost_that_comes_after_others_were_applied() -> None:
    """A flight that was under way before a group was applied lands in the next one."""
    field = Field(ELASTIC)
    field.launch(*flights(1, 2, 3))
    for delivery_id in (3, 1, 2):
        field.settled.clear()
        await field.land(delivery_id)
        await field.settled.wait()
    assert [delivery_id for _, delivery_id in field.applied] == [3, 1, 2]
    assert (len(field.inflight), field.clock.holds) == (0, 0)


async def test_a_courier_that_breaks_stops_the_run_and_is_not_taken_for_an_outcome() -> None:
    """The others' outcomes are recorded all the same, and whoever advances the clock does not wait for ever."""
    field = Field()
    broken = ZeroDivisionError("ours")
    field.launch(*flights(1, 2))
    await field.crash(1, broken)
    await field.land(2)
    await field.clock.advance(SECOND)
    assert field.failures == [broken]
    assert field.applied == [(0, 2)]
    assert 1 in field.inflight


async def test_a_flight_that_was_stopped_before_it_left_is_withdrawn_r6_r8() -> None:
    field = Field()
    withdrawn: list[Flight] = []
    field.inflight.withdraw = withdrawn.append
    first, second = flights(1, 2)
    field.launch(first, second)
    await field.land(1, took=-1)
    await field.land(2)
    await field.clock.idle()
    assert withdrawn == [first]
    assert field.applied == [(0, 2)]
    assert (sorted(field.groups), len(field.inflight), field.clock.holds) == ([1, 1], 0, 0)


async def test_stopping_breaks_off_what_is_on_the_wire() -> None:
    field = Field()
    field.launch(*flights(1, 2))
    await asyncio.sleep(0)
    await field.inflight.stop()
    assert all(answer.cancelled() for answer in field._answers.values())
    assert (field.applied, field.failures) == ([], [])
