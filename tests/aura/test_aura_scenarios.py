"""The scenarios of AURA that ship: each holds, and turns red when what it shows is altered."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from served_world import served_world

from simulator.report.document import report_document
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.library import shipped_files
from simulator.scenario.load import load_scenario, parse_scenario
from simulator.scenario.run import Conditions, run_scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.source import read_source

FILES = {name.removeprefix("aura/"): file for name, file in shipped_files().items() if name.startswith("aura/")}
each = pytest.mark.parametrize("name", FILES)


def text_of(name: str) -> str:
    return Path(FILES[name]).read_text(encoding="utf-8")


async def run(text: str) -> dict:
    """The report of this scenario, against the robust receiver of AURA's kind."""
    return report_document(await run_scenario(parse_scenario(text, "it.yaml"), Conditions(api=served_world)))


def broken(document: dict) -> list[str]:
    return [one["name"] for one in document["expectations"] if one["verdict"] != "pass"]


def test_there_are_at_least_five():
    assert len(FILES) >= 5


@each
async def test_it_holds(name):
    document = await run(text_of(name))
    assert broken(document) == [], document["expectations"]
    assert document["provider"] == "aura"


@each
def test_it_keeps_to_the_schema_that_editors_read(name):
    data = read_source(text_of(name), name).data
    assert list(Draft202012Validator(json_schema()).iter_errors(data)) == []


@each
def test_it_names_its_clauses_and_is_run_by_the_receiver_of_its_provider(name):
    assert "# Clauses: A" in text_of(name)
    assert load_scenario(FILES[name]).receiver == "aura-robust"


@pytest.mark.parametrize(
    ("name", "written", "instead", "red"),
    [
        ("all-events", "headers: {Authorization: Bearer 2dbcbba1}", "headers: {X-Other: x}", "delivered"),
        ("down-then-polled", "refuse: {for: 1h}", "refuse: {for: 15m}", "delivered"),
        ("silent-simulator", "status: completed", "status: arrived", "receiver: {receiver}/reconciled"),
        ("replaced-registration", "name: second, ", "name: second, tenant: other, ", "delivered: first"),
        ("duplicates-and-a-repeat", 'id: "42", latitude: "0.02"', 'id: "43"', "receiver: {receiver}/state"),
        ("customer-to-cancellation", "{at: +6m, emit:", "{at: +8m, emit:", "delivered: CALLOUT_SOFT"),
    ],
)
async def test_it_turns_red_when_it_is_altered(name, written, instead, red):
    assert written in text_of(name)
    document = await run(text_of(name).replace(written, instead, 1))
    assert any(one.startswith(red) for one in broken(document)), broken(document)


async def test_the_same_seed_gives_the_same_digest():
    first, second = [await run(text_of("stories")) for _ in range(2)]
    assert first["digest"] == second["digest"]


async def test_an_action_that_the_state_forbids_is_noted_and_nothing_follows_a12():
    document = await run(text_of("customer-to-cancellation"))
    (remark,) = document["remarks"]
    assert remark["refused"]
    assert "callout 42 is cancelled already" in remark["text"]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("{at: 0s, act: create_calout}", 'did you mean "create_callout"'),
        ("{at: 0s, act: cancel_callout}", "cancel_callout needs id"),
        ("{at: 0s, act: {action: create_callout, attributes: {Id: x}}}", "create_callout takes no such thing"),
        ("{at: 0s, emit: {event: RESPONDER_SIMULATOR}}", 'there is no event "RESPONDER_SIMULATOR"'),
    ],
)
def test_an_action_that_is_no_action_is_refused_before_anything_is_sent(step, told):
    text = text_of("silent-simulator").replace("timeline:\n", f"timeline:\n  - {step}\n", 1)
    with pytest.raises(InvalidScenario) as refused:
        parse_scenario(text, "wrong.yaml")
    assert told in str(refused.value)
