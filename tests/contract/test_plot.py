"""Plots and histories: which stories can be told in any order, with fresh ids, and how a history reads."""

from __future__ import annotations

import pytest

from simulator.contract.bench import Case
from simulator.contract.history import Arrival, History, whole
from simulator.contract.plot import plot_of, plots_of_stories, repeated_events
from simulator.providers import AURORA

ALL = list(AURORA.catalogue)
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
    assert plots_of_stories(AURORA, ALL, 1)[0].name == "agreement_signed"


@pytest.mark.parametrize("name", ["app_toggled", "plan_set_resubmitted", "project_to_signature"])
def test_stories_whose_events_do_not_tell_their_order_are_left_out(name: str):
    assert name not in [plot.name for plot in plots_of_stories(AURORA, ALL, 1)]


def test_only_events_in_scope_are_told():
    plots = plots_of_stories(AURORA, ["plan_set_request_status_changed"], 1)
    assert {case.event for plot in plots for case in plot.cases} == {"plan_set_request_status_changed"}


def test_events_that_repeat_with_one_url_are_those_that_stories_repeat():
    assert repeated_events(AURORA, 1) == {"consumption_profile_changed", "project_changed", "web_proposal_url_created"}


@pytest.mark.parametrize(
    ("arrivals", "words"),
    [
        ([(2, False), (1, False)], "signed, then viewed"),
        ([(2, False), (2, False)], "signed, then signed again"),
        ([(0, True), (2, False)], "sent (answer lost, so sent twice), then signed"),
    ],
)
def test_a_history_reads_as_a_sentence(arrivals: list[tuple[int, bool]], words: str):
    assert str(History(SIGNING, tuple(map(Arrival._make, arrivals)))) == words


def test_copies_at_once_read_as_such():
    assert str(History(SIGNING, (Arrival(2),) * 8, together=True)) == "signed, 8 times at once"


def test_the_plain_form_holds_each_event_once_in_the_order_in_which_they_occurred():
    history = History(SIGNING, (Arrival(2), Arrival(0, lost=True), Arrival(2)))
    assert history.plain == History(SIGNING, (Arrival(0), Arrival(2)))
    assert whole(SIGNING).plain == whole(SIGNING)
