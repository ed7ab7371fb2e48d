"""The guided walks that ship: each holds like any scenario, and each can be taken in a simulation that others use."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator

from simulator.api.loopback import serve_tenants
from simulator.domain.instant import SECOND
from simulator.providers import PROFILES
from simulator.receivers import kind_for
from simulator.scenario.library import shipped_lessons, shipped_scenarios
from simulator.scenario.load import load_scenario
from simulator.scenario.run import Conditions, run_scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.source import read_source
from simulator.scenario.timeline import Clear, Inject, Stop

FILES = shipped_lessons()
each = pytest.mark.parametrize("name", FILES)


def conditions(name: str) -> Conditions:
    """A receiver that is asked to poll must be told where."""
    return Conditions(api=serve_tenants if load_scenario(FILES[name]).polls else None)


def stops(name: str) -> list[Stop]:
    return [step for step in load_scenario(FILES[name]).timeline if isinstance(step, Stop)]


def test_there_are_the_five_that_everybody_should_take_and_more():
    """In the order in which they are best taken; what comes beside them stands behind them."""
    course = ["retries", "corrected-url", "lost-acknowledgement", "viewed-after-signed", "auto-disable"]
    assert [*FILES][:5] == [f"lessons/{name}" for name in course]
    assert len(FILES) > len(course)


def test_there_are_some_for_every_provider_each_under_a_name_of_its_own():
    assert {load_scenario(file).profile.name for file in FILES.values()} == set(PROFILES)
    assert len({file.stem for file in FILES.values()}) == len(FILES)


@each
async def test_it_holds_and_a_run_tells_its_stops_like_checkpoints_and_halts_at_none(name):
    report = await run_scenario(load_scenario(FILES[name]), conditions(name))
    assert [one for one in report.expectations if one.verdict != "pass"] == []
    assert (report.verdict, len(report.expectations) >= 4) == ("pass", True)
    assert [one.text for one in report.remarks] == [one.say for one in stops(name)]
    assert not any(one.refused for one in report.remarks)


@each
def test_it_keeps_to_the_schema_that_editors_read(name):
    text = FILES[name].read_text(encoding="utf-8")
    assert text.startswith(f"# yaml-language-server: $schema={'../' * name.count('/')}schema.json\n")
    assert list(Draft202012Validator(json_schema()).iter_errors(read_source(text, name).data)) == []


@pytest.mark.parametrize("shipped", shipped_scenarios(FILES), ids=lambda one: one.name)
def test_its_comment_says_what_a_receiver_must_do_and_which_clauses_it_shows(shipped):
    assert "receiver" in shipped.lesson
    assert 10 <= len(shipped.description) <= 100
    assert shipped.clauses
    assert all(re.fullmatch(r"[SERA][1-9][0-9]?", clause) for clause in shipped.clauses)


@each
def test_it_begins_and_ends_with_a_stop_and_nothing_happens_at_an_instant_after_its_stop(name):
    """At a stop the clock stands behind everything of its instant: what the file says after it would have happened."""
    scenario = load_scenario(FILES[name])
    assert 4 <= len(stops(name)) <= 7
    assert stops(name)[0].at == scenario.start
    assert isinstance(scenario.timeline[-1], Stop)
    for step, following in zip(scenario.timeline, scenario.timeline[1:], strict=False):
        assert not isinstance(step, Stop) or following.at > step.at


@each
def test_what_it_says_is_short_and_every_clause_in_it_is_one_of_its_own(name):
    (shipped,) = (one for one in shipped_scenarios(FILES) if one.name == name)
    for stop in stops(name):
        assert len(re.findall(r"[.!?](?= |$)", stop.say)) <= 2, stop.say
        assert len(stop.say) <= 200, stop.say
        named = re.findall(r"\b[SERA]\d+\b", stop.say)
        assert set(named) <= set(shipped.clauses), stop.say
    assert all(stop.then != "Go on" for stop in stops(name)[:-1]), "say what the button will show"


@each
def test_it_touches_nothing_but_its_own(name):
    scenario = load_scenario(FILES[name])
    for step in scenario.timeline:
        if isinstance(step, Inject):
            assert step.subscription, "a fault without a subscription would meet everybody's deliveries"
        assert not isinstance(step, Clear) or step.fault_id or step.subscription
    assert scenario.receiver == kind_for(scenario.profile.name, "robust")
    assert scenario.demands.header_auth is scenario.demands.basic_auth is None
    assert scenario.switches == scenario.profile.on_this_machine, "others in the simulation have their own readings"


@each
def test_it_can_begin_at_any_instant(name):
    """Its instants are all relative, and so are the windows of its faults and resends."""
    start = 1_900_000_000 * SECOND
    as_written, later = load_scenario(FILES[name]), load_scenario(FILES[name], start=start)
    assert [step.at - start for step in later.timeline] == [step.at - as_written.start for step in as_written.timeline]
