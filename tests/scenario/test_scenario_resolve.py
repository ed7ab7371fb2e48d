"""From what is written to what a run uses."""

from __future__ import annotations

import pytest
from scenario_texts import HEAD, WHERE

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import DAY, HOUR, MINUTE, SECOND, format_instant, parse_instant
from simulator.providers import AURORA
from simulator.scenario.cadence import Cron, Every, Poisson, Subject, Traffic
from simulator.scenario.load import parse_scenario
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import (
    Checkpoint,
    Clear,
    Delete,
    Disable,
    Emit,
    Enable,
    Inject,
    PlayStory,
    Register,
    Resend,
    Step,
    Stop,
    Update,
)
from simulator.scenario.wording import on_receiver

START = parse_instant("2026-03-06T17:00:00Z")
CLOCK = 'clock: {start: "2026-03-06T17:00:00Z"}\n'


def loaded(rest: str) -> Scenario:
    """A scenario that starts on that Friday evening; what is added begins on line 6."""
    return parse_scenario(HEAD + CLOCK + rest, WHERE)


def step(text: str) -> Step:
    """One step, on line 7."""
    return loaded(f"timeline:\n  - {text}\n").timeline[0]


STEPS: list[tuple[str, Step]] = [
    (
        "{at: 1h, emit: {event: lead_changed, attributes: {LEAD_ID: x}, count: 3, tenant: t, lenient: true}}",
        Emit(START + HOUR, 7, "lead_changed", "t", {"LEAD_ID": "x"}, 3, lenient=True),
    ),
    ("{at: 1h, emit: {event: lead_changed}}", Emit(START + HOUR, 7, "lead_changed", "demo", {}, 1, lenient=False)),
    ("{at: +2d 3h, story: agreement}", PlayStory(START + 51 * HOUR, 7, "agreement", "demo", {})),
    (
        "{at: 2026-03-06T18:00:00+01:00, story: {name: agreement, attributes: {project: p}}}",
        PlayStory(START, 7, "agreement", "demo", {"project": "p"}),
    ),
    (
        "{at: 0s, update: {subscription: crm, enabled: false, filters: [{url_parameter: STATUS, value: [sent]}]}}",
        Update(START, 7, "crm", {"enabled": False, "filters": [{"url_parameter": "STATUS", "value": ["sent"]}]}),
    ),
    ("{at: 0s, disable: crm}", Disable(START, 7, "crm")),
    ("{at: 0s, enable: {subscription: crm}}", Enable(START, 7, "crm")),
    ("{at: 0s, delete: crm}", Delete(START, 7, "crm")),
    ("{at: 0s, checkpoint: half time}", Checkpoint(START, 7, "half time")),
    ("{at: 0s, stop: {say: look, look_at: faults}}", Stop(START, 7, "look", "faults", "", "Go on")),
    (
        "{at: 1h, stop: {say: look, look_at: delivery, filter: 'sub:crm is:resent', then: Wait}}",
        Stop(START + HOUR, 7, "look", "delivery", "sub:crm is:resent", "Wait"),
    ),
    ("{at: 0s, clear: }", Clear(START, 7, None, None, None)),
    ("{at: 0s, clear: {kind: dns, subscription: crm}}", Clear(START, 7, None, FaultKind.DNS, "crm")),
    ("{at: 4h, resend: }", Resend(START + 4 * HOUR, 7, None, None, None, START, START + 4 * HOUR)),
    (
        "{at: 4h, resend: {subscription: crm, event: lead_changed, delivery: 2, from: 1h, to: 2026-03-06T19:00:00Z}}",
        Resend(START + 4 * HOUR, 7, "crm", "lead_changed", 2, START + HOUR, START + 2 * HOUR),
    ),
    (
        "{at: 1h, fault: {refuse: {for: 6h, subscription: crm}}}",
        Inject(START + HOUR, 7, Fault("fault-1", FaultKind.REFUSE, START + HOUR, START + 7 * HOUR), "crm"),
    ),
    (
        "{at: 0s, fault: {status: 500, name: broken}}",
        Inject(START, 7, Fault("broken", FaultKind.STATUS, START, status=500), None),
    ),
    (
        "{at: 0s, fault: {slow: {by: 4s, event: lead_changed, attempt: [1, 2], probability: 0.5}}}",
        Inject(
            START,
            7,
            Fault(
                "fault-1",
                FaultKind.SLOW,
                START,
                event="lead_changed",
                positions=frozenset({1, 2}),
                probability=0.5,
                delay_us=4 * SECOND,
            ),
            None,
        ),
    ),
    (
        "{at: 0s, fault: {flap: {period: 5m, attempt: 1}}}",
        Inject(
            START,
            7,
            Fault("fault-1", FaultKind.FLAP, START, positions=frozenset({1}), period_us=5 * MINUTE),
            None,
        ),
    ),
]


@pytest.mark.parametrize(("text", "meaning"), STEPS)
def test_a_step_is_resolved_to_the_calendar_and_the_domain(text: str, meaning: Step) -> None:
    assert step(text) == meaning


def test_a_fault_says_nothing_more_than_the_domain_does_by_default() -> None:
    """The defaults of the language and of the domain are one."""
    for kind in FaultKind:
        content = "503" if kind is FaultKind.STATUS else ""
        made = step(f"{{at: 0s, fault: {{{kind}: {content}}}}}")
        assert isinstance(made, Inject)
        assert made.fault == Fault("fault-1", kind, START)


def test_a_fault_is_aimed_at_the_id_behind_a_name() -> None:
    aimed, wide = step("{at: 0s, fault: {dns: {subscription: crm}}}"), step("{at: 0s, fault: {dns: }}")
    assert isinstance(aimed, Inject)
    assert isinstance(wide, Inject)
    assert aimed.aimed({"crm": "id-7"}).subscription_id == "id-7"
    assert wide.aimed({}) == wide.fault


def test_steps_are_sorted_by_instant_and_keep_the_order_of_the_file_within_one() -> None:
    order = ["2h", "1h", "2026-03-06T18:00:00Z", "0s", "60m"]
    steps = "".join(f"  - {{at: {at}, checkpoint: '{number}'}}\n" for number, at in enumerate(order))
    timeline = loaded(f"timeline:\n{steps}").timeline
    assert [one.say for one in timeline if isinstance(one, Checkpoint)] == ["3", "1", "2", "4", "0"]
    assert [one.line for one in timeline] == [10, 8, 9, 11, 7]
    assert [one.number for one in timeline] == [3, 1, 2, 4, 0]


def test_a_template_that_is_left_out_is_the_suggested_one_on_the_receiver() -> None:
    crm, jobs = loaded("").subscriptions
    assert crm.words == {
        "event": "agreement_status_changed",
        "url_template": "{receiver}/agreement_status_changed"
        "?project_id=<PROJECT_ID>&agreement_id=<AGREEMENT_ID>&status=<STATUS>",
    }
    there = on_receiver(AURORA, jobs.words, "http://127.0.0.1:8000/")
    assert there["url_template"].startswith("http://127.0.0.1:8000/auto_designer_job_completed?")


def test_only_addresses_hold_the_receiver() -> None:
    """A token may look like anything."""
    text = "{at: 0s, register: {name: a, event: lead_changed, header_auth_key: K, header_auth_value: '{receiver}'}}"
    made = step(text)
    assert isinstance(made, Register)
    assert on_receiver(AURORA, made.registration.words, "http://x")["header_auth_value"] == "{receiver}"


def test_an_update_is_put_on_the_receiver_too() -> None:
    made = step("{at: 0s, update: {subscription: crm, url_template: '{receiver}/x'}}")
    assert isinstance(made, Update)
    assert on_receiver(AURORA, made.words, "http://r") == {"url_template": "http://r/x"}


TRAFFIC = [
    (
        "{event: lead_changed, rate: 40/h, for: 2d}",
        Traffic(0, "demo", (Subject("lead_changed", None, 1.0, {}),), Every(90 * SECOND), START, START + 2 * DAY),
    ),
    (
        "{story: agreement, poisson: 1/h, from: +1h, for: 1h, tenant: t, attributes: {project: p}}",
        Traffic(
            0,
            "t",
            (Subject(None, "agreement", 1.0, {"project": "p"}),),
            Poisson(HOUR),
            START + HOUR,
            START + 2 * HOUR,
        ),
    ),
    (
        "{mix: [{event: lead_changed, weight: 3}, {story: design}], cron: 0 9 * * *, for: 7d}",
        Traffic(
            0,
            "demo",
            (Subject("lead_changed", None, 3.0, {}), Subject(None, "design", 1.0, {})),
            Cron("0 9 * * *"),
            START,
            START + 7 * DAY,
        ),
    ),
]


@pytest.mark.parametrize(("text", "meaning"), TRAFFIC)
def test_traffic_is_resolved_to_a_cadence_within_a_window(text: str, meaning: Traffic) -> None:
    assert loaded(f"traffic:\n  - {text}\n").traffic == (meaning,)


def test_what_holds_for_all_of_a_mix_yields_to_what_holds_for_one() -> None:
    text = "{mix: [{event: lead_created, attributes: {SOURCE: api}}, {event: lead_created}], attributes: {SOURCE: lcai}"
    (traffic,) = loaded(f"traffic:\n  - {text}, rate: 1/h, for: 1h}}\n").traffic
    assert [subject.attributes for subject in traffic.subjects] == [{"SOURCE": "api"}, {"SOURCE": "lcai"}]


def test_a_scenario_knows_what_to_ask_the_receiver_once_each() -> None:
    probes = "".join(
        f"  - receiver: {{probe: '{url}', count: 1}}\n" for url in ("{receiver}/a", "http://b", "{receiver}/a")
    )
    assert loaded(f"expect:\n  - delivered:\n{probes}").probes == ("{receiver}/a", "http://b")


def test_the_start_is_a_monday_morning_unless_the_file_says_otherwise() -> None:
    assert format_instant(parse_scenario(HEAD, WHERE).start) == "2026-01-05T09:00:00Z"


def test_no_secret_shows_in_what_a_scenario_says_of_itself() -> None:
    """S7."""
    secret = "2dbcbba1-9f64"
    scenario = loaded(
        f"""\
timeline:
  - {{at: 0s, update: {{subscription: crm, header_auth_key: K, header_auth_value: {secret}}}}}
  - at: 1h
    register: {{name: a, event: lead_changed, basic_auth_username: u, basic_auth_password: {secret}}}
"""
    )
    assert secret in scenario.source
    assert secret not in repr(scenario)
