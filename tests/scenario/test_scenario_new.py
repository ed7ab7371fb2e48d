"""The starter file."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_texts import WHERE

from simulator.scenario.load import parse_scenario
from simulator.scenario.new import new_scenario

STEADY = settings(deadline=None, derandomize=True)


def test_it_loads_as_it_stands_and_has_something_of_everything() -> None:
    scenario = parse_scenario(new_scenario("My scenario"), WHERE)
    assert scenario.name == "My scenario"
    assert scenario.subscriptions
    assert scenario.timeline
    assert scenario.traffic
    assert scenario.expectations


def test_what_is_commented_out_is_valid_too() -> None:
    text = re.sub(r"^( *)# (- \{|switches:)", r"\1\2", new_scenario("x"), flags=re.MULTILINE)
    scenario = parse_scenario(text, WHERE)
    assert len(scenario.timeline) == 6
    assert scenario.switches == {"retry_delay_from": "start"}


@STEADY
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_any_name_survives_the_quoting(name: str) -> None:
    assert parse_scenario(new_scenario(name), WHERE).name == name
