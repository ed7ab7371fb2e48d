"""`simulator.plan.wording`: sentences a person can read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_cases import at, emit, happening, inject
from plan_engine import run_course
from plan_inquiries import inquire

from simulator.cli.planning import make_plan
from simulator.domain.fault import FaultKind
from simulator.plan import wording
from simulator.plan.figures import count
from simulator.plan.model import Counts, DisablingView, Plan
from simulator.scenario.timeline import Step


def plan_of(*steps: Step) -> Plan:
    return count(run_course(happening(*steps))[0], {})


@pytest.mark.parametrize(
    ("steps", "headline"),
    [
        ([emit(0)], "Everything is delivered at once"),
        ([inject(FaultKind.REFUSE, 0, 60), emit(0)], "Everything is delivered, 1 delivery late"),
        ([inject(FaultKind.REFUSE, 0), emit(0, 2)], "2 deliveries missed for good, 0 deliveries late"),
    ],
)
def test_the_headline_tells_the_worst_first(steps, headline):
    assert wording.say_headline(plan_of(*steps)) == headline


def test_an_outage_tells_when_how_long_and_what_fails():
    (outage,) = plan_of(inject(FaultKind.TIMEOUT, 0, 3_600), emit(0)).outages
    assert wording.say_outage(outage) == "Fri 06 Mar 17:00:00 to Fri 06 Mar 18:00:00 (1h)  timeout"
    assert wording.say_outage(replace(outage, subscription="crm")).endswith("  timeout for crm")
    assert wording.say_outage(replace(outage, until=None)) == "Fri 06 Mar 17:00:00, without end  timeout"


def test_an_outage_by_chance_or_by_a_status_says_so():
    status = inject(FaultKind.STATUS, 0, 60)
    step = replace(status, fault=replace(status.fault, probability=0.25))
    (outage,) = plan_of(step, emit(0)).outages
    assert outage.summary == "status 503, 25% of attempts"


def test_the_herd_is_told_as_a_sentence():
    (outage,) = plan_of(inject(FaultKind.REFUSE, 0, 10), emit(0, 2)).outages
    assert wording.say_herd(outage) == (
        "Fri 06 Mar 17:00:10  2 deliveries wait; 2 attempts in the first minute, 2 in the first hour (2 retries), "
        "at most 2 a second"
    )
    (quiet,) = plan_of(inject(FaultKind.REFUSE, 0, 10)).outages
    assert wording.say_herd(quiet).endswith("0 deliveries wait; 0 attempts in the first minute, 0 in the first hour")
    assert wording.say_herd(replace(outage, until=None, herd=None)) == "the receiver does not come back"


def test_lateness_is_told_as_three_durations():
    plan = make_plan(inquire("6h", rate="1/d", length="2d"))
    assert wording.say_lateness(plan.lateness) == (
        "half of them within 23h 35m 30s, 95 % within 23h 35m 30s, the latest 23h 35m 30s"
    )


def test_a_disabling_tells_when_why_its_cost_and_its_end():
    disabling = DisablingView(at(0), "auto-disabled", automatic=True, cancelled=1, missed=2_000, enabled_at=None)
    told = "Fri 06 Mar 17:00:00  auto-disabled; 1 retry cancelled, 2,000 events missed; "
    assert wording.say_disabling(disabling) == f"{told}not enabled again"
    assert wording.say_disabling(replace(disabling, enabled_at=at(60))) == f"{told}enabled Fri 06 Mar 17:01:00"


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        (Counts(), "nothing"),
        (Counts(exhausted=2), "2 for good: 2 exhausted, 0 cancelled"),
        (
            Counts(exhausted=1, cancelled=3, while_disabled=2),
            "4 for good: 1 exhausted, 3 cancelled, 2 of these while disabled",
        ),
    ],
)
def test_what_is_missed_is_told_by_how_it_was_lost(counts, sentence):
    assert wording.say_missed(counts) == sentence


def test_what_is_delivered_is_told_with_its_share():
    counts = Counts(deliveries=8, delivered=6, on_time=4, late=2)
    assert wording.say_delivered(counts) == "6 of 8 deliveries (75.00%): 4 at once, 2 late"
    assert wording.say_delivered(Counts()) == "nothing was to be sent"


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ([emit(0)], "there is nothing to recover from"),
        ([inject(FaultKind.REFUSE, 0), emit(0)], "not seen: the last attempt failed"),
        ([inject(FaultKind.REFUSE, 0, 10), emit(0)], "Fri 06 Mar 17:00:30, from then on nothing is late"),
        ([inject(FaultKind.REFUSE, 0), emit(0, 100)], "never: it stays disabled until somebody enables it"),
    ],
)
def test_how_it_ends(steps, sentence):
    assert wording.say_recovery(plan_of(*steps)) == sentence
