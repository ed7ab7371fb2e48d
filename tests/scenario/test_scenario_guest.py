"""A scenario as a guest: every name of its own begins with its label."""

from __future__ import annotations

from simulator.scenario.guest import as_guest
from simulator.scenario.load import parse_scenario
from simulator.scenario.timeline import Clear, Emit, Inject, Register, Resend, Stop, Update

TEXT = """\
name: Test
subscriptions: [{name: crm, event: lead_changed}, {name: my crm, tenant: other, event: lead_changed}]
timeline:
  - {at: 0s, emit: {event: agreement_status_changed, attributes: {AGREEMENT_ID: a-1, STATUS: sent}}}
  - {at: 0s, register: {name: late, event: lead_created}}
  - {at: 0s, update: {subscription: crm, enabled: false}}
  - {at: 0s, fault: {name: down, refuse: {subscription: crm}}}
  - {at: 0s, fault: {refuse: }}
  - {at: 1h, clear: {name: down}}
  - {at: 1h, clear: {kind: refuse}}
  - {at: 1h, resend: {event: lead_changed}}
  - {at: 1h, stop: {say: "sub:crm", look_at: clock, filter: 'xsub:crm sub:crm state:pending sub:"my crm"'}}
traffic: [{event: lead_changed, rate: 1/h, for: 1h}]
expect: [{delivered: {subscription: crm, all: true}}]
"""

GUEST = as_guest(parse_scenario(TEXT, "f.yaml"), "lesson-2")


def only(kind: type) -> list:
    return [step for step in GUEST.timeline if isinstance(step, kind)]


def test_subscriptions_and_tenants_bear_the_label():
    named = [(one.name, one.tenant) for one in GUEST.subscriptions]
    assert named == [("lesson-2-crm", "lesson-2-demo"), ("lesson-2-my crm", "lesson-2-other")]
    (late,) = only(Register)
    assert (late.registration.name, late.registration.tenant) == ("lesson-2-late", "lesson-2-demo")
    assert GUEST.tenants == ("lesson-2-demo", "lesson-2-other")
    assert GUEST.traffic[0].tenant == "lesson-2-demo"


def test_whoever_names_a_subscription_names_the_labelled_one_and_none_stays_none():
    assert [step.subscription for step in only(Update)] == ["lesson-2-crm"]
    assert [step.subscription for step in only(Inject)] == ["lesson-2-crm", None]
    assert [step.subscription for step in only(Resend)] == [None]


def test_ids_of_objects_bear_it_and_other_values_do_not():
    """The receiver remembers the agreement of the last time, which was signed."""
    (emit,) = only(Emit)
    assert (emit.tenant, emit.attributes) == ("lesson-2-demo", {"AGREEMENT_ID": "lesson-2-a-1", "STATUS": "sent"})


AURA = """\
name: Test
provider: aura
subscriptions: [{name: control room, url: "https://a.example", events: [NEW_CALLOUT]}]
timeline:
  - {at: 0s, emit: {event: NEW_CALLOUT, attributes: {id: "42", customerId: "7", status: new}}}
  - {at: 1h, emit: {event: CALLOUT_CLOSED, attributes: {id: "42"}}}
"""


def test_an_id_that_is_a_number_becomes_another_number_for_each_guest():
    """A11: AURA's ids are whole numbers, and the receiver remembers the callout of the last time, which was closed."""
    scenario = parse_scenario(AURA, "f.yaml")
    one, other = (as_guest(scenario, label).timeline for label in ("lesson-1", "lesson-2"))
    created, closed = (step.attributes for step in one)
    assert created["id"] == closed["id"] != other[0].attributes["id"]
    assert created["id"].isdecimal()
    assert created["customerId"] not in ("7", created["id"], other[0].attributes["customerId"])
    assert created["status"] == "new"


def test_faults_are_told_from_everybody_elses():
    assert [step.fault.id for step in only(Inject)] == ["lesson-2-down", "lesson-2-fault-2"]
    assert [step.fault_id for step in only(Clear)] == ["lesson-2-down", None]


def test_the_filter_box_shows_its_own_subscriptions():
    (stop,) = only(Stop)
    assert stop.filter == 'xsub:crm sub:lesson-2-crm state:pending sub:"lesson-2-my crm"'
    assert stop.say == "sub:crm"


def test_what_it_expects_is_left_out():
    assert GUEST.expectations == ()
