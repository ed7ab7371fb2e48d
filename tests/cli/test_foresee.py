"""`simulator.cli.foresee`: a scenario's steps in the course of a plan.

That each step does what it does in a run is proved in `tests/plan`; here stands what concerns the steps themselves.
"""

from __future__ import annotations

from simulator.cli.foresee import Foresight
from simulator.plan.course import Course
from simulator.scenario.load import parse_scenario

HEAD = """\
name: Test
clock: {start: "2026-03-06T17:00:00Z"}
subscriptions: [{name: crm, event: project_created}]
timeline:
"""


def foresee(*steps: str) -> tuple[Course, list[str]]:
    scenario = parse_scenario(HEAD + "".join(f"  - {{{step}}}\n" for step in steps), "f.yaml")
    course = Course(scenario.profile, start=scenario.start, seed=scenario.seed)
    foresight = Foresight(course)
    foresight.plan(scenario.subscriptions, scenario.timeline, scenario.traffic)
    course.run()
    return course, foresight.refusals


def test_a_checkpoint_changes_nothing():
    course, refusals = foresee("at: 1h, checkpoint: lunch")
    assert (course.deliveries, refusals) == ([], [])


def test_one_refused_resend_does_not_keep_back_the_others():
    course, refusals = foresee(
        "at: 0s, fault: {refuse: {for: 2d}}",
        "at: 0s, emit: {event: project_created}",
        "at: 2d, emit: {event: project_created}",
        "at: 32d, resend: {}",
        "at: 32d, resend: {subscription: crm, delivery: 2}",
    )
    assert refusals == [
        "Tue 07 Apr 17:00:00  delivery 1 cannot be resent: its event occurred more than 30 days ago",
    ]
    assert [len(delivery.attempts) for delivery in course.deliveries] == [6, 2]


def test_a_resend_may_mean_one_delivery_by_its_number():
    course, refusals = foresee(
        "at: 0s, emit: {event: project_created, count: 3}",
        "at: 1h, resend: {subscription: crm, delivery: 2}",
        "at: 2h, resend: {subscription: crm, delivery: 4}",
    )
    assert [len(delivery.attempts) for delivery in course.deliveries] == [1, 2, 1]
    assert refusals == ["Fri 06 Mar 19:00:00  line 7: the subscription has no delivery number 4"]


def test_somebody_enables_whatever_is_disabled_then_and_nothing_that_was_deleted():
    scenario = parse_scenario(HEAD + "  - {at: 1h, disable: crm}\n", "f.yaml")
    course = Course(scenario.profile, start=scenario.start)
    foresight = Foresight(course)
    foresight.plan(scenario.subscriptions, scenario.timeline, ())
    foresight.enable_what_is_disabled(scenario.start + 7_200_000_000)
    course.run()
    (listener,) = course.subscriptions.listeners
    assert listener.subscription.enabled
    assert listener.disablings[0].enabled_at == scenario.start + 7_200_000_000
