"""`engine/roster`: the subscriptions as they stand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from specimens_engine import a_subscription
from stage import START, with_readings

from simulator.domain.health import Health
from simulator.domain.subscription import Owner, Subscription
from simulator.engine import roster as engine_roster
from simulator.engine.roster import Roster
from simulator.errors import Bug, Invalid, NotFound
from simulator.providers.aurora import AURORA

DEMO = Owner("demo")


def roster_of(*subscriptions: Subscription) -> Roster:
    roster = Roster(AURORA)
    for subscription in subscriptions:
        roster.put(subscription)
    return roster


def revised(subscription: Subscription, **changed: object) -> Subscription:
    return subscription.revised(replace(subscription.definition, **changed), START + 1)  # type: ignore[arg-type]


def names(subscriptions: list[Subscription]) -> list[str]:
    return [one.name for one in subscriptions]


def test_an_event_reaches_the_subscriptions_of_its_tenant_and_name_e2() -> None:
    roster = roster_of(
        a_subscription("a"),
        a_subscription("elsewhere", tenant="other"),
        a_subscription("otherwise", event="lead_created"),
        a_subscription("b"),
    )
    assert names(roster.listening("demo", "lead_changed")) == ["a", "b"]
    assert names(roster.listening("other", "lead_changed")) == ["elsewhere"]
    assert roster.listening("nobody", "lead_changed") == []


def test_a_disabled_subscription_still_listens_so_that_what_it_misses_is_visible_r8() -> None:
    assert names(roster_of(a_subscription(enabled=False)).listening("demo", "lead_changed")) == ["crm"]


def test_subscriptions_stay_in_the_order_of_their_age_however_often_they_are_changed() -> None:
    """Deliveries are numbered in this order: changing a subscription must not change who is served first."""
    first, second, third = (a_subscription(name) for name in "abc")
    roster = roster_of(first, second, third, revised(second, enabled=False), revised(third, description="changed"))
    assert names(roster.listening("demo", "lead_changed")) == ["a", "b", "c"]
    assert names(roster.of_owner(DEMO)) == ["a", "b", "c"]
    assert names(list(roster)) == ["a", "b", "c"]


def test_a_moved_subscription_hears_its_new_event_alone_r5() -> None:
    first = a_subscription("a")
    roster = roster_of(first, a_subscription("b", event="lead_created"), revised(first, events=("lead_created",)))
    assert roster.listening("demo", "lead_changed") == []
    assert names(roster.listening("demo", "lead_created")) == ["a", "b"]


def test_a_deleted_subscription_hears_nothing_and_is_still_known_to_attempts_on_the_wire_r6() -> None:
    subscription = a_subscription()
    roster = roster_of(subscription, subscription.deleted(START + 1))
    assert roster.listening("demo", "lead_changed") == []
    assert roster.of_owner(DEMO) == []
    assert roster.get(subscription.id).deleted_at == START + 1
    assert len(roster) == 1


def test_the_latest_revision_is_the_one_that_counts_e8() -> None:
    first = a_subscription()
    second = revised(first, url_template="http://127.0.0.1:9/corrected")
    assert roster_of(first, second).get(first.id) is second


@pytest.mark.parametrize("revision", [1, 3])
def test_no_revision_is_left_out_or_repeated_s14(revision: int) -> None:
    first = a_subscription()
    with pytest.raises(Bug, match=f"revision {revision} of id-crm cannot follow 1"):
        roster_of(first, replace(first, revision=revision))


def test_an_unknown_id_is_not_found() -> None:
    with pytest.raises(NotFound, match='there is no subscription "nobody"'):
        roster_of().get("nobody")


def test_a_label_is_found_or_the_labels_there_are_are_named() -> None:
    roster = roster_of(a_subscription("crm"), a_subscription("archive"))
    assert roster.named("archive").name == "archive"
    with pytest.raises(NotFound, match=r'named "crn" \(did you mean "crm"\?\); there are crm, archive'):
        roster.named("crn")
    with pytest.raises(NotFound, match="there are none"):
        roster_of().named("crm")


def test_of_two_with_one_label_the_younger_is_meant() -> None:
    younger = replace(a_subscription("crm"), id="id-younger")
    assert roster_of(a_subscription("crm"), younger).named("crm").id == "id-younger"


# S9: the quota


def test_five_subscriptions_share_an_event_and_the_sixth_is_refused_s9() -> None:
    roster = roster_of(*(a_subscription(f"s{number}") for number in range(4)))
    sixth = a_subscription().definition
    roster.check_quota(DEMO, sixth)
    roster.put(a_subscription("s4"))
    with pytest.raises(Invalid, match="event: lead_changed has 5 subscriptions in this tenant already"):
        roster.check_quota(DEMO, sixth)


def test_other_tenants_and_other_events_have_quotas_of_their_own_s9() -> None:
    roster = roster_of(*(a_subscription(f"s{number}") for number in range(5)))
    roster.check_quota(Owner("other"), a_subscription().definition)
    roster.check_quota(DEMO, a_subscription(event="lead_created").definition)


def test_the_one_that_is_changed_does_not_count_against_itself_s9() -> None:
    roster = roster_of(*(a_subscription(f"s{number}") for number in range(5)))
    roster.check_quota(DEMO, a_subscription("s3").definition, but="id-s3")


def test_a_deleted_subscription_makes_room_s9() -> None:
    subscriptions = [a_subscription(f"s{number}") for number in range(5)]
    roster_of(*subscriptions, subscriptions[2].deleted(START)).check_quota(DEMO, a_subscription().definition)


@pytest.mark.parametrize(("counts", "refused"), [(True, True), (False, False)])
def test_whether_disabled_ones_count_is_a_reading_s9(counts: bool, refused: bool) -> None:
    """`limit_counts_disabled`."""
    roster = Roster(with_readings(limit_counts_disabled=counts))
    for number in range(5):
        roster.put(a_subscription(f"s{number}", enabled=False))
    try:
        roster.check_quota(DEMO, a_subscription().definition)
    except Invalid:
        assert refused
    else:
        assert not refused


def test_tenants_that_nobody_listens_to_are_not_remembered_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_roster, "AUDIENCES", 10)
    roster = roster_of(a_subscription("a"))
    for number in range(35):
        assert roster.listening(f"tenant-{number}", "lead_changed") == []
        assert names(roster.listening("demo", "lead_changed")) == ["a"]
        assert len(roster._audiences) <= 10


# R7: health


def test_health_is_blank_until_it_is_set_and_belongs_to_one_subscription_r7() -> None:
    roster = roster_of(a_subscription("a"), a_subscription("b"))
    roster.set_health("id-a", Health(failures=(START,)))
    assert roster.health("id-a").failures == (START,)
    assert roster.health("id-b") == Health()
