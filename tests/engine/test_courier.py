"""`engine/courier`: one attempt from start to finish."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from specimens_engine import a_flight, a_subscription, an_event
from stage import START

from simulator.clock.clock import Clock
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, Pace
from simulator.domain.delivery import Rung
from simulator.domain.fault import Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.engine.courier import Courier
from simulator.engine.flight import Flight, Landing
from simulator.engine.roster import Roster
from simulator.providers.aurora import AURORA

OK = Outcome(Kind.SUCCESS, 200)


class Road:
    """A wire on which the test decides when each request is answered, and with what."""

    def __init__(self, outcome: Outcome = OK) -> None:
        self.outcome = outcome
        self.opened = asyncio.Event()
        self.opened.set()
        self.under_way: list[Request] = []
        self.passages: list[Passage] = []

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        self.under_way.append(request)
        self.passages.append(passage)
        await self.opened.wait()
        return self.outcome

    async def close(self) -> None:
        pass


def on_the_road(road: Road, pace: Pace = JUMP) -> tuple[Courier, Roster, Clock]:
    clock, roster = Clock(START, pace), Roster(AURORA)
    roster.put(a_subscription("crm"))
    roster.put(a_subscription("other"))
    return Courier(AURORA, clock, road, roster, 0), roster, clock


async def landing_of(courier: Courier, flight: Flight) -> Landing:
    landing = await courier.carry(flight)
    assert landing
    return landing


async def carried(outcome: Outcome, pace: Pace = JUMP) -> Landing:
    courier, _, _ = on_the_road(Road(outcome), pace)
    return await landing_of(courier, a_flight())


async def test_an_attempt_goes_out_as_the_latest_definition_says_and_remembers_its_revision_e8_s14() -> None:
    road = Road()
    courier, roster, _ = on_the_road(road)
    former = roster.get("id-crm")
    corrected = replace(former.definition, url_template="http://127.0.0.1:9/right?l=<LEAD_ID>")
    roster.put(former.revised(corrected, START))
    landing = await landing_of(courier, a_flight())
    assert (landing.revision, landing.request.url) == (2, "http://127.0.0.1:9/right?l=7")
    assert road.under_way == [landing.request]


async def test_the_values_are_those_of_the_event_e8() -> None:
    courier, _, _ = on_the_road(Road())
    landing = await landing_of(courier, Flight(1, "id-crm", an_event(LEAD_ID="a b"), Rung(START)))
    assert landing.request.url.endswith("?id=a%20b")


async def test_the_passage_tells_which_attempt_this_is() -> None:
    road = Road()
    courier, _, _ = on_the_road(road)
    await courier.carry(a_flight(5, rung=Rung(START - 1, number=8, chain=2, position=3)))
    assert road.passages == [Passage(5, "id-crm", "lead_changed", number=8, position=3, started_at=START)]


@pytest.mark.parametrize("pace", [JUMP, PAUSED])
@pytest.mark.parametrize(
    ("outcome", "charged_us"),
    [
        (Outcome(Kind.SUCCESS, 200, real_us=0), 0),
        (Outcome(Kind.SUCCESS, 200, real_us=999_999), 0),
        (Outcome(Kind.SUCCESS, 200, real_us=1_000_000), SECOND),
        (Outcome(Kind.SERVER_ERROR, 503, real_us=9_999_999), 9 * SECOND),
        (Outcome(Kind.CONNECT_TIMEOUT, real_us=10_020_000), 10 * SECOND),
        (Outcome(Kind.HEADERS_TIMEOUT, real_us=11_500_000), 10 * SECOND),
        (Outcome(Kind.BODY_TIMEOUT, 200, real_us=9_999_000), 10 * SECOND),
    ],
)
async def test_where_time_stands_whole_seconds_are_charged_and_a_timeout_costs_the_limit_r4(
    pace: Pace, outcome: Outcome, charged_us: int
) -> None:
    landing = await carried(outcome, pace)
    assert (landing.started_at, landing.ended_at) == (START, START + charged_us)


@pytest.mark.parametrize("pace", [JUMP, ELASTIC])
async def test_a_decreed_duration_counts_as_it_is(pace: Pace) -> None:
    landing = await carried(Outcome(Kind.SERVER_ERROR, 503, real_us=77, virtual_us=2_500_001), pace)
    assert landing.ended_at - landing.started_at == 2_500_001


async def test_where_time_runs_the_clock_itself_says_when_it_ended() -> None:
    road = Road(Outcome(Kind.SUCCESS, 200, real_us=123_456_789))
    courier, _, clock = on_the_road(road, ELASTIC)
    with clock.holding():
        landing = await landing_of(courier, a_flight())
        assert START <= landing.started_at <= landing.ended_at <= clock.now()


async def test_what_was_stopped_before_it_left_does_not_leave_r6_r8() -> None:
    road = Road()
    courier, _, _ = on_the_road(road)
    flight = a_flight()
    flight.stopped = "disabled by the customer (R6)"
    assert await courier.carry(flight) is None
    assert road.under_way == []


async def test_what_a_wire_raises_is_not_taken_for_an_outcome() -> None:
    class Broken(Road):
        async def send(self, request: Request, passage: Passage, /) -> Outcome:
            raise ZeroDivisionError

    courier, _, _ = on_the_road(Broken())
    with pytest.raises(ZeroDivisionError):
        await courier.carry(a_flight())
