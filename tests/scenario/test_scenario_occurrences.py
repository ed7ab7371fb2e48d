"""Events, stories and traffic of a scenario, checked against the catalogue (E1)."""

from __future__ import annotations

import pytest
from scenario_texts import pointed, problems, problems_of_step, problems_of_traffic

STEPS = [
    ("{emit: {event: »lead_chnged}}", 'timeline[0].emit.event: there is no event "lead_chnged" (did you mean "lead_ch'),
    (
        "{emit: {event: asset_created, attributes: {»COLOR: red}}}",
        "timeline[0].emit.attributes.COLOR: asset_created has no such attribute; it has DESIGN_ID, ASSET_ID",
    ),
    (
        "{emit: {event: lead_created, attributes: {SOURCE: »apii}}}",
        'timeline[0].emit.attributes.SOURCE: "apii" is not among lcai, api (did you mean "api"?)',
    ),
    (
        "{emit: {event: project_changed, attributes: {ATTRIBUTES: »'name,satus'}}}",
        'timeline[0].emit.attributes.ATTRIBUTES: "satus" is not among',
    ),
    ("{emit: {event: lead_changed, count: »100001}}", "timeline[0].emit.count: must be at most 100000"),
    ("{story: »agreement_singed}", 'timeline[0].story: there is no story "agreement_singed" (did you mean "agreement_'),
    ("{story: {name: »no}}", 'timeline[0].story.name: there is no story "no"; the stories are '),
    (
        "{story: {name: agreement_signed, attributes: {»AGREMENT_ID: a}}}",
        'timeline[0].story.attributes.AGREMENT_ID: agreement_signed has nothing to give here (did you mean "AGR',
    ),
]


@pytest.mark.parametrize(("step", "problem"), STEPS)
def test_what_the_catalogue_does_not_know_does_not_occur(step: str, problem: str) -> None:
    text, place = pointed(step.replace("{", "{at: 0s, ", 1))
    (found,) = problems_of_step(text)
    assert found.startswith(place + problem)


@pytest.mark.parametrize(
    "step",
    [
        "{at: 0s, emit: {event: agreement_status_changed, attributes: {STATUS: sent}}}",
        "{at: 0s, emit: {event: lead_created, attributes: {SOURCE: fax, COLOR: red}, lenient: true, count: 3}}",
        "{at: 0s, story: {name: agreement_signed, attributes: {AGREEMENT_ID: a, project: p}}}",
    ],
)
def test_missing_attributes_are_generated_and_lenient_lets_the_unfamiliar_through(step: str) -> None:
    assert problems_of_step(step) == []


TRAFFIC = [
    ("{event: »lead_chnged, rate: 1/h, for: 1h}", 'traffic[0].event: there is no event "lead_chnged"'),
    ("{story: »agremeent, rate: 1/h, for: 1h}", 'traffic[0].story: there is no story "agremeent"'),
    ("»{event: lead_changed, for: 1h}", "traffic[0]: needs one of rate, poisson, cron"),
    ("»{rate: 1/h, for: 1h}", "traffic[0]: needs one of event, story, mix"),
    ("»{event: lead_changed, rate: 1/h}", "traffic[0].for: is missing"),
    ("{event: lead_changed, rate: 1/h, for: »0s}", 'traffic[0].for: "0s" has no length'),
    ("»{event: lead_changed, rate: 1/h, cron: '* * * * *', for: 1h}", "traffic[0]: says rate and cron; only one of"),
    ("»{event: lead_changed, rate: 1000/s, for: 1h}", "traffic[0]: makes 3,600,000 events; at most 1,000,000 come"),
    ("{event: lead_changed, cron: »'0 9 * *', for: 1h}", "traffic[0].cron: crontab line '0 9 * *' has 4 fields"),
    ("{event: lead_changed, cron: »'61 * * * *', for: 1h}", "traffic[0].cron: crontab line '61 * * * *'"),
    ("{event: lead_changed, rate: 1/h, for: 1h, from: »2020-01-01}", "traffic[0].from: lies before the start"),
    ("{mix: »[], rate: 1/h, for: 1h}", "traffic[0].mix: must not be empty"),
    ("{mix: [»{}], rate: 1/h, for: 1h}", "traffic[0].mix[0]: needs one of event, story"),
    ("{mix: [{event: lead_changed, weight: »0}], rate: 1/h, for: 1h}", "traffic[0].mix[0].weight: must be above 0"),
    ("{mix: [{story: »agreemint}], rate: 1/h, for: 1h}", 'traffic[0].mix[0].story: there is no story "agreemint"'),
    (
        "{mix: [{event: lead_changed, attributes: {»A: b}}], rate: 1/h, for: 1h}",
        "traffic[0].mix[0].attributes.A: lead_changed has no such attribute",
    ),
    (
        "{mix: [{event: lead_changed}], attributes: {»A: b}, rate: 1/h, for: 1h}",
        "traffic[0].attributes.A: lead_changed has no such attribute",
    ),
]


@pytest.mark.parametrize(("entry", "problem"), TRAFFIC)
def test_traffic_that_cannot_be_is_refused(entry: str, problem: str) -> None:
    text, place = pointed(entry)
    (found,) = problems_of_traffic(text)
    assert found.startswith(place + problem)


@pytest.mark.parametrize(
    "entry",
    [
        "{event: lead_changed, rate: 40/h, for: 7d}",
        "{story: project_to_signature, poisson: 4/h, from: +1h, for: 48h, tenant: t}",
        "{mix: [{event: lead_changed, weight: 3}, {story: agreement}], cron: '0 9 * * mon-fri', for: 14d}",
    ],
)
def test_traffic_is_an_event_a_story_or_a_mix_in_a_cadence(entry: str) -> None:
    assert problems_of_traffic(entry) == []


def test_a_crontab_line_is_checked_where_nothing_else_is_wrong() -> None:
    text = "name: x\nsubscriptions: []\ntraffic:\n  - {event: lead_changed, cron: '0 0 30 2 *', for: 1d}\n"
    assert problems(text) == [
        "f.yaml:4:33: traffic[0].cron: crontab line '0 0 30 2 *' names a day that never comes",
    ]
