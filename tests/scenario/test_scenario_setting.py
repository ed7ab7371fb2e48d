"""The head of a file: provider, switches, receiver."""

from __future__ import annotations

import pytest
from scenario_texts import HEAD, WHERE, problems

from simulator.domain.provider import Readings
from simulator.providers import PROFILES
from simulator.scenario.load import parse_scenario

REFUSED = [
    ("provider: auror", '5:11: provider: there is no provider "auror" (did you mean "aurora"?); the providers are '),
    ("receiver: robsut", '5:11: receiver: there is no receiver "robsut" (did you mean "robust"?); give a URL such as'),
    ("receiver: localhost:8000", '5:11: receiver: there is no receiver "localhost:8000"; give a URL such as'),
    ('receiver: "ftp://x"', "5:11: receiver: must begin with http:// or https://"),
    ('receiver: "http://u:p@x"', "5:11: receiver: carries a user name before the host"),
    ('receiver: "http://x/<STATUS>"', "5:11: receiver: holds <STATUS>"),
    (
        "switches: {retry_delay_form: end}",
        '5:12: switches.retry_delay_form: there is no such switch (did you mean "retry_delay_from"?); the switches are',
    ),
    (
        "switches: {retry_delay_from: ends}",
        "5:30: switches.retry_delay_from: 'ends' is not allowed; it takes end or st",
    ),
    (
        "switches: {disable_cancels_pending: no}",
        "5:37: switches.disable_cancels_pending: 'no' is not allowed; it takes ",
    ),
    ("clock: {start: 6h}", '5:16: clock.start: "6h" is not an instant; write it as 2026-03-06T17:00:00Z'),
    ("clock: {strat: 6h}", '5:9: clock.strat: there is no such key (did you mean "start"?); the keys are start, speed'),
]


@pytest.mark.parametrize(("line", "problem"), REFUSED)
def test_a_head_that_does_not_hold_is_refused(line: str, problem: str) -> None:
    (found,) = problems(f"{HEAD}{line}\n")
    assert found.startswith(f"{WHERE}:{problem}")


def test_an_unknown_provider_hides_no_other_mistake_of_the_head() -> None:
    assert len(problems(f"{HEAD}provider: x\nreceiver: y\nseed: z\ntimeline: [{{at: 0s}}]\n")) == 4


def test_switches_change_the_readings_of_the_profile_for_this_scenario_alone() -> None:
    scenario = parse_scenario(f"{HEAD}switches: {{retry_delay_from: start, retry_jitter: 0.1}}\n", WHERE)
    assert scenario.readings == Readings(retry_delay_from="start", retry_jitter=0.1)
    assert scenario.profile.readings is scenario.readings
    assert scenario.switches == {"retry_delay_from": "start", "retry_jitter": 0.1}
    assert PROFILES["aurora"].readings == Readings()


def test_words_are_checked_under_the_readings_in_force() -> None:
    """S10: with another reading an unknown placeholder is kept."""
    text = HEAD.replace("agreement_status_changed}", 'lead_changed, url_template: "{receiver}/<NOTHING>"}')
    assert len(problems(text)) == 1
    assert problems(f"{text}switches: {{unknown_placeholder: keep}}\n") == []


def test_everything_but_name_and_subscriptions_has_a_default() -> None:
    scenario = parse_scenario(HEAD, WHERE)
    assert (scenario.seed, scenario.speed, scenario.receiver, scenario.profile.name) == (0, "jump", "robust", "aurora")
    assert scenario.profile == PROFILES["aurora"]
    assert (scenario.timeline, scenario.traffic, scenario.expectations) == ((), (), ())
