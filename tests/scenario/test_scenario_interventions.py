"""Faults, their end, resends, and instants that cannot be."""

from __future__ import annotations

import pytest
from scenario_texts import HEAD, pointed, problems, problems_of_step

from simulator.domain.fault import FaultKind
from simulator.scenario.faults import FaultEntry

STEPS = [
    ("{at: »2020-01-01, checkpoint: x}", "timeline[0].at: lies before the start of the scenario, 2026-01-05T09:00:00Z"),
    ("{at: 1h, fault: {refuse: {for: »0s}}}", 'timeline[0].fault.refuse.for: "0s" has no length; give a span such as'),
    ("{at: 1h, fault: {»refus: {for: 1h}}}", 'timeline[0].fault.refus: there is no such key (did you mean "refuse"?)'),
    ("{at: 1h, fault: »{}}", "timeline[0].fault: needs one of refuse, dns, tls, reset, timeout, lost_response, slow,"),
    ("{at: 1h, fault: »{dns: , tls: }}", "timeline[0].fault: says dns and tls; only one of refuse, dns, tls,"),
    ("{at: 1h, fault: {refuse: {event: »lead}}}", 'timeline[0].fault.refuse.event: there is no event "lead"'),
    (
        "{at: 1h, fault: {refuse: {attempt: »7}}}",
        "timeline[0].fault.refuse.attempt: there is no attempt 7; a chain has 6 at most (R3)",
    ),
    ("{at: 1h, fault: {refuse: {attempt: [1, »0]}}}", "timeline[0].fault.refuse.attempt[1]: must be at least 1"),
    ("{at: 1h, fault: {refuse: {attempt: »[]}}}", "timeline[0].fault.refuse.attempt: must not be empty"),
    ("{at: 1h, fault: {refuse: {probability: »0}}}", "timeline[0].fault.refuse.probability: must be above 0"),
    ("{at: 1h, fault: {refuse: {»status: 503}}}", "timeline[0].fault.refuse.status: there is no such key"),
    ("{at: 1h, fault: {status: »99}}", "timeline[0].fault.status: must be at least 100"),
    ("{at: 1h, fault: {status: »{for: 1h}}}", "timeline[0].fault.status.code: is missing"),
    ("{at: 1h, fault: {slow: {delay: »4}}}", "timeline[0].fault.slow.delay: 4 has no unit"),
    ("{at: 1h, fault: {slow: {by: »4}}}", "timeline[0].fault.slow.by: 4 has no unit"),
    ("{at: 1h, fault: {slow: {»by: 4s, delay: 4s}}}", "timeline[0].fault.slow.by: there is no such key"),
    ("{at: 1h, fault: {flap: {period: »0s}}}", 'timeline[0].fault.flap.period: "0s" has no length'),
    ("{at: 1h, clear: {name: »outage}}", 'timeline[0].clear.name: there is no fault called "outage"; no fault of'),
    ("{at: 1h, clear: {kind: »slwo}}", 'timeline[0].clear.kind: there is no fault "slwo" (did you mean "slow"?)'),
    ("{at: 1h, clear: »crm}", "timeline[0].clear: must be a mapping of keys to values, and this is text"),
    ("{at: 1h, stop: »look here}", "timeline[0].stop: must be a mapping of keys to values, and this is text"),
    ("{at: 1h, stop: »{say: look}}", "timeline[0].stop.look_at: is missing"),
    ("{at: 1h, stop: {say: »'', look_at: clock}}", "timeline[0].stop.say: must not be empty"),
    ("{at: 1h, stop: {say: x, look_at: »clocks}}", "timeline[0].stop.look_at: must be 'timeline', 'deliveries',"),
    (
        "{at: 1h, stop: {say: x, look_at: clock, filter: »state:pending sub:crn}}",
        'timeline[0].stop.filter: there is no subscription "crn" (did you mean "crm"?)',
    ),
    ("{at: 4h, resend: {from: 2h, to: »1h}}", "timeline[0].resend.to: is not after `from`; the window holds nothing"),
    ("{at: 4h, resend: {from: »5h}}", "timeline[0].resend.from: lies after the step itself; nothing has occurred"),
    ("{at: 4h, resend: {from: »2020-01-01}}", "timeline[0].resend.from: lies before the start of the scenario"),
    ("{at: 4h, resend: {event: »led_changed}}", 'timeline[0].resend.event: there is no event "led_changed"'),
    ("{at: 4h, resend: »{delivery: 1}}", "timeline[0].resend: delivery needs subscription"),
]


@pytest.mark.parametrize(("step", "problem"), STEPS)
def test_what_cannot_be_done_is_refused(step: str, problem: str) -> None:
    text, place = pointed(step)
    (found,) = problems_of_step(text)
    assert found.startswith(place + problem)


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_can_be_written_with_nothing_but_its_kind(kind: FaultKind) -> None:
    content = "503" if kind is FaultKind.STATUS else ""
    assert problems_of_step(f"{{at: 1h, fault: {{{kind}: {content}}}}}") == []


def test_the_language_knows_every_fault_of_the_domain_and_no_other() -> None:
    assert FaultEntry.one_of == (tuple(str(kind) for kind in FaultKind),)


@pytest.mark.parametrize(
    "step",
    [
        "{at: 1h, fault: {status: 503}}",
        "{at: 1h, fault: {status: {code: 503, for: 1h}}}",
        "{at: 1h, fault: {refuse: {for: 6h, subscription: crm, event: agreement_status_changed, attempt: [1, 2]}}}",
        "{at: 1h, fault: {slow: {by: 4s, probability: 0.5}, name: slow}}",
        "{at: 1h, fault: {duplicate: {delay: 0s, attempt: 1}}}",
        "{at: 1h, fault: {flap: {period: 5m, for: 1h}}}",
        "{at: 1h, clear: }",
        "{at: 1h, clear: {kind: refuse, subscription: crm}}",
        "{at: 1h, resend: }",
        "{at: 4h, resend: {subscription: crm, delivery: 1, from: +1h, to: 2026-01-05T13:00:00Z}}",
        "{at: 4h, resend: {event: lead_changed}}",
        "{at: 4h, checkpoint: {say: half time}}",
        "{at: 4h, stop: {say: look, look_at: clock, filter: 'sub:crm sub:\"jobs\" text', then: On}}",
    ],
)
def test_everything_else_is_allowed(step: str) -> None:
    assert problems_of_step(step) == []


def test_faults_are_cleared_by_the_name_they_were_given() -> None:
    steps = "[{at: 1h, fault: {dns: , name: outage}}, {at: 2h, clear: {name: outage}}]"
    assert problems(f"{HEAD}timeline: {steps}\n") == []
    (found,) = problems(f"{HEAD}timeline: {steps.replace('clear: {name: outage', 'clear: {name: outrage')}\n")
    assert found.endswith('there is no fault called "outrage" (did you mean "outage"?); there are outage')


def test_no_two_faults_share_a_name() -> None:
    text = f"{HEAD}timeline: [{{at: 1h, fault: {{dns: , name: x}}}}, {{at: 2h, fault: {{tls: , name: x}}}}]\n"
    assert problems(text) == [
        'f.yaml:5:77: timeline[1].fault.name: another fault is called "x"; each needs a name of its own'
    ]


def test_a_fault_that_makes_no_sense_is_still_known_by_its_name() -> None:
    steps = "[{at: 1h, fault: {dns: {for: 1}, name: outage}}, {at: 2h, clear: {name: outage}}]"
    assert len(problems(f"{HEAD}timeline: {steps}\n")) == 1


def test_an_instant_beyond_the_calendar_is_refused() -> None:
    text = f"{HEAD}clock: {{start: 2099-12-31}}\ntimeline: [{{at: +1d, clear: }}]\n"
    assert problems(text) == ["f.yaml:6:17: timeline[0].at: lies beyond 2100-01-01T00:00:00Z"]


def test_a_provider_that_resends_nothing_is_asked_for_no_resend() -> None:
    """A9"""
    text = "name: x\nprovider: aura\nswitches: {allow_http: true}\n"
    text += "subscriptions: [{name: a, events: [NEW_CALLOUT]}]\ntimeline: [{at: 1h, resend: {subscription: a}}]\n"
    assert problems(text) == [
        "f.yaml:5:29: timeline[0].resend: aura resends nothing; no delivery can be sent again (A9)"
    ]


def test_where_nothing_is_tried_again_there_is_no_second_attempt_to_break() -> None:
    """A9"""
    head = "name: Test\nprovider: aura\nsubscriptions: [{name: a, url: https://a.example, events: [NEW_CALLOUT]}]\n"
    (found,) = problems(f"{head}timeline: [{{at: 1h, fault: {{refuse: {{attempt: 2}}}}}}]\n")
    assert found.endswith("there is no attempt 2; a chain has 1 at most (A9)")
