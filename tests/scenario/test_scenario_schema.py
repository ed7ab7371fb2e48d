"""The JSON Schema that editors read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from scenario_texts import HEAD, WHERE, problems

from simulator.providers import PROFILES
from simulator.receivers import KINDS
from simulator.scenario.new import new_scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.source import read_source

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def complaints(text: str) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(read_source(text, WHERE).data)]


def properties(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key the schema describes, with its own schema."""
    if isinstance(node, dict):
        for name, schema in node.get("properties", {}).items():
            yield f"{path}/{name}", schema
        for key, inner in node.items():
            yield from properties(inner, f"{path}/{key}")
    elif isinstance(node, list):
        for inner in node:
            yield from properties(inner, path)


def test_it_is_a_schema_of_its_dialect_and_names_itself() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"].startswith("https://")
    assert SCHEMA["title"]


def test_every_key_says_what_it_is_for() -> None:
    ours = [(path, schema) for path, schema in properties(SCHEMA) if "/known_" not in path]
    assert len(ours) > 100
    assert [path for path, schema in ours if not schema.get("description")] == []


def test_no_key_is_told_to_be_null_and_no_default_is_of_another_type() -> None:
    assert "null" not in [schema.get("type") for _, schema in properties(SCHEMA)]
    for path, schema in properties(SCHEMA):
        if "default" in schema:
            assert Draft202012Validator({"$defs": SCHEMA["$defs"], **schema}).is_valid(schema["default"]), path


def test_what_is_known_by_name_can_be_completed() -> None:
    known = SCHEMA["$defs"]
    assert known["known_event"]["enum"] == sorted({name for one in PROFILES.values() for name in one.catalogue})
    assert "agreement_signed" in known["known_story"]["enum"]
    assert known["known_provider"]["enum"] == sorted(PROFILES)
    assert known["known_receiver"]["anyOf"][0]["enum"] == sorted(KINDS)
    assert known["known_switches"]["properties"]["retry_delay_from"] == {"enum": ["end", "start"]}


GOOD = [
    "timeline: [{at: 0s, emit: {event: lead_changed}}, {at: +1h, disable: crm}, {at: 2d, delete: {subscription: crm}}]",
    "timeline: [{at: 2026-02-01T10:00:00Z, fault: {status: 503}}, {at: 1h, fault: {slow: {by: 3s, attempt: 1}}}]",
    "timeline: [{at: 0s, story: agreement}, {at: 1h, clear: {}}, {at: 1h, checkpoint: hello}]",
    "timeline: [{at: 4h, resend: {subscription: crm, delivery: 1, from: +1h, to: 2h}}]",
    "traffic: [{event: lead_changed, rate: 40/h, for: 1d}, {mix: [{story: agreement}], cron: '* * * * *', for: 1d}]",
    "expect: [{delivered: {}}, {disabled: {subscription: crm, never: true}}, {outcomes: {counts: {503: 1}}}]",
    "expect: [{attempts: {subscription: crm, delivery: 1, at: [0s, +30s]}}, {receiver: {probe: http://x, count: 1}}]",
    "clock: {speed: elastic}\nswitches: {retry_jitter: 0.1, disable_cancels_pending: false}\nreceiver: http://x",
    "clock: {start: 2026-01-01, speed: 1440}",
    "timeline: [{at: 1h, fault: {dns: {attempt: [1, 2]}}}, {at: 1h, fault: {status: {code: 500, attempt: 3}}}]",
]


@pytest.mark.parametrize("rest", GOOD)
def test_it_accepts_what_the_loader_accepts(rest: str) -> None:
    text = f"{HEAD}{rest}\n"
    assert problems(text) == []
    assert complaints(text) == []


BAD = [
    "timelin: []",
    "seed: x",
    "receiver: robsut",
    "provider: auror",
    "switches: {retry_delay_form: end}",
    "switches: {retry_delay_from: ends}",
    "clock: {speed: jmp}",
    "timeline: [{at: 0, disable: crm}]",
    "timeline: [{at: -1h, disable: crm}]",
    "timeline: [{at: 0s}]",
    "timeline: [{disable: crm}]",
    "timeline: [{at: 0s, disable: crm, enable: crm}]",
    "timeline: [{at: 0s, emit: {event: lead_chnged}}]",
    "timeline: [{at: 0s, story: agremeent}]",
    "timeline: [{at: 0s, fault: {refuse: {}, dns: {}}}]",
    "timeline: [{at: 0s, fault: {name: x}}]",
    "timeline: [{at: 0s, fault: {status: 99}}]",
    "timeline: [{at: 0s, fault: {flap: {period: 5}}}]",
    "timeline: [{at: 0s, clear: {kind: refus}}]",
    "timeline: [{at: 4h, resend: {delivery: 1}}]",
    "traffic: [{event: lead_changed, for: 1h}]",
    "traffic: [{event: lead_changed, story: agreement, rate: 1/h, for: 1h}]",
    "traffic: [{event: lead_changed, rate: 4 per hour, for: 1h}]",
    "expect: [{delivered: {share: 1, count: 1}}]",
    "expect: [{exhausted: {}}]",
    "expect: [{attempts: {subscription: crm, at: [0s]}}]",
    "expect: [{disabled: {subscription: crm, never: false}}]",
    "expect: [{latency: {}}]",
]


@pytest.mark.parametrize("rest", BAD)
def test_it_refuses_what_the_loader_refuses_where_one_place_tells(rest: str) -> None:
    text = f"{HEAD}{rest}\n"
    assert problems(text)
    assert complaints(text)


def test_the_starter_pleases_the_editor() -> None:
    assert complaints(new_scenario("My scenario")) == []
