"""Past deliveries sent again by an operator, over real HTTP (R10)."""

from __future__ import annotations

import pytest
from loopback import Hit, Loopback
from stage import DAY, LADDER, Stage, instant

from simulator.domain.instant import SECOND
from simulator.errors import NotFound, Refused


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
