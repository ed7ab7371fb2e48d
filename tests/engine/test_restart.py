"""`engine/restart`: a process ends, another takes up its ledger, and nobody could tell from the record (R14)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Hit, Loopback
from stage import DAY, HOUR, LADDER, START, Stage, instant, status, with_readings

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.domain.provider import Profile
from simulator.providers.aurora import AURORA

OverHttp = Callable[..., Stage]


@pytest.mark.parametrize("at", [0, 29, 30, 331, 12_930, 84_929])
async def test_a_restart_in_the_middle_of_a_ladder_moves_no_attempt_r3_r14(
    over_http: OverHttp, receiver: Loopback, tmp_path: Path, at: int
) -> None:
    receiver.script(503)
    stage = over_http(path=tmp_path / "run.db")
    stage.subscribe()
    stage.emit()
    await stage.until(at)
    assert await stage.start_again() == 0
    await stage.settle()
    assert stage.starts() == LADDER
    assert len(receiver.hits) == 6
    assert stage.states() == ["exhausted"]


async def test_an_attempt_on_the_wire_when_the_process_died_is_unknown_and_sent_again_at_once_r14(
    stage: Stage, receiver: Loopback
) -> None:
    arrived = asyncio.Event()

    def never(_: Hit) -> None:
        arrived.set()

    receiver.answer = never
    stage.subscribe()
    stage.emit()
    await arrived.wait()
    receiver.script(503, 200)
    assert await stage.start_again() == 1
    await stage.settle()
    assert [(row["number"], row["position"], row["outcome"]) for row in stage.attempts()] == [
        (1, 1, "unknown"),
        (2, 1, "server_error"),
        (3, 2, "success"),
    ]
    assert stage.starts() == [0, 0, 30]
    assert len(receiver.hits) == 3
    assert stage.rows("SELECT * FROM on_wire") == []


@pytest.mark.parametrize("act", ["disable", "delete", "move", "disable and enable"])
async def test_what_its_subscription_went_through_meanwhile_still_counts_r5_r6_r14(
    in_memory: Callable[..., Stage], act: str
) -> None:
    """Its attempt was under way when the subscription was stopped, and when the process died."""
    stage = in_memory(lambda *_: status(503, 7))
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(1)
    if act == "move":
        stage.change(subscription, event="lead_created")
    elif act == "delete":
        stage.sim.subscriptions.delete(subscription.id)
    else:
        stage.sim.subscriptions.disable(subscription.id)
    if act == "disable and enable":
        stage.sim.subscriptions.enable(subscription.id)
    await stage.start_again()
    await stage.until(DAY)
    assert [row["outcome"] for row in stage.attempts()] == ["unknown"]
    assert stage.states() == ["cancelled"]


async def test_the_failure_count_goes_on_where_it_stood_r7_r14(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(99)
    await stage.now()
    await stage.start_again()
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert not stage.enabled(subscription)


async def test_a_count_that_was_started_afresh_stays_fresh_r9_r14(stage: Stage, receiver: Loopback) -> None:
    """Enabled at the very instant at which it was disabled: virtual time had no reason to move."""
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(100)
    await stage.now()
    stage.sim.subscriptions.enable(subscription.id)
    stage.emit()
    await stage.now()
    await stage.start_again()
    stage.emit_many(98)
    await stage.now()
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert not stage.enabled(subscription)


@pytest.mark.parametrize(
    ("profile", "enabled"), [(AURORA, True), (with_readings(reset_on_reenable=False), False)], ids=["afresh", "goes on"]
)
async def test_whether_enabling_resets_is_the_same_after_a_restart_r9_r14(
    over_http: OverHttp, receiver: Loopback, profile: Profile, enabled: bool
) -> None:
    receiver.script(503)
    stage = over_http(profile=profile)
    subscription = stage.subscribe()
    stage.emit_many(100)
    await stage.until(5)
    stage.sim.subscriptions.enable(subscription.id)
    await stage.start_again()
    stage.emit()
    await stage.now()
    assert stage.enabled(subscription) is enabled


async def test_a_success_before_the_restart_still_blocks_r7_r14(stage: Stage, receiver: Loopback) -> None:
    receiver.script(200, 503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(HOUR)
    await stage.start_again()
    stage.emit_many(150)
    await stage.now()
    assert stage.enabled(subscription)


async def test_faults_resends_and_duplicates_survive_r10_r11_r14(stage: Stage, receiver: Loopback) -> None:
    stage.sim.inject(Fault("f", FaultKind.DUPLICATE, START, delay_us=60 * SECOND))
    stage.sim.inject(Fault("over", FaultKind.REFUSE, START + 1))
    stage.sim.clear(lambda fault: fault.id == "over")
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit(LEAD_ID="1")
    stage.emit(LEAD_ID="2")
    await stage.now()
    stage.sim.resend(2)
    await stage.start_again()
    assert [fault.id for fault in stage.sim.faults] == ["f"]
    await stage.settle()
    assert [(row["delivery_id"], row["number"], row["duplicate"]) for row in stage.attempts()] == [
        (1, 1, 0),
        (2, 1, 0),
        (2, 2, 0),
        (1, 2, 1),
        (2, 3, 1),
    ]
    assert [row["started_at"] for row in stage.attempts()][-2:] == [instant(60)] * 2


async def test_numbers_of_events_and_deliveries_go_on_r14(stage: Stage) -> None:
    stage.subscribe()
    stage.emit()
    await stage.start_again()
    assert stage.emit().id == 2
    await stage.settle()
    assert stage.states() == ["delivered", "delivered"]


async def test_subscriptions_keep_their_ids_and_a_new_one_gets_another_s6_r14(stage: Stage) -> None:
    first = stage.subscribe()
    await stage.start_again()
    assert stage.latest(first) == first
    assert stage.subscribe().id != first.id
