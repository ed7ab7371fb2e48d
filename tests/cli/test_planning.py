"""`simulator.cli.planning`: options and scenario files become the same inquiry, and that a plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cli.plan_options import Failure, parse_mix, parse_outage, read_rate
from simulator.cli.planning import Demand, Terms, make_plan, of_demand, of_scenario
from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, HOUR
from simulator.errors import Invalid, NotFound
from simulator.scenario.invalid import InvalidScenario

SCENARIO = """\
name: Two days
seed: 5
clock: {start: "2026-03-06T17:00:00Z"}
switches: {retry_delay_from: start}
subscriptions: [{name: crm, event: project_created}]
timeline:
  - {at: 1h, fault: {refuse: {for: 2h}}}
traffic:
  - {event: project_created, rate: 1/h, for: 2d}
"""


def demand(rate: str = "1/h", length: int = 2 * DAY, mix: str = "", listeners: int = 1) -> Demand:
    return Demand(
        read_rate(rate), poisson=False, length_us=length, mix=parse_mix(mix) if mix else {}, listeners=listeners
    )


def terms(*outages: str, enable_after: int | None = None, seed: int | None = None, **switches: object) -> Terms:
    return Terms(tuple(map(parse_outage, outages)), Failure(FaultKind.REFUSE), enable_after, switches, seed)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two-days.yaml"
    path.write_text(SCENARIO)
    return path


def test_without_a_mix_the_first_event_of_the_provider_occurs():
    inquiry = of_demand(demand(), "aurora", terms("6h"))
    assert [one.words["event"] for one in inquiry.subscriptions] == ["agreement_status_changed"]


def test_each_event_of_a_mix_has_so_many_subscriptions():
    inquiry = of_demand(demand(mix="project_created,lead_changed=2", listeners=2), "aurora", terms("6h"))
    assert [one.name for one in inquiry.subscriptions] == [
        "project_created 1",
        "project_created 2",
        "lead_changed 1",
        "lead_changed 2",
    ]
    assert make_plan(inquiry).counts.deliveries == 2 * 48


def test_a_provider_whose_subscriptions_take_several_events_gets_them_all_in_one():
    inquiry = of_demand(demand(mix="NEW_CALLOUT,CREATED_CUSTOMER"), "aura", terms("6h"))
    assert [(one.name, one.words["events"]) for one in inquiry.subscriptions] == [
        ("all events", ["NEW_CALLOUT", "CREATED_CUSTOMER"])
    ]
    counts = make_plan(inquiry).counts
    assert (counts.attempts, counts.exhausted, counts.delivered) == (48, 6, 42), "one attempt each, no retry"


def test_somebody_enables_what_is_disabled_so_long_after_each_outage():
    plan = make_plan(of_demand(demand("6/h", 8 * DAY), "aurora", terms("55h@1d", enable_after=HOUR)))
    ((disabling,),) = (one.disablings for one in plan.subscriptions)
    assert disabling.enabled_at == plan.outages[0].until + HOUR


def test_a_switch_is_a_reading_of_the_provider():
    assert (
        make_plan(of_demand(demand(), "aurora", terms(retry_delay_from="start"))).readings["retry_delay_from"]
        == "start"
    )


def test_a_scenario_brings_its_subscriptions_traffic_faults_and_readings(file):
    plan = make_plan(of_scenario(file, terms()))
    assert (plan.seed, plan.events, plan.counts.late) == (5, 48, 2)
    assert plan.readings["retry_delay_from"] == "start"
    assert plan.assumptions["scenario"] == "Two days, a receiver that answers 200 at once"


def test_outages_switches_and_a_seed_may_be_added_to_a_scenario(file):
    plan = make_plan(of_scenario(file, terms("3h@1d", seed=9, retry_delay_from="end")))
    assert (plan.seed, plan.counts.late, len(plan.outages)) == (9, 5, 2)
    assert plan.readings["retry_delay_from"] == "end"


@pytest.mark.parametrize(
    ("given", "provider", "under", "error", "sentence"),
    [
        ({"mix": "lead"}, "aurora", {}, NotFound, 'there is no event "lead"'),
        ({}, "borealis", {}, NotFound, 'there is no provider "borealis"'),
        ({"listeners": 2}, "aura", {}, Invalid, "subscriptions: aura allows 1 at most"),
        ({"listeners": 6}, "aurora", {}, Invalid, "subscriptions: aurora allows 5 at most"),
        ({"rate": "1/s", "length": 30 * DAY}, "aurora", {}, Invalid, "rate: 1/s for 30d makes 2,592,000 deliveries; a"),
        ({"rate": "1/m", "length": 300 * DAY, "listeners": 5}, "aurora", {}, Invalid, "rate: 1/m for 300d makes 2,160"),
        ({}, "aurora", {"gitter": 0.1}, Invalid, "gitter: there is no such switch"),
        ({}, "aurora", {"retry_jitter": 2.0}, Invalid, "retry_jitter: 2.0 is not allowed; it takes a number from 0"),
    ],
)
def test_what_cannot_be_planned_is_refused_with_a_sentence(given, provider, under, error, sentence):
    with pytest.raises(error) as refused:
        make_plan(of_demand(demand(**given), provider, terms("6h", **under)))
    assert str(refused.value).startswith(sentence)


def test_an_outage_beyond_the_calendar_is_refused():
    with pytest.raises(Invalid, match="outage: ends beyond 2100-01-01"):
        make_plan(of_demand(demand(), "aurora", terms("3650d@100000d")))


def test_a_file_that_is_not_there_or_not_a_scenario_is_refused(tmp_path):
    with pytest.raises(NotFound, match="cannot be read"):
        of_scenario(tmp_path / "none.yaml", terms())
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("name: x\n")
    with pytest.raises(InvalidScenario, match="subscriptions"):
        of_scenario(wrong, terms())
