"""Subscriptions through the course of a scenario (S9–S12, R10)."""

from __future__ import annotations

import pytest
from scenario_texts import HEAD, pointed, problems, problems_of_subscription

REFUSED = [
    (
        "{name: a, event: »asset_craeted}",
        'subscriptions[0].event: there is no event "asset_craeted" (did you mean "asset_created"?)',
    ),
    ("»{name: a}", "subscriptions[0].event: is missing"),
    (
        "{name: a, »evnt: asset_created}",
        'subscriptions[0].evnt: there is no such key (did you mean "event"?); the keys are name, tenant, ',
    ),
    (
        '{name: a, event: lead_changed, url_template: »"{receiver}/x?id=<LEADID>"}',
        'subscriptions[0].url_template: holds <LEADID>, which this event does not have (did you mean "LEAD_ID"?)',
    ),
    (
        '{name: a, event: lead_changed, url_template: »"{reciever}/x"}',
        'subscriptions[0].url_template: holds "{reciever}" (did you mean "receiver"?); only {receiver} can stand',
    ),
    (
        '{name: a, event: lead_changed, url_template: »"www.example.com/x"}',
        "subscriptions[0].url_template: must begin with http:// or https://",
    ),
    (
        "{name: a, event: lead_created, filters: [{url_parameter: »SOURCES, value: [api]}]}",
        'subscriptions[0].filters[0].url_parameter: lead_created has no filter on <SOURCES> (did you mean "SOURCE"?)',
    ),
    (
        "{name: a, event: lead_created, filters: [{url_parameter: <SOURCE>, value: »[apx]}]}",
        'subscriptions[0].filters[0].value: "apx" is not among lcai, api (did you mean "api"?)',
    ),
    (
        "»{name: a, event: lead_changed, header_auth_key: X-Token}",
        "subscriptions[0].header_auth_value: is missing; header_auth_key needs it",
    ),
    (
        '{name: a, event: lead_changed, header_auth_key: »"X Token", header_auth_value: t}',
        'subscriptions[0].header_auth_key: "X Token" is not a header name',
    ),
    ("{name: a, event: lead_changed, description: »null}", "subscriptions[0].description: must be text, not null"),
    ("{name: a, event: lead_changed, url: »http://x}", "subscriptions[0].url: there is no such field"),
    ("{name: a, tenant: »'', event: lead_changed}", "subscriptions[0].tenant: must not be empty"),
]


@pytest.mark.parametrize(("entry", "problem"), REFUSED)
def test_words_that_the_provider_would_refuse_are_refused(entry: str, problem: str) -> None:
    text, place = pointed(entry, line=3)
    (found,) = problems_of_subscription(text)
    assert found.startswith(place + problem)


def test_names_are_unique_over_the_whole_file() -> None:
    steps = "timeline:\n  - {at: 1h, register: {name: crm, event: lead_changed}}\n"
    twice = HEAD.replace("jobs", "crm")
    assert problems(twice) == [
        'f.yaml:4:12: subscriptions[1].name: another subscription is called "crm"; each needs a name of its own'
    ]
    assert problems(HEAD + steps) == [
        'f.yaml:6:31: timeline[0].register.name: another subscription is called "crm"; each needs a name of its own'
    ]


FIVE = "name: x\nsubscriptions:\n" + "".join(f"  - {{name: s{n}, event: lead_changed}}\n" for n in range(5))
FULL = 'lead_changed has 5 subscriptions in tenant "demo" already; 5 is the most (S9)'


def test_a_sixth_subscription_of_an_event_is_one_too_many() -> None:
    """S9: the sixth is refused, another tenant's is not."""
    assert problems(FIVE) == []
    assert problems(f"{FIVE}  - {{name: s5, event: lead_changed}}\n") == [f"f.yaml:8:5: subscriptions[5]: {FULL}"]
    assert problems(f"{FIVE}  - {{name: s5, tenant: other, event: lead_changed}}\n") == []


def test_a_sixth_is_one_too_many_when_it_comes_by_a_step() -> None:
    register = "{at: 1h, register: {name: s5, event: lead_changed}}"
    assert problems(f"{FIVE}timeline: [{register}]\n") == [f"f.yaml:8:31: timeline[0].register: {FULL}"]
    assert problems(f"{FIVE}timeline: [{{at: 30m, delete: s0}}, {register}]\n") == []
    moved = "{at: 1h, update: {subscription: s5, event: lead_changed, url_template: 'http://x'}}"
    other = f"{FIVE}  - {{name: s5, event: asset_created}}\ntimeline: [{moved}]\n"
    assert problems(other) == [f"f.yaml:9:29: timeline[0].update: {FULL}"]


def test_disabled_ones_count_unless_the_reading_says_otherwise() -> None:
    """S9."""
    steps = "timeline: [{at: 1h, disable: s0}, {at: 2h, register: {name: s5, event: lead_changed}}]\n"
    assert len(problems(FIVE + steps)) == 1
    assert problems(f"{FIVE}{steps}switches: {{limit_counts_disabled: false}}\n") == []
    steps = steps.replace("]", ", {at: 3h, enable: s0}]")
    assert problems(f"{FIVE}{steps}switches: {{limit_counts_disabled: false}}\n") == [
        f"f.yaml:8:105: timeline[2].enable: {FULL}"
    ]


COURSE = [
    ("{at: 1h, disable: »crn}", 'timeline[0].disable: there is no subscription "crn" (did you mean "crm"?); there '),
    (
        "{at: 1h, update: {subscription: »new, enabled: false}}",
        'timeline[0].update.subscription: "new" is registered only 2h after the start',
    ),
    ("{at: 5h, enable: »old}", 'timeline[0].enable: "old" was deleted 4h after the start'),
    (
        "{at: 1h, fault: {refuse: {subscription: »new}}}",
        'timeline[0].fault.refuse.subscription: "new" is registered only 2h after the start',
    ),
    (
        "{at: 1h, resend: {subscription: »new}}",
        'timeline[0].resend.subscription: "new" is registered only 2h after the start',
    ),
    ("{at: 1h, clear: {subscription: »jbos}}", 'timeline[0].clear.subscription: there is no subscription "jbos"'),
    ("{at: 1h, update: »{subscription: crm}}", "timeline[0].update: changes nothing; name at least one field"),
    (
        "{at: 1h, update: »{subscription: crm, event: lead_changed}}",
        "timeline[0].update.url_template: holds <PROJECT_ID>, which this event does not have",
    ),
    (
        '{at: 1h, update: {subscription: crm, url_template: »"{receiver}/<JOB_ID>"}}',
        "timeline[0].update.url_template: holds <JOB_ID>, which this event does not have",
    ),
]


@pytest.mark.parametrize(("step", "problem"), COURSE)
def test_a_step_finds_its_subscription_as_it_stands_at_that_instant(step: str, problem: str) -> None:
    text, place = pointed(step)
    steps = [
        text,
        "{at: 2h, register: {name: new, event: lead_changed}}",
        "{at: 3h, register: {name: old, event: lead_changed}}",
        "{at: 4h, delete: {subscription: old}}",
        "{at: 5h, resend: {subscription: old}}",  # refused by the provider, which a scenario may want to show (R10)
    ]
    found = problems(f"{HEAD}timeline:\n" + "".join(f"  - {one}\n" for one in steps))
    assert found[0].startswith(place + problem)
    assert all(line.startswith(place) for line in found)


def test_updates_build_on_one_another() -> None:
    steps = [
        "{at: 2h, update: {subscription: crm, url_template: 'http://x/<LEAD_ID>'}}",
        "{at: 1h, update: {subscription: crm, event: lead_changed, url_template: 'http://x'}}",
    ]
    assert problems(f"{HEAD}timeline:\n" + "".join(f"  - {one}\n" for one in steps)) == []


def test_a_subscription_that_makes_no_sense_is_still_known_by_its_name() -> None:
    text = HEAD.replace("name: crm, event", "name: crm, evnt") + "timeline: [{at: 1h, disable: crm}]\n"
    assert len(problems(text)) == 1
