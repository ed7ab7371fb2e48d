"""What the guide promises, measured to the microsecond over real HTTP: instants, counts and boundaries.

The receiver is real, its answers are written for each request. The clock is paused or jumps; where time stands while
requests are on the wire, an answer that takes less than a second costs nothing, so every instant is exact.
"""

from __future__ import annotations

import asyncio
import random
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from loopback import Hit, Loopback, Unfinished
from stage import DAY, HOUR, LADDER, START, Row, Stage, instant, with_readings

from simulator.clock.pace import ELASTIC, JUMP
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.engine import bell, order
from simulator.engine.lanes import LANE_WIDTH
from simulator.errors import Invalid, NotFound, Refused

OverHttp = Callable[..., Stage]

CHANGE, EVENT = order.CHANGE, order.EVENT


# R3, R4: the ladder


async def test_the_attempts_of_a_failing_delivery_stand_at_the_documented_instants_r3(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    attempts = stage.attempts()
    assert [row["started_at"] for row in attempts] == [START + seconds * SECOND for seconds in LADDER]
    assert [row["due_at"] for row in attempts] == [row["started_at"] for row in attempts]
    assert [row["number"] for row in attempts] == [1, 2, 3, 4, 5, 6]
    assert stage.standing(1) == ("exhausted", "the last attempt of the ladder failed (R3)")
    assert len(receiver.hits) == 6


async def test_after_the_sixth_failure_nothing_is_ever_sent_again_r3(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 6
    assert stage.clock.next_due() is None


@pytest.mark.parametrize("fails", range(6))
async def test_a_success_stops_the_chain_r3(stage: Stage, receiver: Loopback, fails: int) -> None:
    receiver.script(*[500] * fails, 204)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER[: fails + 1]
    assert stage.states() == ["delivered"]


@pytest.mark.parametrize("paces", [JUMP, ELASTIC])
async def test_a_microsecond_before_it_is_due_no_retry_leaves_r3(
    over_http: OverHttp, receiver: Loopback, paces: Any
) -> None:
    receiver.script(503)
    stage = over_http()
    stage.subscribe()
    stage.emit()
    for number, seconds in enumerate(LADDER[1:], 1):
        await stage.clock.advance_to(instant(seconds) - 1)
        assert len(receiver.hits) == number
        await stage.clock.advance_to(instant(seconds))
        assert len(receiver.hits) == number + 1


@pytest.mark.parametrize(
    ("since", "starts"),
    [("end", [0, 40, 350, 2_160, 12_970, 84_980]), ("start", LADDER)],
)
async def test_a_timeout_costs_exactly_the_limit_and_the_delay_runs_from_its_end_or_its_start_r4(
    over_http: OverHttp, receiver: Loopback, since: str, starts: list[int]
) -> None:
    receiver.script(None)
    stage = over_http(timeout_seconds=0.05, profile=with_readings(retry_delay_from=since))
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == starts
    assert all(row["outcome"].endswith("_timeout") for row in stage.attempts())
    assert {row["ended_at"] - row["started_at"] for row in stage.attempts()} == {10 * SECOND}


async def test_jitter_moves_retries_by_its_share_at_most_and_by_seed_r4(
    over_http: OverHttp, receiver: Loopback
) -> None:
    receiver.script(503)

    async def gaps(seed: int) -> list[float]:
        stage = over_http(profile=with_readings(retry_jitter=0.1), seed=seed)
        stage.subscribe()
        stage.emit()
        await stage.settle()
        starts = stage.starts()
        return [after - before for before, after in pairwise(starts)]

    first, again, other = await gaps(1), await gaps(1), await gaps(2)
    assert first == again != other
    for gap, delay in zip(first, [30, 300, 1_800, 10_800, 72_000], strict=True):
        assert 0.9 * delay <= gap <= 1.1 * delay
        assert gap != delay


# R2: what fails, and what is never followed


@pytest.mark.parametrize("code", [201, 204, 299])
async def test_every_2xx_succeeds_r1(stage: Stage, receiver: Loopback, code: int) -> None:
    receiver.script(code)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert [(row["outcome"], row["status"]) for row in stage.attempts()] == [("success", code)]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (304, "redirect"),
        (404, "client_error"),
        (500, "server_error"),
        (b"", "reset"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "informational"),
        (b"nothing of HTTP\r\n\r\n", "malformed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "malformed"),
    ],
)
async def test_everything_else_fails_and_is_retried_r2(
    stage: Stage, receiver: Loopback, reply: int | bytes, outcome: str
) -> None:
    receiver.script(reply)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER
    assert {row["outcome"] for row in stage.attempts()} == {outcome}
    assert len(receiver.hits) == 6


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_the_target_of_a_redirect_gets_no_request_r2(stage: Stage, receiver: Loopback, code: int) -> None:
    location = f"HTTP/1.1 {code} Elsewhere\r\nLocation: {receiver.url}/elsewhere\r\nContent-Length: 0\r\n\r\n"
    receiver.script(location.encode())
    stage.subscribe("/here?id=<LEAD_ID>")
    stage.emit()
    await stage.settle()
    assert receiver.targets() == ["/here?id=7"] * 6
    assert {row["outcome"] for row in stage.attempts()} == {"redirect"}


# R7: auto-disable


async def test_the_99th_failing_attempt_leaves_enabled_and_the_100th_disables_r7(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(99)
    await stage.now()
    assert len(stage.attempts()) == 99
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert len(stage.attempts()) == 100
    assert not stage.enabled(subscription)
    assert stage.latest(subscription).disabled_at == START
    assert stage.latest(subscription).disabled_reason.startswith("auto-disabled: 100 attempts within 48 h")


async def test_retries_count_like_first_attempts_r7(stage: Stage, receiver: Loopback) -> None:
    """16 deliveries make 96 attempts; of the next 16 the fourth trips the rule."""
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit_many(16)
    await stage.settle()
    assert (len(stage.attempts()), stage.enabled(subscription)) == (96, True)
    for _ in range(3):
        stage.emit()
        await stage.now()
    assert stage.enabled(subscription)
    stage.emit()
    await stage.now()
    assert not stage.enabled(subscription)


async def test_the_hundredth_failure_cancels_every_retry_for_good_r6_r8(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit_many(100)
    await stage.until(400 * DAY)
    assert len(receiver.hits) == 100
    assert stage.states() == ["cancelled"] * 100
    assert {stage.standing(number)[1] for number in range(1, 101)} == {
        "auto-disabled: 100 attempts within 48 h and no success among them (R7)"
    }


@pytest.mark.parametrize(
    ("seconds", "disabled_after"),
    [(48 * HOUR - 1, 48 * HOUR - 1), (48 * HOUR, 48 * HOUR + 30)],
    ids=["47:59:59", "48:00:00"],
)
async def test_attempts_leave_the_window_exactly_48_hours_later_r7(
    stage: Stage, receiver: Loopback, seconds: int, disabled_after: int
) -> None:
    """60 failures, the first of them at second 0, then 40 at once: with it they are 100, without it 99."""
    receiver.script(503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(60)
    stage.emit_many(9)
    await stage.until(seconds)
    assert len(stage.attempts()) == 60
    stage.emit_many(40)
    await stage.until(seconds + 30)
    assert stage.latest(subscription).disabled_at == instant(disabled_after)


@pytest.mark.parametrize(("seconds", "enabled"), [(48 * HOUR - 1, True), (48 * HOUR, False)])
async def test_a_success_blocks_for_exactly_48_hours_r7(
    stage: Stage, receiver: Loopback, seconds: int, enabled: bool
) -> None:
    receiver.script(200, 503)
    subscription = stage.subscribe()
    stage.emit()
    await stage.until(seconds)
    stage.emit_many(120)
    await stage.now()
    assert stage.enabled(subscription) is enabled


async def test_one_success_among_hundreds_of_failures_keeps_the_subscription_enabled_r7(
    stage: Stage, receiver: Loopback
) -> None:
    receiver.answer = lambda hit: 200 if hit.number == 77 else 503
    subscription = stage.subscribe()
    stage.emit_many(60)
    await stage.settle()
    assert len(stage.attempts()) > 300
    assert stage.enabled(subscription)


async def test_under_the_other_reading_only_48_hours_of_nothing_but_failures_disable_r7(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """`autodisable_window: sustained`."""
    receiver.script(503)
    stage = over_http(profile=with_readings(autodisable_window="sustained"))
    subscription = stage.subscribe()
    stage.emit()
    stage.at(48 * HOUR - 1, partial(stage.emit_many, 150), rank=EVENT)
    await stage.until(48 * HOUR - 1)
    assert len(stage.attempts()) == 156
    assert stage.enabled(subscription)
    stage.at(48 * HOUR, stage.emit, rank=EVENT)
    await stage.until(48 * HOUR)
    assert stage.latest(subscription).disabled_at == instant(48 * HOUR)


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
    assert stage.standing(2) == ("filtered", 'filter SOURCE wants "api"; the event has "app"')
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


# R10: resend


@pytest.mark.parametrize(("over_us", "accepted"), [(0, True), (1, False), (DAY * SECOND, False)])
async def test_a_resend_is_possible_within_30_days_of_the_event_r10(
    stage: Stage, receiver: Loopback, over_us: int, accepted: bool
) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.settle()
    receiver.script(200)
    await stage.clock.advance_to(instant(30 * DAY) + over_us)
    if not accepted:
        with pytest.raises(Refused, match="delivery 1 cannot be resent: its event occurred more than 30 days ago"):
            stage.sim.resend(1)
    else:
        stage.sim.resend(1)
    await stage.settle()
    assert stage.states() == ["delivered" if accepted else "exhausted"]


async def test_a_resend_has_a_fresh_chain_and_the_latest_definition_r10(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    subscription = stage.subscribe("/old?id=<LEAD_ID>")
    stage.emit()
    await stage.until(DAY)
    stage.change(subscription, url_template=f"{receiver.url}/new?id=<LEAD_ID>")
    stage.sim.resend(1)
    await stage.settle()
    assert stage.starts() == LADDER + [DAY + seconds for seconds in LADDER]
    assert [(row["number"], row["chain"], row["position"]) for row in stage.attempts()] == [
        *((number, 1, number) for number in range(1, 7)),
        *((number, 2, number - 6) for number in range(7, 13)),
    ]
    assert receiver.targets() == ["/old?id=7"] * 6 + ["/new?id=7"] * 6
    assert stage.states() == ["exhausted"]


async def test_a_resend_supersedes_the_pending_retry_r10(stage: Stage, receiver: Loopback) -> None:
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    await stage.until(10)
    stage.sim.resend(1)
    await stage.settle()
    assert stage.starts() == [0, *(10 + seconds for seconds in LADDER)]


async def test_what_was_delivered_can_be_resent_and_succeeds_once_more_r10(stage: Stage, receiver: Loopback) -> None:
    stage.subscribe()
    stage.emit()
    await stage.until(10)
    stage.sim.resend(1)
    assert stage.states() == ["pending"]
    await stage.settle()
    assert stage.starts() == [0, 10]
    assert stage.states() == ["delivered"]


async def test_events_missed_while_disabled_can_be_resent_after_re_enabling_r8_r10(
    stage: Stage, receiver: Loopback
) -> None:
    subscription = stage.subscribe("/in?id=<LEAD_ID>", enabled=False)
    stage.emit()
    stage.sim.subscriptions.enable(subscription.id)
    stage.sim.resend(1)
    await stage.settle()
    assert receiver.targets() == ["/in?id=7"]
    assert stage.states() == ["delivered"]


async def test_a_resend_to_a_disabled_or_deleted_subscription_is_refused_r10(stage: Stage, receiver: Loopback) -> None:
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    stage.sim.subscriptions.disable(subscription.id)
    with pytest.raises(Refused, match="its subscription is disabled; enable it"):
        stage.sim.resend(1)
    stage.sim.subscriptions.delete(subscription.id)
    with pytest.raises(Refused, match="its subscription was deleted"):
        stage.sim.resend(1)
    await stage.until(DAY)
    assert len(receiver.hits) == 1


async def test_a_resend_is_refused_where_a_filter_refused_the_event_e3_r10(stage: Stage) -> None:
    stage.subscribe(event="project_created", filters=[{"url_parameter": "SOURCE", "value": ["api"]}])
    stage.emit("project_created", PROJECT_ID="p", SOURCE="app")
    with pytest.raises(Refused, match="a filter refused the event"):
        stage.sim.resend(1)


async def test_a_resend_while_an_attempt_is_on_the_wire_is_refused_r10(stage: Stage, receiver: Loopback) -> None:
    refused: list[str] = []

    def answer(_: Hit) -> int:
        with pytest.raises(Refused) as refusal:
            stage.sim.resend(1)
        refused.append(str(refusal.value))
        return 200

    receiver.answer = answer
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert refused == ["delivery 1 cannot be resent: an attempt is on the wire"]
    assert len(receiver.hits) == 1


async def test_nobody_resends_what_never_was(stage: Stage) -> None:
    with pytest.raises(NotFound, match="there is no delivery 5"):
        stage.sim.resend(5)


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


async def test_a_hanging_subscription_delays_no_other_r12(over_http: OverHttp, receiver: Loopback) -> None:
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
    over_http: OverHttp, receiver: Loopback
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


async def test_an_outcome_counts_before_the_events_of_its_instant_r13(over_http: OverHttp, receiver: Loopback) -> None:
    """100 timeouts end at second 10; the event of second 10 finds the subscription disabled."""
    receiver.script(None)
    stage = over_http(timeout_seconds=0.1)
    stage.subscribe()
    stage.at(10, stage.emit, rank=EVENT)
    stage.emit_many(100)
    await stage.until(DAY)
    assert len(stage.attempts()) == 100
    assert stage.standing(101) == ("cancelled", "the subscription was disabled when the event occurred (R8)")


# The readings that shape requests and quotas


@pytest.mark.parametrize(
    ("switched", "target"),
    [
        ({}, "/in?status=a%20b%2Cc%26d"),
        ({"space_encoding": "+"}, "/in?status=a+b%2Cc%26d"),
        ({"comma_encoding": ","}, "/in?status=a%20b,c%26d"),
    ],
)
async def test_the_encoding_of_values_is_a_reading_e6(
    over_http: OverHttp, receiver: Loopback, switched: dict[str, str], target: str
) -> None:
    stage = over_http(profile=with_readings(**switched))
    stage.subscribe("/in?status=<STATUS>", event="project_status_changed")
    stage.emit("project_status_changed", PROJECT_ID="p", STATUS="a b,c&d")
    await stage.settle()
    assert receiver.targets() == [target]


@pytest.mark.parametrize(("unknown", "target"), [("empty", "/in?id=7&x="), ("keep", "/in?id=7&x=<NOBODY>")])
async def test_what_an_unknown_placeholder_becomes_is_a_reading_s10(
    over_http: OverHttp, receiver: Loopback, unknown: str, target: str
) -> None:
    stage = over_http(profile=with_readings(unknown_placeholder=unknown))
    stage.subscribe("/in?id=<LEAD_ID>&x=<NOBODY>")
    stage.emit()
    await stage.settle()
    assert receiver.targets() == [target]


@pytest.mark.parametrize(("scope", "outcome"), [("total", "body_timeout"), ("headers", "success")])
async def test_a_body_that_never_ends_fails_or_is_left_out_of_the_account_r1(
    over_http: OverHttp, receiver: Loopback, scope: str, outcome: str
) -> None:
    """`timeout_scope`."""
    receiver.script(Unfinished(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"))
    stage = over_http(timeout_seconds=0.5, scope=scope)
    stage.subscribe()
    stage.emit()
    await stage.until(10)
    assert [(row["outcome"], row["status"]) for row in stage.attempts()] == [(outcome, 200)]


@pytest.mark.parametrize("counts_disabled", [True, False])
async def test_whether_disabled_subscriptions_count_for_the_limit_is_a_reading_s9(
    over_http: OverHttp, counts_disabled: bool
) -> None:
    stage = over_http(profile=with_readings(limit_counts_disabled=counts_disabled))
    for _ in range(5):
        stage.subscribe(enabled=False)
    if counts_disabled:
        with pytest.raises(Invalid, match="lead_changed has 5 subscriptions in this tenant already"):
            stage.subscribe()
    else:
        assert stage.subscribe().enabled


# S7: secrets


async def test_no_secret_stands_in_the_database_outside_its_own_table_s7(
    over_http: OverHttp, receiver: Loopback, tmp_path: Path
) -> None:
    """Not even where the receiver sends it back as something that is not HTTP."""
    secrets = ["tok-2dbcbba1", "tok-rotated", "Powering the future", "rotated future"]
    stage = over_http(path=tmp_path / "run.db")
    receiver.answer = lambda hit: "\r\n".join(f"{name}: {value}" for name, value in hit.headers.items()).encode()
    subscription = stage.subscribe(
        header_auth_key="X-Token",
        header_auth_value=secrets[0],
        basic_auth_username="crm",
        basic_auth_password=secrets[2],
    )
    stage.emit()
    await stage.until(100)
    stage.change(subscription, header_auth_value=secrets[1], basic_auth_password=secrets[3])
    await stage.settle()
    sent = {
        value for hit in receiver.hits for name, value in hit.headers.items() if name in ("x-token", "authorization")
    }
    assert len(sent) == 4
    hidden = sent | set(secrets) | {value.removeprefix("Basic ") for value in sent}
    shown = _everything(stage, but=("secrets",))
    assert len(shown["attempts"]) == 6
    assert not [secret for secret in hidden if secret in repr(shown)]
    assert not [secret for secret in hidden if secret in repr(list(stage.sim.roster))]
    kept = repr(stage.rows("SELECT * FROM secrets"))
    assert all(secret in kept for secret in secrets)


# The same seed and the same answers make the same rows


@pytest.mark.parametrize("herd", [50, bell.WAVE + 76], ids=["a burst", "more than a wave"])
async def test_however_the_answers_race_the_record_is_the_same(
    over_http: OverHttp, receiver: Loopback, herd: int
) -> None:
    """Two runs, the same answers after other real delays; one of the subscriptions is disabled in the middle."""

    async def run(delays: random.Random) -> dict[str, list[Row]]:
        stage = over_http(seed=7)
        asked: Counter[str] = Counter()

        async def answer(hit: Hit) -> int:
            asked[hit.target] += 1
            await asyncio.sleep(delays.uniform(0, 0.005))
            return 503 if hit.target.startswith("/fails") or asked[hit.target] <= int(hit.target[-1]) % 3 else 200

        receiver.answer = answer
        stage.subscribe("/crm?id=<LEAD_ID>")
        stage.subscribe("/fails?id=<LEAD_ID>")
        stage.emit_many(herd)
        await stage.settle()
        return _everything(stage)

    first = await run(random.Random(1))
    assert len({row["started_at"] for row in first["attempts"] if row["number"] == 1}) == 1
    assert [row["delivery_id"] for row in first["attempts"][:herd]] == sorted(
        row["delivery_id"] for row in first["attempts"][:herd]
    )
    assert await run(random.Random(2)) == first


async def test_a_herd_leaves_in_waves_and_before_the_events_of_its_instant_r13(
    over_http: OverHttp, receiver: Loopback
) -> None:
    """The retries of second 30 are more than a wave; the event of second 30 comes after all of them."""
    herd = bell.WAVE + 76
    asked: Counter[str] = Counter()

    def answer(hit: Hit) -> int:
        asked[hit.target] += 1
        return 503 if asked[hit.target] == 1 and hit.target != "/in?id=0" else 200

    receiver.answer = answer
    stage = over_http()
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.at(30, partial(stage.emit, LEAD_ID="new"), rank=EVENT)
    stage.emit_many(herd)
    await stage.until(60)
    retried = [row["delivery_id"] for row in stage.attempts() if row["started_at"] == instant(30)]
    assert retried == [*range(2, herd + 1), herd + 1]
    assert {row["started_at"] - row["due_at"] for row in stage.attempts()} == {0}


def _everything(stage: Stage, but: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Every row of every table, without what is measured in real time."""
    tables = [row["name"] for row in stage.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        table: [
            {name: value for name, value in row.items() if name not in ("real_us", "applied_at")}
            for row in stage.rows(f"SELECT * FROM [{table}]")
        ]
        for table in tables
        if table not in but
    }
