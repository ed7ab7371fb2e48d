"""What must be true of every provider's profile: the suite that a new one has to pass."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain import reasons
from simulator.domain.decision import Attempt, decide
from simulator.domain.delivery import Move, Rung
from simulator.domain.event import Event, check_event
from simulator.domain.health import Health
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import check_switches, over_quota
from simulator.domain.request import Request
from simulator.domain.sample import complete
from simulator.domain.story import unfold
from simulator.errors import Invalid
from simulator.providers import PROFILES
from simulator.store.record import read_definition, write_definition

RECEIVER = "https://receiver.example"
SECRET = "s3cret-value"
NOW = 1_772_816_400 * SECOND
EVENTS = [(profile, name) for profile in PROFILES.values() for name in profile.catalogue]

every_profile = pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
every_event = pytest.mark.parametrize(("profile", "name"), EVENTS, ids=[f"{one.name}-{name}" for one, name in EVENTS])


def defined(profile, name, *, secret=False):
    words = profile.suggest(name, RECEIVER)
    if secret:
        words |= profile.say_credentials(("X-Token", SECRET), None)
    return profile.define(words, None, profile.catalogue, profile.readings)


def an_event(profile, name, **given_values):
    kind = profile.catalogue[name]
    return Event(1, "demo", name, complete(kind, given_values, 1, "key", samples=profile.samples), NOW)


@every_event
def test_an_event_filled_in_from_nothing_is_legal_and_its_request_can_be_built(profile, name):
    event = an_event(profile, name)
    assert check_event(profile.catalogue, name, event.attributes) == []
    request = profile.build_request(defined(profile, name), event, profile.readings)
    assert request.url.startswith(f"{RECEIVER}")
    assert request == profile.build_request(defined(profile, name), event, profile.readings)


@every_profile
@given(text=st.text(max_size=40).filter(lambda text: text.isprintable()))
@settings(max_examples=50, deadline=None)
def test_any_text_makes_a_url_of_visible_ascii_and_a_body_that_reads_back(profile, text):
    name, kind = next(iter(profile.catalogue.items()))
    event = an_event(profile, name)
    event = replace(event, attributes={**event.attributes, kind.attributes[0]: text})
    request = profile.build_request(defined(profile, name), event, profile.readings)
    assert all("!" <= letter <= "~" for letter in request.url)
    if request.body is not None:
        assert json.loads(request.body)


@every_profile
def test_a_secret_is_sent_and_stands_in_no_repr_and_in_no_shown_record(profile):
    name = next(iter(profile.catalogue))
    definition = defined(profile, name, secret=True)
    request = profile.build_request(definition, an_event(profile, name), profile.readings)
    shown, secrets = write_definition(definition)
    assert ("X-Token", SECRET) in request.secret_headers
    assert SECRET not in repr(request) + repr(definition) + shown
    assert read_definition(shown, secrets) == definition


@every_profile
def test_the_ladder_rises_and_no_retry_lies_in_the_past(profile):
    assert all(one < other for one, other in pairwise((0, *profile.ladder_seconds)))
    for position in range(1, len(profile.ladder_seconds) + 2):
        rung = Rung(NOW, number=position, position=position)
        attempt = Attempt(1, "s", 1, Request("GET", RECEIVER), rung, NOW, NOW + SECOND, Outcome(Kind.SERVER_ERROR, 500))
        decision = decide(profile, attempt, Health())
        if position <= len(profile.ladder_seconds):
            assert decision.next is not None
            assert decision.next.due_at >= attempt.ended_at
        else:
            assert (decision.move, decision.next) == (Move.EXHAUST, None)


@every_profile
def test_the_quota_is_kept_and_not_a_subscription_earlier(profile):
    one = defined(profile, next(iter(profile.catalogue)))
    limit = profile.quota.limit
    assert over_quota(profile.quota, [one] * (limit - 1), one, profile.readings) is None
    assert over_quota(profile.quota, [one] * limit, one, profile.readings) == one.events[0]


@every_profile
@pytest.mark.parametrize("words", [{}, {"no such field": 1}, {"url": 7, "url_template": 7, "event": 7, "events": 7}])
def test_words_that_are_wrong_are_refused_and_each_fault_names_its_field(profile, words):
    with pytest.raises(Invalid) as refused:
        profile.define(words, None, profile.catalogue, profile.readings)
    assert all(problem.path for problem in refused.value.problems)


@every_profile
def test_all_events_are_asked_for_in_the_customers_own_words(profile):
    asked = profile.suggest_all([*profile.catalogue], RECEIVER)
    made = [profile.define(words, None, profile.catalogue, profile.readings) for words in asked]
    assert [event for definition in made for event in definition.events] == [*profile.catalogue]
    assert [words[profile.address_field] for words in asked] == [definition.url_template for definition in made]
    assert len(asked) == (1 if profile.events_field else len(profile.catalogue))


@every_event
def test_an_event_that_is_told_later_is_the_same_to_the_byte(profile, name):
    event = an_event(profile, name)
    fixed = replace(event, attributes=profile.dated(name, event.attributes, NOW))
    requests = [
        profile.build_request(defined(profile, name), one, profile.readings)
        for one in (event, fixed, replace(fixed, occurred_at=NOW + 7 * SECOND))
    ]
    assert requests[0] == requests[1] == requests[2]


@every_profile
def test_what_it_may_add_is_in_no_catalogue_and_can_be_sent(profile):
    assert not profile.unfamiliar.keys() & profile.catalogue.keys()
    for name, kind in profile.unfamiliar.items():
        event = Event(1, "demo", name, complete(kind, {}, 1, "key", samples=profile.samples), NOW)
        assert name in str(
            profile.build_request(defined(profile, next(iter(profile.catalogue))), event, profile.readings).body
        )


@every_profile
def test_a_deprecated_event_names_one_that_is_not(profile):
    for kind in profile.catalogue.values():
        assert not kind.deprecated or not profile.catalogue[kind.deprecated].deprecated


@every_profile
def test_a_change_of_nothing_changes_nothing(profile):
    former = defined(profile, next(iter(profile.catalogue)), secret=True)
    assert profile.define({}, former, profile.catalogue, profile.readings) == former


@every_profile
def test_every_story_unfolds_into_legal_events_in_order(profile):
    for story in profile.stories.values():
        told = unfold(story, 1, "key")
        assert [problem for one in told for problem in check_event(profile.catalogue, one.event, one.attributes)] == []
        assert [one.offset_us for one in told] == sorted(one.offset_us for one in told)


@every_profile
def test_its_readings_are_switches_and_so_are_those_for_this_machine(profile):
    assert check_switches(profile.readings, profile.on_this_machine) == []
    name = next(iter(profile.catalogue))
    local = profile.for_this_machine()
    assert local.define(local.suggest(name, "http://127.0.0.1:3000"), None, local.catalogue, local.readings)


@every_profile
def test_what_is_silent_is_in_no_catalogue(profile):
    assert not profile.silent.keys() & profile.catalogue.keys()


REASONS = {value for name, value in vars(reasons).items() if name.isupper()}


@every_profile
def test_a_reason_names_a_clause_of_the_provider_s_own_guide_and_the_profile_says_what_it_says(profile):
    assert profile.grounds.keys() <= REASONS
    assert set(profile.grounds.values()) == profile.clauses.keys()
    assert all(sentence.endswith(".") for sentence in profile.clauses.values())
    for reason in REASONS:
        clause = profile.grounds.get(reason)
        assert profile.because(reason) == (f"{reason} ({clause})" if clause else reason)


def test_no_clause_of_one_provider_stands_in_the_records_of_another():
    clauses = [set(profile.clauses) for profile in PROFILES.values()]
    assert not set.intersection(*clauses)
