"""The target: a base or a template, the events that can be sent there, and credentials sent as they are."""

from __future__ import annotations

import pytest

from simulator.contract.target import Target, verbatim
from simulator.domain.auth import HeaderAuth
from simulator.errors import Misuse
from simulator.providers import AURA, AURORA

BASE = "http://localhost:3000"


def names(target: Target, *wanted: str) -> list[str]:
    return [kind.name for kind in target.events(AURORA.catalogue, wanted)]


def test_a_base_takes_every_event_or_those_that_are_wanted():
    assert len(names(Target(BASE))) == 26
    assert names(Target(BASE), "lead_changed", "lead_changed") == ["lead_changed"]


def test_a_template_takes_the_events_that_have_all_its_attributes():
    assert names(Target(f"{BASE}/hook?a=<AGREEMENT_ID>&s=<STATUS>")) == ["agreement_status_changed"]


@pytest.mark.parametrize(
    ("url", "wanted", "words"),
    [
        (BASE, "lead_chnged", 'did you mean "lead_changed"'),
        (f"{BASE}/<AGREEMENT_ID>", "lead_changed", "which lead_changed does not have"),
        (f"{BASE}/<AGREEMENT_ID>/<LEAD_ID>", "", "no event has all of"),
        ("localhost:3000", "", "must begin with http"),
    ],
)
def test_what_fits_no_event_is_refused(url: str, wanted: str, words: str):
    with pytest.raises(Misuse, match=words):
        names(Target(url), *filter(None, [wanted]))


def test_the_suggested_path_and_query_follow_a_base_and_a_template_stands_as_it_is():
    words = Target(BASE).words(AURORA, ["lead_changed"], headers=())
    assert words["url_template"] == f"{BASE}/lead_changed?lead_id=<LEAD_ID>"
    template = Target(f"{BASE}/x/<LEAD_ID>").words(AURORA, ["lead_changed"], headers=(), more="n=1")
    assert template["url_template"] == f"{BASE}/x/<LEAD_ID>?n=1"


def test_where_nothing_stands_in_the_url_it_is_registered_as_it_was_given():
    words = Target(f"{BASE}/aura/").words(AURA, ["NEW_CALLOUT", "CALLOUT_CLOSED"], headers=())
    assert (words["url"], words["events"]) == (f"{BASE}/aura/", ["NEW_CALLOUT", "CALLOUT_CLOSED"])


def test_headers_are_sent_as_they_are_also_those_that_the_provider_would_not_store():
    words = Target(BASE).words(AURORA, ["lead_changed"], headers=[HeaderAuth("X-Token", "")])
    definition = verbatim(AURORA.define)(words, None, AURORA.catalogue, AURORA.readings)
    assert definition.headers == (HeaderAuth("X-Token", ""),)


def test_a_secret_is_in_no_repr():
    assert "hush" not in repr(Target(BASE, ("X-Token", "hush"), ("user", "hush")))
