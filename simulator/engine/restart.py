"""A restart: roster, health and due index folded from the ledger; O(rows), read once."""

from __future__ import annotations

from itertools import pairwise

from sqlite_utils import Database

from simulator.domain.health import Health
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.reasons import DELETED, MOVED
from simulator.engine.flight import Flight, Landing
from simulator.engine.request import request_for
from simulator.engine.roster import Roster
from simulator.store.pending import Pending
from simulator.store.queries import (
    Departed,
    events_after,
    events_of,
    outcomes_in_order,
    revisions_of_all,
    tried,
    untried,
)


def restore(db: Database, profile: Profile, roster: Roster, pending: Pending) -> None:
    """Fill an empty roster and an empty due index with what the ledger holds."""
    enabled_at: dict[str, tuple[int, int]] = {}
    enabled: dict[str, bool] = {}
    for revision in revisions_of_all(db):
        roster.put(revision)
        if revision.enabled and not enabled.get(revision.id, True):
            enabled_at[revision.id] = revision.updated_at, revision.revision
        enabled[revision.id] = revision.enabled
    if profile.applications:
        for event in events_after(db, 0, name=profile.applications.event):
            roster.hear(event)
    _restore_health(db, profile, roster, enabled_at if profile.readings.reset_on_reenable else {})
    pending.fill_untried(untried(db))
    pending.fill(tried(db))


def unknown(db: Database, profile: Profile, roster: Roster, seed: int, departed: Departed, *, now: int) -> Landing:
    """What is recorded of an attempt that was on the wire, whose answer nobody saw (R14)."""
    event = events_of(db, [departed.delivery_id])[departed.delivery_id]
    request = request_for(roster.get(departed.subscription_id), event, profile, seed, departed.started_at)
    stopped = _stopped_since(db, profile, departed)
    flight = Flight(departed.delivery_id, departed.subscription_id, event, departed.rung, stopped)
    outcome = Outcome(Kind.UNKNOWN, error="the sender stopped while this attempt was on the wire")
    return Landing(flight, departed.revision, request, departed.started_at, now, outcome)


def _stopped_since(db: Database, profile: Profile, departed: Departed) -> str:
    """Why an attempt that was on the wire is not sent again: what its subscription went through meanwhile (R5, R6)."""
    revisions = [one for one in revisions_of_all(db, departed.subscription_id) if one.revision >= departed.revision]
    for before, after in pairwise(revisions):
        if after.deleted_at is not None:
            return profile.because(DELETED)
        if after.definition.events != before.definition.events:
            return profile.because(MOVED)
        if not after.enabled and profile.readings.disable_cancels_pending:
            return after.disabled_reason
    return ""


def _restore_health(db: Database, profile: Profile, roster: Roster, counted_from: dict[str, tuple[int, int]]) -> None:
    """Replay every outcome since the failure count last began (R7, R9).

    Enabled at the very instant at which an attempt ended, a subscription forgets those of its former revisions.
    """
    if profile.disable is None:
        return
    health: dict[str, Health] = {}
    for subscription_id, ended_at, revision, outcome in outcomes_in_order(db):
        if (ended_at, revision) < counted_from.get(subscription_id, (0, 0)):
            continue
        known = health.get(subscription_id, Health())
        succeeded = outcome == Kind.SUCCESS
        health[subscription_id] = (
            known.after_success(ended_at) if succeeded else known.after_failure(ended_at, profile.disable)
        )
    for subscription_id, known in health.items():
        roster.set_health(subscription_id, known)
