"""Plots and histories: which stories can be told in any order, with fresh ids, and how a history reads."""

from __future__ import annotations

import pytest

from simulator.contract.bench import Case
from simulator.contract.history import Arrival, History, whole
from simulator.contract.plot import courses, life_cycle, plot_of, plots_of_stories, repeated_events
from simulator.domain.instant import SECOND
from simulator.providers import AURA, AURORA

ALL = list(AURORA.catalogue)
NOW = 1_772_816_400 * SECOND
SIGNING = plot_of(
    "signing",
    [
        Case("agreement_status_changed", {"PROJECT_ID": "p", "AGREEMENT_ID": "a", "STATUS": status})
        for status in ("sent", "viewed", "signed")
    ],
)


def test_each_telling_plays_the_same_roles_by_other_ids():
    one, other = SIGNING.told(1, "a"), SIGNING.told(1, "b")
    assert sorted(one.roles.values()) == ["<AGREEMENT_ID>", "<PROJECT_ID>"]
    assert not one.roles.keys() & other.roles.keys()
    assert len({case.attributes["AGREEMENT_ID"] for case in one.cases}) == 1
    assert [case.attributes["STATUS"] for case in one.cases] == ["sent", "viewed", "signed"]


def test_a_telling_belongs_to_its_seed_and_key():
    assert SIGNING.told(1, "a").roles == SIGNING.told(1, "a").roles


def test_the_plainest_story_stands_first():
    assert plots_of_stories(AURORA, ALL, 1, NOW)[0].name == "agreement_signed"


@pytest.mark.parametrize("name", ["app_toggled", "plan_set_resubmitted", "project_to_signature"])
def test_stories_whose_events_do_not_tell_their_order_are_left_out(name: str):
    assert name not in [plot.name for plot in plots_of_stories(AURORA, ALL, 1, NOW)]


def test_only_events_in_scope_are_told():
    plots = plots_of_stories(AURORA, ["plan_set_request_status_changed"], 1, NOW)
    assert {case.event for plot in plots for case in plot.cases} == {"plan_set_request_status_changed"}


def test_events_that_repeat_with_one_url_are_those_that_stories_repeat():
    assert repeated_events(AURORA, 1) == {"consumption_profile_changed", "project_changed", "web_proposal_url_created"}


def test_a_repeat_that_looks_like_a_duplicate_has_the_same_status_too_a10():
    assert repeated_events(AURA, 1) == {"CALLOUT_EVENTS_CHANGED"}


def test_ids_that_are_numbers_are_played_by_numbers():
    plot = plot_of("callout", [Case("NEW_CALLOUT", {"id": "42", "customerId": "7"})])
    told = plot.told(1, "a").cases[0].attributes
    assert all(value.isdecimal() for value in told.values())
    assert len({*told.values(), "42", "7"}) == 4


def test_events_of_several_names_about_one_object_are_its_life_too():
    cycles = [plot.name for plot in courses(AURA, list(AURA.catalogue), 1, NOW) if life_cycle(plot)]
    assert cycles == ["callout_resolved", "callout_cancelled"]


def test_the_times_in_a_story_are_those_of_its_beginning_whenever_it_is_told():
    plot = courses(AURA, list(AURA.catalogue), 1, NOW)[0]
    assert {case.attributes["createdAt"] for case in plot.cases} == {"2026-03-06T17:00:00Z"}


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        ((Arrival(2), Arrival(1)), "signed, then viewed"),
        ((Arrival(2), Arrival(2)), "signed, then signed again"),
        ((Arrival(0, lost=True), Arrival(2)), "sent (answer lost, so sent twice), then signed"),
        ((Arrival(0), Arrival(2, missed=True)), "sent, then signed (never arrived)"),
    ],
)
def test_a_history_reads_as_a_sentence(arrivals: tuple[Arrival, ...], words: str):
    assert str(History(SIGNING, arrivals)) == words


def test_copies_at_once_read_as_such():
    assert str(History(SIGNING, (Arrival(2),) * 8, together=True)) == "signed, 8 times at once"


def test_the_plain_form_holds_each_event_once_in_the_order_in_which_they_occurred():
    history = History(SIGNING, (Arrival(2), Arrival(0, lost=True), Arrival(2)))
    assert history.plain == History(SIGNING, (Arrival(0), Arrival(2)))
    assert whole(SIGNING).plain == whole(SIGNING)
