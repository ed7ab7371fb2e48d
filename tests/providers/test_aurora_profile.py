"""`providers/aurora/profile`: the numbers of the guide, and the suite that every profile has to pass."""

from itertools import accumulate, pairwise

import pytest

from simulator.domain.event import Event, EventType
from simulator.domain.health import DisableRule
from simulator.domain.provider import Profile, Quota, Readings, over_quota
from simulator.domain.sample import complete
from simulator.errors import Invalid, NotFound
from simulator.providers import PROFILES, profile_named
from simulator.providers.aurora import AURORA

RECEIVER = "https://www.yourapp.com/webhooks"
EVENTS = [(profile, kind) for profile in PROFILES.values() for kind in profile.catalogue.values()]


def test_aurora_waits_10_seconds() -> None:
    """R1."""
    assert AURORA.timeout_seconds == 10


def test_aurora_retries_5_times_over_24_hours() -> None:
    """R3: with instant failures the attempts stand at 0, 30, 330, 2 130, 12 930 and 84 930 s."""
    assert AURORA.ladder_seconds == (30, 5 * 60, 30 * 60, 3 * 3_600, 20 * 3_600)
    assert [0, *accumulate(AURORA.ladder_seconds)] == [0, 30, 330, 2_130, 12_930, 84_930]


def test_aurora_disables_after_100_attempts_in_48_hours() -> None:
    """R7."""
    assert AURORA.disable == DisableRule(attempts=100, window_seconds=172_800)


def test_aurora_takes_5_subscriptions_per_event_and_tenant_and_refuses_the_sixth() -> None:
    """S9."""
    assert AURORA.quota == Quota(limit=5, per_event=True, excess="refuse")


def test_aurora_resends_for_30_days() -> None:
    """R10."""
    assert AURORA.resend_days == 30


def test_aurora_is_read_as_the_specification_reads_it() -> None:
    assert AURORA.readings == Readings()


def test_a_profile_is_found_by_its_name() -> None:
    assert profile_named("aurora") is AURORA
    assert all(profile_named(name).name == name for name in PROFILES)


def test_an_unknown_provider_is_told_which_there_are() -> None:
    with pytest.raises(NotFound, match=r'there is no provider "aurroa" \(did you mean "aurora"\?\); the providers are'):
        profile_named("aurroa")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_the_ladder_of_a_profile_only_grows(profile: Profile) -> None:
    """R3, A9."""
    assert all(0 < shorter < longer for shorter, longer in pairwise(profile.ladder_seconds))


@pytest.mark.parametrize(("profile", "kind"), EVENTS, ids=lambda one: one.name)
def test_what_a_profile_suggests_makes_a_request_for_every_event(profile: Profile, kind: EventType) -> None:
    """E4–E6: on the receiver, and sendable as it is."""
    words = profile.suggest(kind.name, RECEIVER)
    definition = profile.define(words, None, profile.catalogue, profile.readings)
    event = Event(1, "demo", kind.name, complete(kind, {}, 7, "conformance"), 0)
    request = profile.build_request(definition, event, profile.readings)
    assert definition.events == (kind.name,)
    assert definition.enabled
    assert request.url.startswith(RECEIVER)
    assert request.url.isascii()
    assert not any(character in request.url for character in " <>#")


def test_aurora_suggests_the_guides_path_and_query_on_any_receiver() -> None:
    """With or without a slash at its end."""
    words = {"event": "lead_changed", "url_template": f"{RECEIVER}/lead_changed?lead_id=<LEAD_ID>"}
    assert AURORA.suggest("lead_changed", RECEIVER) == AURORA.suggest("lead_changed", f"{RECEIVER}/") == words


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_an_event_that_a_profile_does_not_have_is_refused(profile: Profile) -> None:
    """S10, A4."""
    words = profile.suggest(next(iter(profile.catalogue)), RECEIVER)
    with pytest.raises(Invalid, match="there is no event"):
        profile.define(words, None, {}, profile.readings)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda one: one.name)
def test_a_profile_honours_its_quota(profile: Profile) -> None:
    """S9, A2."""
    words = profile.suggest(next(iter(profile.catalogue)), RECEIVER)
    definition = profile.define(words, None, profile.catalogue, profile.readings)
    room = [definition] * (profile.quota.limit - 1)
    assert over_quota(profile.quota, room, definition, profile.readings) is None
    assert over_quota(profile.quota, [*room, definition], definition, profile.readings) == definition.events[0]
