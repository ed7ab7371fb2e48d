"""Whole files: the documented example, everything wrong at once, and no text that does harm."""

from __future__ import annotations

import subprocess
import sys
from copy import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_texts import HEAD, WHERE, problems

from simulator.errors import Misuse, NotFound
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.load import load_scenario, parse_scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.source import read_source

STEADY = settings(deadline=None, derandomize=True)

EXAMPLE = """\
name: Weekend outage
description: The CRM's load balancer dies on Friday evening.
provider: aurora
seed: 7
clock: {start: "2026-03-06T17:00:00Z", speed: jump}
receiver: robust                      # an embedded kind, or a URL
switches: {retry_delay_from: end}     # readings of the profile
subscriptions:
  - name: crm
    tenant: demo
    event: agreement_status_changed
    url_template: "{receiver}/agreement_status_changed?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>"
    header_auth_key: X-Aurora-Webhook-Token
    header_auth_value: "2dbcbba1"
    filters: [{url_parameter: STATUS, value: [sent, viewed, signed]}]
  - {name: jobs, event: auto_designer_job_completed}    # template left out: the event's suggested one, on the receiver
timeline:
  - {at: 0s, emit: {event: agreement_status_changed, attributes: {STATUS: sent}}}
  - {at: +1h, fault: {refuse: {for: 6h, subscription: crm}}}
  - {at: +2h, story: {name: agreement_signed}}
  - {at: +3h, update: {subscription: crm, header_auth_value: "rotated"}}
  - {at: +40h, enable: {subscription: crm}}
  - {at: +41h, resend: {subscription: crm, from: +1h, to: +40h}}
traffic:
  - {story: project_to_signature, rate: 4/h, for: 48h}
  - {event: asset_created, cron: "0 9 * * 1-5", for: 7d}
expect:
  - delivered: {subscription: crm, share: 1.0}
  - attempts: {subscription: crm, delivery: 1, at: [0s, 30s, 5m30s]}
  - disabled: {subscription: jobs, never: true}
  - receiver: {probe: "{receiver}/agreements", equals: {...}}
"""  # noqa: E501 - a template is one line


def test_the_documented_example_loads_whole(tmp_path: Path) -> None:
    file = tmp_path / "outage.yaml"
    file.write_text(EXAMPLE, encoding="utf-8")
    scenario = load_scenario(file)
    assert (scenario.name, scenario.seed, scenario.where) == ("Weekend outage", 7, str(file))
    assert [one.name for one in scenario.subscriptions] == ["crm", "jobs"]
    assert (len(scenario.timeline), len(scenario.traffic), len(scenario.expectations)) == (6, 2, 4)
    assert scenario.source == EXAMPLE
    assert scenario.expectations[0].where == "outage.yaml:28"


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_the_text() -> None:
    text = """\
name: Weekend outage
seed: seven
receiver: robsut
subscriptions:
  - {name: crm, event: lead_chnged}
  - name: jobs
    event: auto_designer_job_completed
    url_template: "{receiver}/jobs?id=<JOBID>"
    header_auth_key: X-Token
    header_auth_key: X-Token
timeline:
  - {at: -1h, emit: {event: lead_changed}}
  - {at: 2h, faults: {refuse: {for: 1h}}}
  - {at: 3h, enable: {subscription: job}}
expect:
  - delivered: {subscripton: crm}
"""
    assert [line.split("; ")[0].split(" (did")[0] for line in problems(text)] == [
        "f.yaml:2:7: seed: must be a whole number, and this is text",
        'f.yaml:3:11: receiver: there is no receiver "robsut"',
        'f.yaml:5:24: subscriptions[0].event: there is no event "lead_chnged"',
        "f.yaml:6:5: subscriptions[1].header_auth_value: is missing",
        "f.yaml:8:19: subscriptions[1].url_template: holds <JOBID>, which this event does not have",
        'f.yaml:10:5: subscriptions[1]: the key "header_auth_key" stands twice',
        'f.yaml:12:10: timeline[0].at: "-1h" lies before the start',
        "f.yaml:13:14: timeline[1].faults: there is no such key",
        'f.yaml:14:37: timeline[2].enable.subscription: there is no subscription "job"',
        "f.yaml:16:17: expect[0].delivered.subscripton: there is no such key",
    ]


def test_problems_are_values_too() -> None:
    with pytest.raises(Misuse) as invalid:
        parse_scenario(f"{HEAD}seed: x\n", WHERE)
    assert isinstance(invalid.value, InvalidScenario)
    (located,) = invalid.value.located
    assert (located.mark.line, located.mark.column, located.problem.path) == (5, 7, ("seed",))
    assert invalid.value.problems == (located.problem,)
    assert invalid.value.__cause__ is None
    assert invalid.value.__context__ is None


def test_a_file_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    for path in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(NotFound, match="cannot be read"):
            load_scenario(path)


def test_a_file_that_is_not_text_is_told_as_such(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes("name: é".encode("latin-1"))
    with pytest.raises(InvalidScenario, match=r"x\.yaml:1:7: is not UTF-8"):
        load_scenario(file)


WORDS = [
    *json_schema()["properties"],
    *(key for schema in json_schema()["$defs"].values() for key in schema.get("properties", ())),
    *("aurora", "robust", "lead_changed", "asset_created", "agreement_signed", "crm", "{receiver}/x", "http://x"),
    *("0s", "+1h", "2026-01-06", "40/h", "* * * * *", "STATUS", "<LEAD_ID>", "jump", "503", "\ud83d\ude00", "\x85"),
]
words = st.sampled_from(WORDS) | st.text(max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=5),
    max_leaves=30,
)
entries = st.dictionaries(words, values, max_size=4)
STEP_KEYS = [key for key in json_schema()["$defs"]["StepEntry"]["properties"] if key != "at"]
EXPECT_KEYS = [*json_schema()["$defs"]["ExpectEntry"]["properties"]]
steps = st.builds(
    lambda at, key, value: {"at": at, key: value},
    st.sampled_from(["0s", "+1h", "2026-01-06"]),
    st.sampled_from(STEP_KEYS),
    entries | words,
)
expectations = st.builds(lambda key, value: {key: value}, st.sampled_from(EXPECT_KEYS), entries)
scenarios = st.fixed_dictionaries(
    {
        "name": words,
        "subscriptions": st.lists(st.fixed_dictionaries({"name": words, "event": words}) | entries, max_size=3),
    },
    optional={
        "timeline": st.lists(steps, max_size=4),
        "traffic": st.lists(entries, max_size=3),
        "expect": st.lists(expectations, max_size=4),
        "switches": entries,
        "clock": entries,
        "receiver": words,
        "provider": words,
    },
)


def harmless(text: str) -> bool:
    """Whether the text loads, or says where it is wrong: nothing else can happen."""
    return all(line.startswith(f"{WHERE}:") for line in problems(text))


@settings(STEADY, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios | values)
def test_no_yaml_whatsoever_raises_anything_but_what_is_wrong_with_it(data: object) -> None:
    assert harmless(yaml.safe_dump(data, allow_unicode=True, default_flow_style=None))


@STEADY
@given(st.text())
def test_no_text_whatsoever_raises_anything_but_what_is_wrong_with_it(text: str) -> None:
    assert harmless(text)


def places(data: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in the data where something else could stand."""
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, value in inner for place in places(value, (*path, key)))]


def put(data: Any, place: tuple[str | int, ...], value: object) -> Any:
    """The data with this value at this place."""
    if not place:
        return value
    changed = copy(data)
    changed[place[0]] = put(data[place[0]], place[1:], value)
    return changed


DATA = read_source(EXAMPLE, WHERE).data


@settings(STEADY, max_examples=300)
@given(st.data())
def test_the_documented_example_with_anything_at_any_place_raises_nothing_else_either(data: st.DataObject) -> None:
    changed = DATA
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(changed)))
        changed = put(changed, place, data.draw(st.sampled_from([None, True, 0, -1, 1.5, "", [], {}]) | values))
    assert harmless(yaml.safe_dump(changed, allow_unicode=True))


@STEADY
@given(st.data())
def test_the_documented_example_cut_up_raises_nothing_else_either(data: st.DataObject) -> None:
    """Lines left out, doubled, and words put in the place of others."""
    lines = EXAMPLE.splitlines()
    chosen = data.draw(st.lists(st.sampled_from(lines), max_size=len(lines)))
    old, new = data.draw(st.sampled_from(WORDS)), data.draw(st.sampled_from(WORDS))
    assert harmless("\n".join(sorted(set(chosen), key=lines.index)).replace(old, new))


def test_asking_for_help_does_not_pay_for_the_models() -> None:
    """The package itself, which a command line imports by name, imports neither pydantic nor YAML."""
    script = "import sys, simulator.scenario; sys.exit(bool({'pydantic', 'yaml'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
