"""The main proof of `simulator.plan`: attempt for attempt, a plan foresees what the real engine does.

Held against each other are every attempt with its instants and its outcome, the state and the reason of every
delivery, the last revision of every subscription, and how many steps the provider refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plan_cases import CASES
from plan_engine import as_scenario, bounded, engine_rows, plan_rows, run_engine, run_plan, tell
from plan_inquiries import inquire
from plan_strategies import BOUNDS, scenarios

from simulator.cli.planning import Inquiry, let_run
from simulator.engine import bell
from simulator.plan import backlog
from simulator.scenario.load import load_scenario
from simulator.scenario.scenario import Scenario

LIBRARY = sorted((Path(__file__).parents[2] / "scenarios").rglob("*.yaml"))

INQUIRIES = {
    "six hours": inquire("6h"),
    "a second": inquire("1s"),
    "timeouts": inquire("6h", fault="timeout"),
    "status 503": inquire("6h", fault="503"),
    "redirects": inquire("6h", fault="redirect"),
    "from the first instant on": inquire("30h@0s", rate="6/h"),
    "longer than the ladder": inquire("36h", rate="6/h"),
    "two outages": inquire("4h@1d", "4h@30h"),
    "disabled": inquire("60h", rate="6/h", length="6d"),
    "disabled, and enabled again": inquire("60h", rate="6/h", length="6d", recover="12h"),
    "disabled twice": inquire("55h@1d", "55h@5d", rate="6/h", length="9d", recover="6h"),
    "disabling does not cancel": inquire(
        "60h", rate="6/h", length="6d", recover="1h", switches=["disable_cancels_pending=false"]
    ),
    "the count goes on": inquire("60h", rate="6/h", length="6d", recover="1h", switches=["reset_on_reenable=false"]),
    "sustained": inquire("60h", rate="6/h", length="6d", switches=["autodisable_window=sustained"]),
    "delays from the start": inquire("6h", fault="timeout", switches=["retry_delay_from=start"]),
    "jitter": inquire("6h", switches=["retry_jitter=0.2"], seed=3),
    "at random": inquire("6h", poisson=True, seed=11),
    "a mix": inquire("6h", mix="project_created=3,lead_changed,agreement_status_changed=0.5", seed=5),
    "five subscriptions": inquire("49h", rate="6/h", listeners=5, length="5d", recover="1d"),
}


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_every_scenario_of_the_library_is_foreseen(file: Path):
    scenario = load_scenario(file)
    assert run_plan(scenario) == run_engine(scenario)


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_a_journal_holds_what_the_engine_would_write(file: Path):
    scenario = load_scenario(file)
    assert plan_rows(scenario) == engine_rows(scenario)


@pytest.mark.parametrize("inquiry", INQUIRIES.values(), ids=INQUIRIES.keys())
def test_every_outage_of_the_table_is_foreseen(inquiry: Inquiry):
    course, foresight = let_run(inquiry)
    enabled = [
        (disabling.enabled_at, listener.subscription.name)
        for listener in course.subscriptions.listeners
        for disabling in listener.disablings
        if disabling.enabled_at is not None
    ]
    assert tell(course, len(foresight.refusals)) == run_engine(as_scenario(inquiry, enabled=enabled))


@pytest.mark.parametrize(("bounds", "scenario"), CASES.values(), ids=CASES.keys())
def test_what_is_easily_foreseen_wrongly_is_foreseen(bounds: tuple[int, int], scenario: Scenario):
    with bounded(*bounds):
        assert run_plan(scenario) == run_engine(scenario)


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.sampled_from(BOUNDS))
def test_whatever_happens_is_foreseen(scenario: Scenario, bounds: tuple[int, int]):
    with bounded(*bounds):
        assert run_plan(scenario) == run_engine(scenario)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(scenarios(), st.sampled_from(BOUNDS))
def test_whatever_happens_is_written_as_the_engine_would(scenario: Scenario, bounds: tuple[int, int]):
    with bounded(*bounds):
        assert plan_rows(scenario) == engine_rows(scenario)


def test_both_bound_a_herd_alike():
    assert (backlog.WAVE, backlog.AIRSPACE) == (bell.WAVE, bell.AIRSPACE)
