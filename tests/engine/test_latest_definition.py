"""What changes of a subscription do to deliveries, over real HTTP: R5, R6, R8 and R9."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable

import pytest
from loopback import Hit, Loopback
from stage import DAY, HOUR, LADDER, Stage, with_readings

from simulator.clock.pace import ELASTIC
from simulator.engine.lanes import LANE_WIDTH

OverHttp = Callable[..., Stage]


# R5: the latest definition


async def test_a_corrected_url_is_used_by_the_next_attempt_r5(stage: Stage, receiver: Loopback) -> None:
    receiver.answer = lambda hit: 200 if hit.target.startswith("/right") else 404
    subscription = stage.subscribe("/wrong?id=<LEAD_ID>")
    stage.emit()
    await stage.until(29)
    stage.change(subscription, url_template=f"{receiver.url}/right?lead=<LEAD_ID>")
    await stage.settle()
    assert receiver.targets() == ["/wrong?id=7", "/right?lead=7"]
    assert [row["revision"] for row in stage.attempts()] == [1, 2]
    assert [row["url"] for row in stage.attempts()] == [receiver.url + target for target in receiver.targets()]


async def test_corrected_credentials_are_used_by_the_next_attempt_r5(stage: Stage, receiver: Loopback) -> None:
    receiver.answer = lambda hit: 200 if hit.headers.get("x-token") == "new" else 401
    subscription = stage.subscribe(header_auth_key="X-Token", header_auth_value="old")
    stage.emit()
    await stage.until(329)
    stage.change(subscription, header_auth_value="new")
    await stage.settle()
    assert [hit.headers["x-token"] for hit in receiver.hits] == ["old", "old", "new"]
    assert stage.states() == ["delivered"]


async def test_corrected_basic_credentials_are_used_by_the_next_attempt_r5(stage: Stage, receiver: Loopback) -> None:
    receiver.script(401)
    subscription = stage.subscribe(basic_auth_username="crm", basic_auth_password="old pass")
    stage.emit()
    await stage.until(0)
    stage.change(subscription, basic_auth_password="Powering the future 0f solar!")
    await stage.until(30)
    sent = [hit.headers["authorization"] for hit in receiver.hits]
    assert sent == [
        "Basic " + b64encode(pair).decode() for pair in (b"crm:old pass", b"crm:Powering the future 0f solar!")
    ]


async def test_attribute_values_stay_those_of_the_event_e8(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe("/in?id=<LEAD_ID>")
    attributes = {"LEAD_ID": "at the event"}
    stage.sim.emit("demo", "lead_changed", attributes)
    attributes["LEAD_ID"] = "later"
    await stage.settle()
    assert receiver.targets() == ["/in?id=at%20the%20event"] * 6


async def test_changed_filters_are_not_applied_to_what_is_pending_r5(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe(event="project_created")
    stage.emit("project_created", PROJECT_ID="p", SOURCE="app")
    await stage.until(10)
    stage.change(subscription, filters=[{"url_parameter": "<SOURCE>", "value": ["api"]}])
    stage.emit("project_created", PROJECT_ID="p", SOURCE="app")
    await stage.settle()
    assert stage.starts(1) == LADDER
    assert stage.standing(2) == ("filtered", 'filter SOURCE wants "api"; the event has "app" (E3)')
    assert len(receiver.hits) == 6


async def test_changing_the_event_drops_what_is_pending_for_good_r5(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(10)
    stage.change(subscription, event="lead_created")
    stage.change(subscription, event="lead_changed")
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 1
    assert stage.standing(1) == ("cancelled", "the subscription was moved to another event (R5)")


# R6: disabling and deleting


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        ("disable", "disabled by the customer (R6)"),
        ("delete", "the subscription was deleted (R6)"),
    ],
)
async def test_disabling_and_deleting_cancel_the_pending_retries_for_good_r6(
    stage: Stage, receiver: Loopback, act: str, reason: str
) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(31)
    getattr(stage.sim.subscriptions, act)(subscription.id)
    if act == "disable":
        stage.sim.subscriptions.enable(subscription.id)
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 2
    assert stage.standing(1) == ("cancelled", reason)


async def test_a_put_of_enabled_false_cancels_as_well_r6(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(31)
    stage.change(subscription, enabled=False)
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 2


async def test_under_the_other_reading_the_state_is_checked_when_the_retry_is_due_r6(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """`disable_cancels_pending: false`: re-enabled in time, the retry is sent; disabled when due, it is cancelled."""
    receiver.script(503)
    stage = over_http(profile=with_readings(disable_cancels_pending=False))
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(10)
    stage.sim.subscriptions.disable(subscription.id)
    await stage.until(29)
    stage.sim.subscriptions.enable(subscription.id)
    await stage.until(100)
    assert stage.starts() == [0, 30]
    stage.sim.subscriptions.disable(subscription.id)
    await stage.until(400 * DAY)
    assert stage.starts() == [0, 30]
    assert stage.standing(1) == ("cancelled", "disabled by the customer (R6)")


@pytest.mark.parametrize("act", ["disable", "delete"])
@pytest.mark.parametrize(("code", "state"), [(503, "cancelled"), (200, "delivered")])
async def test_an_attempt_on_the_wire_when_its_subscription_is_stopped_finishes_and_is_not_retried_r6(
    stage: Stage, receiver: Loopback, act: str, code: int, state: str
) -> None:
    subscription = stage.subscribe()

    def answer(_: Hit) -> int:
        getattr(stage.sim.subscriptions, act)(subscription.id)
        return code

    receiver.answer = answer
    stage.emit()
    await stage.until(400 * DAY)
    assert [(row["status"], row["revision"]) for row in stage.attempts()] == [(code, 1)]
    assert stage.states() == [state]
    assert len(receiver.hits) == 1


async def test_an_attempt_on_the_wire_is_not_retried_although_its_subscription_is_enabled_again_r6(
    stage: Stage, receiver: Loopback
) -> None:
    subscription = stage.subscribe()

    def answer(_: Hit) -> int:
        stage.sim.subscriptions.disable(subscription.id)
        stage.sim.subscriptions.enable(subscription.id)
        return 503

    receiver.answer = answer
    stage.emit()
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 1
    assert stage.standing(1) == ("cancelled", "disabled by the customer (R6)")


async def test_what_waits_in_its_lane_when_its_subscription_is_stopped_never_leaves_r6_r8(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """Where time runs, attempts wait for a place in their subscription's lane: those are not on the wire yet."""
    stage = over_http(pace=ELASTIC)
    subscription = stage.subscribe()
    full, may_answer = asyncio.Event(), asyncio.Event()

    async def answer(hit: Hit) -> int:
        if hit.number == LANE_WIDTH:
            full.set()
        await may_answer.wait()
        return 503

    receiver.answer = answer
    stage.emit_many(LANE_WIDTH + 6)
    await full.wait()
    stage.sim.subscriptions.disable(subscription.id)
    may_answer.set()
    await stage.settle()
    assert len(receiver.hits) == len(stage.attempts()) == LANE_WIDTH
    assert stage.states() == ["cancelled"] * (LANE_WIDTH + 6)
    assert stage.sim.tally.cancelled == LANE_WIDTH + 6
    assert stage.rows("SELECT * FROM on_wire") == []


# R8, R9: while disabled, and afterwards


async def test_events_while_disabled_are_visible_and_never_delivered_later_r8(stage: Stage, receiver: Loopback) -> None:
    subscription = stage.subscribe()
    stage.sim.subscriptions.disable(subscription.id)
    stage.emit_many(3)
    await stage.until(HOUR)
    stage.sim.subscriptions.enable(subscription.id)
    await stage.until(400 * DAY)
    assert receiver.hits == []
    assert stage.states() == ["cancelled"] * 3
    assert stage.standing(1)[1] == "the subscription was disabled when the event occurred (R8)"
    assert stage.sim.tally.cancelled == 3


async def test_what_a_filter_refuses_was_not_missed_while_disabled_e3_r8(stage: Stage) -> None:
    """A resend of everything missed must not send what the filters never let through."""
    stage.subscribe(event="project_created", enabled=False, filters=[{"url_parameter": "SOURCE", "value": ["api"]}])
    stage.emit("project_created", PROJECT_ID="p", SOURCE="app")
    stage.emit("project_created", PROJECT_ID="p", SOURCE="api")
    assert stage.states() == ["filtered", "cancelled"]


async def test_re_enabling_works_at_once_and_starts_the_count_afresh_r9(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(100)
    await stage.now()
    assert not stage.enabled(subscription)
    stage.sim.subscriptions.enable(subscription.id)
    assert stage.latest(subscription).disabled_at is None
    stage.emit_many(99)
    await stage.now()
    assert (len(receiver.hits), stage.enabled(subscription)) == (199, True)
    stage.emit()
    await stage.now()
    assert (len(receiver.hits), stage.enabled(subscription)) == (200, False)


async def test_under_the_other_reading_the_next_failure_disables_again_r9(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """`reset_on_reenable: false`."""
    receiver.script(503)
    stage = over_http(profile=with_readings(reset_on_reenable=False))
    subscription = stage.subscribe()
    stage.emit_many(100)
    await stage.now()
    stage.sim.subscriptions.enable(subscription.id)
    stage.emit()
    await stage.now()
    assert (len(receiver.hits), stage.enabled(subscription)) == (101, False)
