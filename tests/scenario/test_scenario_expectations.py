"""Expectations as they are written: what is refused before anything is sent."""

from __future__ import annotations

import pytest
from scenario_texts import pointed, problems_of_expectation

REFUSED = [
    (
        "{»deliverd: {}}",
        'expect[0].deliverd: there is no such key (did you mean "delivered"?); the keys are delivered, ',
    ),
    ("»{delivered: {}, pending: {count: 0}}", "expect[0]: says delivered and pending; only one of delivered, "),
    ("»{}", "expect[0]: needs one of delivered, exhausted, cancelled, pending, filtered, disabled, attempts, "),
    ("{delivered: {subscription: »crn}}", 'expect[0].delivered.subscription: there is no subscription "crn" (did you'),
    ("{delivered: {event: »led_changed}}", 'expect[0].delivered.event: there is no event "led_changed" (did you mean'),
    ("{delivered: {share: »95}}", "expect[0].delivered.share: must be at most 1"),
    ("{delivered: »{share: 1, count: 3}}", "expect[0].delivered: says share and count; only one of share, count, all"),
    ("{delivered: {count: »1.5}}", "expect[0].delivered.count: must be a whole number, and this is a number"),
    ("{exhausted: »{}}", "expect[0].exhausted: needs one of share, count, all"),
    ("{cancelled: {all: »false}}", "expect[0].cancelled.all: must be true; otherwise leave the key out"),
    ("{pending: »{}}", "expect[0].pending.count: is missing"),
    ("{disabled: »{never: true}}", "expect[0].disabled.subscription: is missing"),
    ("{disabled: »{subscription: crm, never: true, by: 1h}}", "expect[0].disabled: says never and by; only one of"),
    (
        "{disabled: {subscription: crm, by: »2020-01-01}}",
        "expect[0].disabled.by: lies before the start of the scenario",
    ),
    (
        "{disabled: {subscription: crm, at: »2020-01-01}}",
        "expect[0].disabled.at: lies before the start of the scenario",
    ),
    ("{attempts: »{subscription: crm, at: [0s]}}", "expect[0].attempts: at needs delivery"),
    ("{attempts: »{delivery: 1, count: 1}}", "expect[0].attempts: delivery needs subscription"),
    ("{attempts: {subscription: crm, delivery: 1, at: [0s, »30]}}", "expect[0].attempts.at[1]: 30 has no unit"),
    ("{attempts: {subscription: crm, delivery: »0, count: 1}}", "expect[0].attempts.delivery: must be at least 1"),
    ("{outcomes: {counts: {»refusd: 1}}}", 'expect[0].outcomes.counts.refusd: there is no outcome "refusd" (did you '),
    ("{outcomes: {counts: {»600: 1}}}", 'expect[0].outcomes.counts.600: there is no outcome "600"; it is a status '),
    ("{outcomes: {counts: {503: »few}}}", "expect[0].outcomes.counts.503: must be a whole number, and this is text"),
    ("{latency: »{}}", "expect[0].latency: needs one of p50, p95, p99"),
    ("{latency: {p95: »200}}", "expect[0].latency.p95: 200 has no unit; give a duration such as 30s"),
    ("{duplicates: »{}}", "expect[0].duplicates: needs one of count, without_cause"),
    ("{resent: »{count: 1, reason: x}}", "expect[0].resent: reason needs refused"),
    ('{receiver: »{probe: "{receiver}/x"}}', "expect[0].receiver: needs one of equals, contains, count"),
    (
        '{receiver: {probe: »"{reciever}/x", count: 1}}',
        'expect[0].receiver.probe: holds "{reciever}" (did you mean "rec',
    ),
    ("{receiver: {probe: »localhost/x, count: 1}}", "expect[0].receiver.probe: must begin with http:// or https://"),
]


@pytest.mark.parametrize(("entry", "problem"), REFUSED)
def test_an_expectation_that_says_nothing_clear_is_refused(entry: str, problem: str) -> None:
    text, place = pointed(entry)
    (found,) = problems_of_expectation(text)
    assert found.startswith(place + problem)


@pytest.mark.parametrize(
    "entry",
    [
        "delivered:",
        "delivered: {subscription: crm, share: 1.0}",
        "delivered: {event: lead_changed, count: 0}",
        "exhausted: {share: 0.1}",
        "cancelled: {subscription: crm, all: true}",
        "pending: {count: 0}",
        "filtered: {subscription: crm, count: 3}",
        "disabled: {subscription: crm}",
        "disabled: {subscription: crm, by: +48h, reason: auto-disabled}",
        "disabled: {subscription: crm, at: 2026-02-01}",
        "attempts: {subscription: crm, delivery: 1, at: [0s, +30s, 5m30s], tolerance: 1s}",
        "attempts: {count: 12}",
        "outcomes: {subscription: crm, counts: {503: 4, 5xx: 6, refused: 2, success: 1}}",
        "latency: {p50: 50ms, p99: 1s}",
        "duplicates: {without_cause: 0}",
        "duplicates: {subscription: crm, count: 2}",
        "resent: {count: 3}",
        "resent: {refused: true, reason: 30 days}",
        'receiver: {probe: "{receiver}/agreements", equals: null}',
        'receiver: {probe: "https://example.com/state", contains: {status: signed}}',
        'receiver: {probe: "{receiver}/agreements?x=1", count: 2}',
    ],
)
def test_every_expectation_can_be_written(entry: str) -> None:
    assert problems_of_expectation(entry) == []
