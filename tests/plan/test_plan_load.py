"""`simulator.plan.load`: the herd when an outage ends, and attempts over time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plan_cases import at, emit, happening, inject
from plan_engine import run_course
from plan_inquiries import inquire
from plan_sums import lateness

from simulator.cli.planning import make_plan
from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, HOUR, SECOND
from simulator.plan.load import MOST_STEPS, view_load, view_outages
from simulator.plan.model import OutageView
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Clear, Resend


def outages_of(scenario: Scenario) -> tuple[OutageView, ...]:
    return view_outages(run_course(scenario)[0])


def test_the_herd_is_what_waits_and_what_comes_in_the_first_minute_and_hour():
    """An event a minute: sixty wait when the hour is over, and come when the ladder of each says so."""
    plan = make_plan(inquire("1h@1d", rate="1/m", length="2d"))
    comes = [60 * minute + lateness(3_600 - 60 * minute) - 3_600 for minute in range(60)]
    ((herd),) = (one.herd for one in plan.outages)
    retries = [second for second in comes if second < 3_600]
    firsts = [60 * minute for minute in range(60)]
    assert herd.waiting == 60
    assert herd.retries == len(retries)
    assert herd.first_hour == len(retries) + 60
    assert herd.first_minute == sum(second < 60 for second in (*retries, *firsts))
    every = [*retries, *firsts]
    assert herd.peak_per_second == max(map(every.count, every))
    assert every.count((herd.peak_at - plan.outages[0].until) // SECOND) == herd.peak_per_second


def test_a_burst_before_the_end_comes_back_as_one_herd():
    (outage,) = outages_of(happening(inject(FaultKind.REFUSE, 0, 10), emit(0, 50), emit(20, 3)))
    assert (outage.since, outage.until) == (at(0), at(10))
    assert (outage.herd.waiting, outage.herd.peak_per_second, outage.herd.peak_at) == (50, 50, at(30))
    assert (outage.herd.first_minute, outage.herd.retries) == (53, 50)


def test_an_outage_without_an_end_has_no_herd():
    (outage,) = outages_of(happening(inject(FaultKind.REFUSE, 0), emit(0)))
    assert (outage.until, outage.herd) == (None, None)


def test_an_outage_that_is_cleared_ends_then():
    (outage,) = outages_of(happening(inject(FaultKind.REFUSE, 0, 3_600), emit(0), Clear(at(20), 1, None, None, None)))
    assert (outage.until, outage.herd.waiting) == (at(20), 1)


@pytest.mark.parametrize(
    ("kind", "delay", "counts"),
    [
        (FaultKind.DUPLICATE, 5, False),
        (FaultKind.REORDER, 5, False),
        (FaultKind.SLOW, 9, False),
        (FaultKind.SLOW, 10, True),
        (FaultKind.LOST_RESPONSE, 5, True),
        (FaultKind.FLAP, 5, True),
        (FaultKind.STATUS, 5, True),
    ],
)
def test_an_outage_is_a_fault_under_which_attempts_fail(kind, delay, counts):
    assert bool(outages_of(happening(inject(kind, 0, 60, delay=delay), emit(0)))) is counts


def test_a_status_that_is_a_success_is_no_outage():
    step = inject(FaultKind.STATUS, 0, 60)
    assert outages_of(happening(replace(step, fault=replace(step.fault, status=204)), emit(0))) == ()


def test_a_fault_of_one_subscription_or_event_has_its_own_herd():
    aimed = inject(FaultKind.REFUSE, 0, 10)
    scenario = happening(replace(aimed, subscription="crm"), emit(0, 4))
    further = replace(scenario.subscriptions[0], name="other")
    (outage,) = outages_of(replace(scenario, subscriptions=(*scenario.subscriptions, further)))
    assert (outage.subscription, outage.herd.waiting, outage.herd.first_hour) == ("crm", 4, 4)
    elsewhere = replace(aimed, fault=replace(aimed.fault, event="lead_changed"))
    (outage,) = outages_of(happening(elsewhere, emit(0, 4), emit(20, 4)))
    assert (outage.herd.waiting, outage.herd.first_hour) == (0, 0)


def test_what_a_resend_begins_was_not_waiting():
    resend = Resend(at(90_100), 1, "crm", None, None, at(0), at(10))
    (outage,) = outages_of(happening(inject(FaultKind.REFUSE, 0, 90_000), emit(0), resend))
    assert (outage.herd.waiting, outage.herd.first_hour, outage.herd.retries) == (0, 1, 1)


def test_attempts_over_time_add_up_to_all_attempts():
    course, _ = run_course(happening(inject(FaultKind.REFUSE, 0, 3_600), emit(0, 3), emit(40, 2)))
    step, load = view_load(course)
    attempts = [attempt for delivery in course.deliveries for attempt in delivery.attempts]
    assert sum(one.attempts for one in load) == len(attempts)
    assert sum(one.failed for one in load) == sum(not attempt.outcome.succeeded for attempt in attempts)
    assert [one.at for one in load] == sorted(
        {course.start + (a.started_at - course.start) // step * step for a in attempts}
    )


@pytest.mark.parametrize(
    ("length", "step_us"), [("4m", SECOND), ("2d", 300 * SECOND), ("30d", 3 * HOUR), ("900d", 30 * DAY)]
)
def test_a_step_is_a_round_length_and_there_are_not_too_many(length, step_us):
    plan = make_plan(inquire(rate="1/d" if "d" in length else "1/s", length=length))
    assert plan.load_step_us == step_us
    assert len(plan.load) <= MOST_STEPS + 1
