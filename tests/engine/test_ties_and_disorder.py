"""Duplicates, held back events, neighbours that hang, and everything that falls on one instant (R11–R13)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise

from loopback import Hit, Loopback
from stage import DAY, START, Stage, instant, status

from simulator.clock.pace import ELASTIC
from simulator.domain import order
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.engine import bell
from simulator.engine.lanes import LANE_WIDTH

Make = Callable[..., Stage]

CHANGE, EVENT = order.CHANGE, order.EVENT


# R11: duplicates and disorder, on purpose


async def test_a_duplicate_is_sent_after_the_success_and_marked_r11(stage: Stage, receiver: Loopback) -> None:
    stage.sim.inject(Fault("f", FaultKind.DUPLICATE, START, delay_us=5 * SECOND))
    receiver.script(503, 200)
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit()
    await stage.settle()
    assert stage.starts() == [0, 30, 35]
    assert [(row["number"], row["position"], row["duplicate"]) for row in stage.attempts()] == [
        (1, 1, 0),
        (2, 2, 0),
        (3, 2, 1),
    ]
    assert receiver.targets() == ["/in?id=7"] * 3
    assert stage.states() == ["delivered"]


async def test_a_failing_duplicate_is_not_retried_and_takes_nothing_back_r11(stage: Stage, receiver: Loopback) -> None:
    stage.sim.inject(Fault("f", FaultKind.DUPLICATE, START))
    receiver.script(200, 503)
    stage.subscribe()
    stage.emit()
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 2
    assert stage.states() == ["delivered"]
    assert stage.sim.tally.delivered == 1


async def test_a_duplicate_of_a_disabled_subscription_is_dropped_also_in_the_ledger_r6_r11(
    stage: Stage, receiver: Loopback
) -> None:
    """Else a restart would send it after all."""
    stage.sim.inject(Fault("f", FaultKind.DUPLICATE, START))
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(1)
    stage.sim.subscriptions.disable(subscription.id)
    stage.sim.subscriptions.enable(subscription.id)
    await stage.start_again()
    await stage.until(DAY)
    assert len(receiver.hits) == 1
    assert stage.states() == ["delivered"]


async def test_a_held_back_event_is_overtaken_and_marked_r11(stage: Stage, receiver: Loopback) -> None:
    stage.sim.inject(Fault("f", FaultKind.REORDER, START, until=instant(1), delay_us=60 * SECOND))
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit(LEAD_ID="viewed")
    await stage.until(2)
    stage.emit(LEAD_ID="signed")
    await stage.settle()
    assert receiver.targets() == ["/in?id=signed", "/in?id=viewed"]
    assert stage.starts() == [2, 60]
    assert [row["fault"] for row in stage.rows("SELECT fault FROM deliveries ORDER BY id")] == ["reorder", ""]


# R12, R13: side by side, and at one instant


async def test_a_hanging_subscription_delays_no_other_r12(over_http: Make, receiver: Loopback) -> None:
    """More hang than fit into its lane, and they are answered only once the other subscription's request has come."""
    stage = over_http(pace=ELASTIC)
    other_came = asyncio.Event()

    async def answer(hit: Hit) -> int:
        if hit.target == "/other":
            other_came.set()
        await other_came.wait()
        return 200

    receiver.answer = answer
    stage.subscribe("/hangs")
    stage.subscribe("/other", event="lead_converted")
    stage.emit_many(LANE_WIDTH + 6)
    stage.at(0.02, partial(stage.emit, "lead_converted", LEAD_ID="7", PROJECT_ID="p"), rank=EVENT)
    await stage.until(0.02)
    await stage.settle()
    assert {row["outcome"] for row in stage.attempts()} == {"success"}
    assert len(receiver.hits) == LANE_WIDTH + 7


async def test_retries_of_one_subscription_are_on_time_while_another_hangs_r12(
    over_http: Make, receiver: Loopback
) -> None:
    receiver.answer = lambda hit: None if hit.target == "/hangs" else 503
    stage = over_http(timeout_seconds=0.05, pace=ELASTIC)
    stage.subscribe("/hangs")
    stage.subscribe("/other", event="lead_converted")
    stage.emit_many(3)
    stage.emit("lead_converted", LEAD_ID="7", PROJECT_ID="p")
    await stage.settle()
    assert len(stage.attempts()) == 4 * 6
    for before, after in pairwise(stage.attempts(4)):
        assert after["due_at"] - before["ended_at"] in {
            seconds * SECOND for seconds in (30, 300, 1_800, 10_800, 72_000)
        }
        assert after["started_at"] >= after["due_at"]


async def test_at_one_instant_changes_come_first_then_retries_then_new_events_r13(
    stage: Stage, receiver: Loopback
) -> None:
    """Planned in the opposite order."""
    receiver.script(503)
    subscription = stage.subscribe("/before?id=<LEAD_ID>")
    stage.emit(LEAD_ID="b")
    stage.emit(LEAD_ID="a")
    stage.at(30, partial(stage.emit, LEAD_ID="new"), rank=EVENT)
    stage.at(30, partial(stage.change, subscription, url_template=f"{receiver.url}/after?id=<LEAD_ID>"), rank=CHANGE)
    await stage.until(30)
    there = [row["url"].removeprefix(receiver.url) for row in stage.attempts()]
    assert there == ["/before?id=b", "/before?id=a", "/after?id=b", "/after?id=a", "/after?id=new"]
    assert stage.starts() == [0, 0, 30, 30, 30]
    assert receiver.targets()[-1] == "/after?id=new"


async def test_retries_of_one_instant_go_in_due_order_however_late_they_were_entered_r13(
    stage: Stage, receiver: Loopback
) -> None:
    """The third attempt of one delivery and the second of a later one are due at second 330."""
    receiver.script(503)
    stage.subscribe()
    stage.at(300, stage.emit, rank=EVENT)
    stage.emit()
    await stage.until(330)
    assert [(row["delivery_id"], row["number"]) for row in stage.attempts() if row["due_at"] == instant(330)] == [
        (1, 3),
        (2, 2),
    ]


async def test_a_subscription_disabled_at_the_instant_of_a_retry_and_an_event_gets_neither_r13(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    stage.at(30, stage.emit, rank=EVENT)
    stage.at(30, partial(stage.sim.subscriptions.disable, subscription.id), rank=CHANGE)
    await stage.until(DAY)
    assert len(receiver.hits) == 1
    assert stage.states() == ["cancelled", "cancelled"]


async def test_an_outcome_counts_before_the_events_of_its_instant_r13(over_http: Make, receiver: Loopback) -> None:
    """100 timeouts end at second 10; the event of second 10 finds the subscription disabled."""
    receiver.script(None)
    stage = over_http(timeout_seconds=0.1)
    stage.subscribe()
    stage.at(10, stage.emit, rank=EVENT)
    stage.emit_many(100)
    await stage.until(DAY)
    assert len(stage.attempts()) == 100
    assert stage.standing(101) == ("cancelled", "the subscription was disabled when the event occurred (R8)")


async def test_a_change_comes_before_the_outcomes_of_its_instant_r13(in_memory: Make) -> None:
    """Disabled by the customer at the very instant at which the hundredth failure ends: the failure comes too late."""
    stage = in_memory(lambda *_: status(503, 10))
    subscription = stage.subscribe()
    stage.emit_many(100)
    stage.at(10, partial(stage.sim.subscriptions.disable, subscription.id), rank=CHANGE)
    await stage.until(10)
    assert len(stage.attempts()) == 100
    assert stage.latest(subscription).disabled_reason == "disabled by the customer (R6)"
    assert stage.sim.tally.disabled == 0


async def test_an_outcome_counts_before_the_retries_of_its_instant_r13(in_memory: Make) -> None:
    """99 slow failures end at second 30 and make 100; the retry that is due at second 30 is cancelled, not sent."""
    stage = in_memory(lambda request, _: status(503, 0 if request.url.endswith("first") else 30))
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit(LEAD_ID="first")
    stage.emit_many(99)
    await stage.until(DAY)
    assert len(stage.attempts()) == 100
    assert stage.states() == ["cancelled"] * 100


async def test_a_herd_leaves_in_waves_and_before_the_events_of_its_instant_r13(
    over_http: Make, receiver: Loopback
) -> None:
    """The retries of second 30 are more than a wave; the event of second 30 comes after all of them."""
    herd = bell.WAVE + 76
    asked: Counter[str] = Counter()

    def answer(hit: Hit) -> int:
        asked[hit.target] += 1
        return 503 if asked[hit.target] == 1 and hit.target != "/in?id=0" else 200

    receiver.answer = answer
    stage = over_http(unhurried=True)
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.at(30, partial(stage.emit, LEAD_ID="new"), rank=EVENT)
    stage.emit_many(herd)
    await stage.until(60)
    retried = [row["delivery_id"] for row in stage.attempts() if row["started_at"] == instant(30)]
    assert retried == [*range(2, herd + 1), herd + 1]
    assert {row["started_at"] - row["due_at"] for row in stage.attempts()} == {0}
