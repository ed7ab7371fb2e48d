"""The model, from the ledger alone: `scripted_run` says what happened, and here it is found again."""

from __future__ import annotations

import pytest
from scripted_run import SECRET, START, at, scripted_run

from simulator.domain.instant import SECOND
from simulator.report.build import count_totals, view_deliveries, view_faults, view_subscriptions


@pytest.fixture
async def db():
    async with scripted_run() as ledger:
        yield ledger.db


@pytest.fixture
def deliveries(db):
    return view_deliveries(db)


def test_every_delivery_is_there_with_its_event_and_what_became_of_it(deliveries):
    assert [(one.id, one.event, one.attributes, one.state) for one in deliveries] == [
        (1, "lead_created", {"LEAD_ID": "Ada", "SOURCE": "api"}, "delivered"),
        (2, "lead_created", {"LEAD_ID": "Bob", "SOURCE": "lcai"}, "filtered"),
        (3, "design_created", {"PROJECT_ID": "P-1", "DESIGN_ID": "D-1", "SOURCE": "app"}, "delivered"),
        (4, "site_survey_requested", {"SITE_SURVEY_REQUEST_ID": "S-1"}, "delivered"),
    ]
    assert [one.occurred_at for one in deliveries] == [START, START, START, at(400)]


def test_a_filtered_delivery_says_which_filter_refused_it(deliveries):
    """E3"""
    assert "SOURCE" in deliveries[1].reason
    assert deliveries[1].attempts == ()


def test_attempts_stand_in_their_order_with_instant_outcome_and_revision(deliveries):
    told = [
        (one.id, attempt.number, (attempt.started_at - START) // SECOND, attempt.outcome, attempt.revision)
        for one in deliveries
        for attempt in one.attempts
    ]
    assert told == [
        (1, 1, 0, "server_error", 1),
        (1, 2, 30, "success", 1),
        (3, 1, 0, "refused", 1),
        (3, 2, 30, "refused", 1),
        (3, 3, 330, "success", 1),
        (4, 1, 400, "success", 1),
        (4, 2, 402, "success", 1),
    ]


def test_a_fault_and_a_duplicate_are_marked_as_such(deliveries):
    """R11"""
    assert [attempt.fault for attempt in deliveries[2].attempts] == ["refuse", "refuse", ""]
    assert [attempt.duplicate for attempt in deliveries[3].attempts] == [False, True]


def test_subscriptions_count_their_attempts_and_failures(db, deliveries):
    told = [(one.name, one.attempts, one.failures, one.enabled) for one in view_subscriptions(db, deliveries)]
    assert told == [("leads", 2, 1, True), ("designs", 3, 2, True), ("surveys", 2, 0, False)]


def test_revisions_name_what_changed_and_never_a_secret(db, deliveries):
    """S7, S14"""
    leads, _, surveys = view_subscriptions(db, deliveries)
    assert [(one.number, one.at, one.change) for one in leads.revisions] == [
        (1, START, "created"),
        (2, at(60), "header token"),
    ]
    assert surveys.revisions[-1].change == surveys.disabled_reason == "disabled by the customer (R6)"
    assert leads.auth == ("X-Token",)
    assert leads.filters == (("SOURCE", ("api",)),)
    assert SECRET not in repr((leads, surveys))


def test_a_fault_ends_when_its_window_closes_or_when_it_is_cleared(db):
    down, twice = view_faults(db)
    assert (down.since, down.until, down.event, down.summary) == (START, at(60), "design_created", "refuse · 1m")
    assert (twice.since, twice.until, twice.summary) == (at(350), at(450), "duplicate · 1m 40s")


def test_totals_count_each_delivery_in_one_place(db, deliveries):
    totals = count_totals(db, deliveries)
    assert (totals.events, totals.deliveries, totals.filtered, totals.attempts) == (4, 3, 1, 7)
    assert (totals.delivered, totals.exhausted, totals.cancelled, totals.pending) == (3, 0, 0, 0)
    assert totals.duplicates == 1
