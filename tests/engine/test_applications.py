"""Partner applications in the engine: whom they hear, what they are sent, what a restart knows (S13)."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stage import HOUR, Stage, instant, status

from simulator.clock.agenda import Agenda
from simulator.domain.auth import HIDDEN
from simulator.domain.request import Request
from simulator.domain.session import Session, open_session
from simulator.domain.subscription import Owner, Subscription
from simulator.engine.emitter import Emitter
from simulator.errors import NotFound
from simulator.providers import AURORA

APP = Owner("app", "application")
WORDS = {
    "event": "lead_changed",
    "url_template": "https://partner.example/<TENANT_ID>/<SESSION_TOKEN>?lead=<LEAD_ID>",
    "header_auth_key": "X-Token",
    "header_auth_value": "s3cr3t",
}


def listen(stage: Stage, **words: Any) -> Subscription:
    return stage.sim.subscriptions.register_for(APP, WORDS | words)


def switch(stage: Stage, tenant: str, *, enabled: bool = True) -> None:
    Emitter(stage.sim, Agenda(stage.clock)).switch_application(tenant, APP.id, enabled=enabled)


def heard(stage: Stage, tenant: str, event: str = "lead_changed") -> list[str]:
    return [one.id for one in stage.sim.roster.listening(tenant, event)]


async def test_an_application_hears_the_tenants_that_enabled_it_s13(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    subscription = listen(stage)
    switch(stage, "one")
    switch(stage, "two")
    switch(stage, "two", enabled=False)
    assert [heard(stage, tenant) for tenant in ("one", "two", "three", "app", "")] == [
        [subscription.id],
        [],
        [],
        [],
        [],
    ]
    assert [stage.sim.roster.has_enabled(tenant, "app") for tenant in ("one", "two")] == [True, False]


async def test_those_who_listen_stand_by_age_whoever_they_belong_to_r13(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    switch(stage, "demo")
    expected = [stage.subscribe().id, listen(stage).id, stage.subscribe().id, listen(stage).id]
    assert heard(stage, "demo") == expected


async def test_a_tenants_event_about_another_application_switches_only_that_one_s13(
    in_memory: Callable[..., Stage],
) -> None:
    stage = in_memory()
    listen(stage)
    stage.emit("app_status_changed", APP_ID="other", STATUS="enabled")
    assert heard(stage, "demo") == []
    switch(stage, "demo")
    stage.emit("app_status_changed", APP_ID="other", STATUS="disabled")
    assert len(heard(stage, "demo")) == 1


async def test_an_unfamiliar_status_switches_nothing_e1(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    switch(stage, "demo")
    stage.sim.emit("demo", "app_status_changed", {"APP_ID": "app", "STATUS": "suspended"}, lenient=True)
    assert stage.sim.roster.has_enabled("demo", "app")


async def test_the_token_is_sent_and_recorded_hidden_s13_s7(in_memory: Callable[..., Stage]) -> None:
    sent: list[Request] = []

    def answer(request: Request, _: object) -> Any:
        sent.append(request)
        return status(200)

    stage = in_memory(answer, seed=7)
    listen(stage)
    switch(stage, "demo")
    stage.emit()
    await stage.until(0)
    token = sent[0].sent_url.split("/")[4].partition("?")[0]
    assert open_session(token, 7) == Session("app", "demo", instant(HOUR))
    assert [row["url"] for row in stage.attempts()] == [f"https://partner.example/demo/{HIDDEN}?lead=7"]
    assert token not in "\n".join(stage.ledger.db.conn.iterdump())


@pytest.mark.parametrize(("reading", "expiries"), [("attempt", [0, 30, 330]), ("event", [0, 0, 0])])
async def test_a_token_lives_an_hour_from_when_it_was_minted_s13(
    in_memory: Callable[..., Stage], reading: str, expiries: list[int]
) -> None:
    """`session_token_minted`."""
    sent: list[str] = []

    def answer(request: Request, _: object) -> Any:
        sent.append(request.sent_url.split("/")[4].partition("?")[0])
        return status(503)

    readings = replace(AURORA.readings, session_token_minted=reading)  # type: ignore[arg-type]  # parametrized
    stage = in_memory(answer, profile=replace(AURORA, readings=readings))
    listen(stage)
    switch(stage, "demo")
    stage.emit()
    await stage.until(330)
    opened = [open_session(token, 0) for token in sent]
    assert [one and one.expires_at for one in opened] == [instant(HOUR + after) for after in expiries]


async def test_a_restart_knows_who_enabled_which_application_s13(
    in_memory: Callable[..., Stage], tmp_path: Path
) -> None:
    stage = in_memory(path=tmp_path / "run.sqlite")
    subscription = listen(stage)
    switch(stage, "one")
    switch(stage, "two")
    switch(stage, "two", enabled=False)
    await stage.close()
    again = in_memory(path=tmp_path / "run.sqlite")
    again.sim.resume()
    assert again.latest(subscription) == subscription
    assert (heard(again, "one"), heard(again, "two")) == ([subscription.id], [])
    assert again.sim.roster.of_owner(APP) == [subscription]


async def test_a_subscription_keeps_its_owner_through_its_revisions_s13_s14(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    subscription = listen(stage)
    changed = stage.change(subscription, description="changed")
    deleted = stage.sim.subscriptions.delete(subscription.id)
    assert {subscription.owner, changed.owner, deleted.owner} == {APP}
    assert stage.sim.roster.of_owner(APP) == []


async def test_a_provider_without_applications_says_so(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory(profile=replace(AURORA, applications=None))
    with pytest.raises(NotFound, match="aurora has no partner applications"):
        listen(stage)
    with pytest.raises(NotFound, match="aurora has no partner applications"):
        switch(stage, "demo")
    stage.emit("app_status_changed", APP_ID="app", STATUS="enabled")
    assert not stage.sim.roster.has_enabled("demo", "app")
