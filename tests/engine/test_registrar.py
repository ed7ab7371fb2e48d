"""`engine/registrar`: every change of a subscription is a revision, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from stage import START, Stage, instant, with_readings

from simulator.domain.health import Health
from simulator.domain.subscription import Subscription
from simulator.errors import Invalid, NotFound

Make = Callable[..., Stage]


@pytest.fixture
def stage(in_memory: Make) -> Stage:
    """A simulation in memory whose receiver answers 503."""
    return in_memory()


def revisions(stage: Stage, subscription: Subscription) -> list[dict[str, Any]]:
    return stage.rows("SELECT * FROM revisions WHERE subscription_id = ? ORDER BY number", subscription.id)


async def test_a_new_subscription_is_at_its_first_revision_s14(stage: Stage) -> None:
    subscription = stage.subscribe()
    assert (subscription.revision, subscription.tenant_id, subscription.enabled) == (1, "demo", True)
    assert (subscription.created_at, subscription.updated_at, subscription.disabled_at) == (START, START, None)
    assert [row["number"] for row in revisions(stage, subscription)] == [1]


async def test_ids_are_uuids_drawn_by_seed_s6(in_memory: Make) -> None:
    first, again, other = in_memory(seed=1), in_memory(seed=1), in_memory(seed=2)
    ids = [stage.subscribe().id for stage in (first, again, other)]
    assert ids[0] == ids[1] != ids[2]
    assert first.subscribe().id != ids[0]
    assert [len(part) for part in ids[0].split("-")] == [8, 4, 4, 4, 12]


async def test_a_label_is_made_up_where_none_is_given(stage: Stage) -> None:
    assert stage.subscribe().name == "lead_changed-1"
    words = {"event": "lead_changed", "url_template": "http://127.0.0.1:9/"}
    assert stage.sim.subscriptions.register("demo", words, name="crm").name == "crm"


async def test_words_that_do_not_hold_make_no_subscription_s10(stage: Stage) -> None:
    with pytest.raises(Invalid, match="url_template"):
        stage.subscribe("/in?x=<NOBODY>")
    assert len(stage.sim.roster) == 0
    assert stage.rows("SELECT * FROM revisions") == []


async def test_one_begun_disabled_says_since_when_and_why_r8(stage: Stage) -> None:
    subscription = stage.subscribe(enabled=False)
    assert (subscription.disabled_at, subscription.disabled_reason) == (START, "disabled by the customer (R6)")


async def test_an_update_changes_what_it_names_and_keeps_the_rest_s2(stage: Stage) -> None:
    subscription = stage.subscribe(header_auth_key="X-Token", header_auth_value="s3cret", description="CRM")
    await stage.until(5)
    changed = stage.change(subscription, description="new")
    assert (changed.definition.description, changed.definition.headers) == ("new", subscription.definition.headers)
    assert (changed.revision, changed.created_at, changed.updated_at) == (2, START, instant(5))
    assert [row["number"] for row in revisions(stage, subscription)] == [1, 2]


async def test_an_update_that_does_not_hold_changes_nothing_s10(stage: Stage) -> None:
    subscription = stage.subscribe()
    with pytest.raises(Invalid):
        stage.change(subscription, url_template="ftp://x")
    assert stage.latest(subscription) is subscription


async def test_moving_a_sixth_onto_an_event_is_refused_and_it_stays_where_it_was_s9(stage: Stage) -> None:
    for _ in range(5):
        stage.subscribe()
    sixth = stage.subscribe(event="lead_created")
    with pytest.raises(Invalid, match="lead_changed has 5 subscriptions"):
        stage.change(sixth, event="lead_changed")
    assert stage.latest(sixth).definition.events == ("lead_created",)


async def test_enabling_one_too_many_is_refused_where_disabled_ones_do_not_count_s9(in_memory: Make) -> None:
    stage = in_memory(profile=with_readings(limit_counts_disabled=False))
    waiting = stage.subscribe(enabled=False)
    for _ in range(5):
        stage.subscribe()
    with pytest.raises(Invalid, match="lead_changed has 5 subscriptions"):
        stage.sim.subscriptions.enable(waiting.id)
    assert not stage.enabled(waiting)


async def test_disabling_keeps_the_first_reason_and_instant_r8(stage: Stage) -> None:
    subscription = stage.subscribe()
    stage.sim.subscriptions.disable(subscription.id, "for the test")
    await stage.until(5)
    again = stage.sim.subscriptions.disable(subscription.id)
    assert (again.disabled_at, again.disabled_reason) == (START, "for the test")


async def test_enabling_clears_reason_and_instant_and_forgets_failures_r9(stage: Stage) -> None:
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    assert stage.sim.roster.health(subscription.id).failures == (START,)
    stage.sim.subscriptions.disable(subscription.id)
    enabled = stage.sim.subscriptions.enable(subscription.id)
    assert (enabled.enabled, enabled.disabled_at, enabled.disabled_reason) == (True, None, "")
    assert stage.sim.roster.health(subscription.id) == Health()


async def test_enabling_what_is_enabled_forgets_nothing_r9(stage: Stage) -> None:
    """Else a PUT of `enabled: true` would put the disabling off for ever."""
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    stage.sim.subscriptions.enable(subscription.id)
    assert stage.sim.roster.health(subscription.id).failures == (START,)


async def test_under_the_other_reading_enabling_forgets_nothing_r9(in_memory: Make) -> None:
    """`reset_on_reenable: false`."""
    stage = in_memory(profile=with_readings(reset_on_reenable=False))
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    stage.sim.subscriptions.disable(subscription.id)
    stage.sim.subscriptions.enable(subscription.id)
    assert stage.sim.roster.health(subscription.id).failures == (START,)


async def test_a_corrected_url_cancels_nothing_r5(stage: Stage) -> None:
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    stage.change(subscription, url_template="http://127.0.0.1:9/right", filters=[])
    assert stage.states() == ["pending"]


async def test_only_its_own_deliveries_are_cancelled_r6(stage: Stage) -> None:
    first, _ = stage.subscribe("/a"), stage.subscribe("/b")
    stage.emit()
    await stage.now()
    stage.sim.subscriptions.disable(first.id)
    assert stage.states() == ["cancelled", "pending"]
    assert stage.sim.tally.cancelled == 1


async def test_what_was_delivered_or_exhausted_stays_so_r6(in_memory: Make) -> None:
    stage = in_memory()
    subscription = stage.subscribe()
    stage.emit()
    await stage.settle()
    stage.sim.subscriptions.delete(subscription.id)
    assert stage.states() == ["exhausted"]


@pytest.mark.parametrize("act", ["enable", "disable", "delete"])
async def test_a_deleted_subscription_is_gone_for_every_face_s3(stage: Stage, act: str) -> None:
    subscription = stage.subscribe()
    stage.sim.subscriptions.delete(subscription.id)
    with pytest.raises(NotFound, match="was deleted"):
        getattr(stage.sim.subscriptions, act)(subscription.id)
    with pytest.raises(NotFound, match="was deleted"):
        stage.change(subscription, description="too late")


async def test_deleting_is_a_revision_of_its_own_s14(stage: Stage) -> None:
    subscription = stage.subscribe()
    await stage.until(5)
    stage.sim.subscriptions.delete(subscription.id)
    assert [(row["number"], row["deleted_at"]) for row in revisions(stage, subscription)] == [
        (1, None),
        (2, instant(5)),
    ]


@pytest.mark.parametrize("act", ["enable", "disable", "delete", "update"])
async def test_nobody_changes_what_never_was(stage: Stage, act: str) -> None:
    given: tuple[dict[str, str], ...] = ({},) if act == "update" else ()
    with pytest.raises(NotFound, match='there is no subscription "nobody"'):
        getattr(stage.sim.subscriptions, act)("nobody", *given)
