"""Whether a receiver may be reached at all is asked when a subscription is made, not when the engine has to stop."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from stage import START, Stage, status

from simulator.clock.pace import PAUSED
from simulator.engine.service import open_service
from simulator.errors import Invalid, TargetNotAllowed
from simulator.providers import AURA, AURORA
from simulator.wire.scripted import ScriptedWire
from simulator.wire.targets import Targets

AWAY = {"event": "lead_changed", "url_template": "https://staging.example.com/in?lead=<LEAD_ID>"}


async def test_a_definition_that_leads_to_a_stranger_is_refused(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    stage.sim.subscriptions.check_target = Targets().check_url
    with pytest.raises(Invalid, match=r"url_template: .*--allow-host staging\.example\.com"):
        stage.sim.subscriptions.register("demo", AWAY)
    subscription = stage.subscribe()
    with pytest.raises(Invalid, match="is not this machine"):
        stage.change(subscription, url_template=AWAY["url_template"])
    assert stage.latest(subscription).revision == 1


async def test_the_refusal_names_the_field_as_the_provider_does(in_memory: Callable[..., Stage]) -> None:
    """A1"""
    stage = in_memory(profile=AURA)
    stage.sim.subscriptions.check_target = Targets().check_url
    with pytest.raises(Invalid, match=r"^url: .*--allow-host staging\.example\.com"):
        stage.sim.subscriptions.register("demo", {"url": "https://staging.example.com/in", "events": ["NEW_CALLOUT"]})


async def test_one_that_was_allowed_by_name_is_taken(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    stage.sim.subscriptions.check_target = Targets(["staging.example.com"]).check_url
    assert stage.sim.subscriptions.register("demo", AWAY).enabled


async def test_who_is_no_longer_allowed_is_named_when_the_file_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"

    def opened(*allowed: str) -> object:
        wire = ScriptedWire(lambda *_: status(200))
        check = Targets(allowed).check_url
        return open_service(AURORA, path, wire, pace=PAUSED, start=START, check_target=check)

    async with opened("staging.example.com") as service:
        made = service.simulation.subscriptions.register("demo", AWAY, name="crm")
    with pytest.raises(TargetNotAllowed, match=r'the subscription "crm": .*--allow-host'):
        async with opened():
            pass
    async with opened("staging.example.com") as service:
        service.simulation.subscriptions.disable(made.id)
    async with opened() as service:
        with pytest.raises(Invalid):
            service.simulation.subscriptions.enable(made.id)
