"""`simulator.cli.foresee`: a scenario's steps in the course of a plan.

That each step does what it does in a run is proved in `tests/plan`; here stands what concerns the steps themselves.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.cli.foresee import Foresight
from simulator.plan.course import Course
from simulator.providers import PROFILES
from simulator.scenario.load import parse_scenario
from simulator.scenario.timeline import Act

HEAD = """\
name: Test
clock: {start: "2026-03-06T17:00:00Z"}
subscriptions: [{name: crm, event: project_created}]
timeline:
"""


def foresee(*steps: str, head: str = HEAD) -> tuple[Course, list[str]]:
    scenario = parse_scenario(head + "".join(f"  - {{{step}}}\n" for step in steps), "f.yaml")
    course = Course(scenario.profile, start=scenario.start, seed=scenario.seed)
    foresight = Foresight(course)
    foresight.plan(scenario.subscriptions, scenario.timeline, scenario.traffic)
    course.run()
    return course, foresight.refusals


def test_a_checkpoint_changes_nothing():
    course, refusals = foresee("at: 1h, checkpoint: lunch")
    assert (course.deliveries, refusals) == ([], [])


def test_a_stop_is_a_remark_like_any_other():
    course, refusals = foresee("at: 1h, stop: {say: look, look_at: clock}")
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


AURA = """\
name: Test
provider: aura
switches: {allow_http: true}
clock: {start: "2026-03-06T17:00:00Z"}
subscriptions: [{name: crm, events: [NEW_CALLOUT]}]
timeline:
"""


def test_an_action_comes_to_an_event_and_the_next_one_sees_what_it_changed():
    """A12."""
    cancel = "action: cancel_callout, attributes: {id: '42'}"
    create = "action: create_callout, attributes: {id: '42'}"
    course, refusals = foresee(
        f"at: 0s, act: {{{cancel}}}", f"at: 1h, act: {{{create}}}", f"at: 2h, act: {{{cancel}}}", head=AURA
    )
    assert [(delivery.event, len(delivery.attempts)) for delivery in course.deliveries] == [("NEW_CALLOUT", 1)]
    assert (course.events, len(refusals)) == (2, 1)
    assert refusals[0].startswith("Fri 06 Mar 17:00:00  line 7: ")


def test_nothing_can_be_done_to_objects_that_a_provider_does_not_show():
    step = Act(0, 7, "create_callout", "demo", {})
    course = Course(replace(PROFILES["aura"], world=None), start=0)
    foresight = Foresight(course)
    foresight.plan([], [step], [])
    course.run()
    assert foresight.refusals == [
        "Thu 01 Jan 00:00:00  line 7: aura shows no objects, so nothing can be done to them",
    ]
