"""Whole records as this face shows them, in the words of `report.json`: the page draws a report and a live run alike.

In: ids and a database. Out: plain data, instants in ISO 8601. An attempt that is on the wire has no end and no outcome.
Secrets never enter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlite_utils import Database

from simulator.control.silence import explain_silences
from simulator.domain.event import Event
from simulator.domain.fault import Fault
from simulator.domain.health import in_window
from simulator.domain.instant import format_instant
from simulator.domain.subscription import Subscription
from simulator.engine.simulation import Simulation
from simulator.report.build import view_deliveries, view_fault, view_subscription
from simulator.report.document import readable
from simulator.report.model import AttemptView
from simulator.store import readback
from simulator.store.happenings import Happening
from simulator.store.queries import revisions_of_all

Record = dict[str, Any]
Counts = Mapping[str, tuple[int, int]]
"""Attempts, and those among them that failed, by subscription."""

NONE = (0, 0)


def delivery_records(db: Database, ids: Sequence[int]) -> list[Record]:
    """These deliveries, oldest first, each with its attempts and what is being sent right now."""
    aloft: defaultdict[int, list[Record]] = defaultdict(list)
    for row in readback.on_wire(db, ids):
        aloft[row["delivery_id"]].append(_on_wire(row))
    records = [readable(view) for view in view_deliveries(db, ids)]
    return [{**one, "attempts": one["attempts"] + aloft[one["id"]]} for one in records]


def event_records(db: Database, happenings: Sequence[Happening]) -> list[Record]:
    """These events, each with how many deliveries it left; where it left none, with the reasons."""
    silent = [one.event for one in happenings if not one.deliveries]
    silence = explain_silences(silent, revisions_of_all(db)) if silent else {}
    return [
        event_record(one.event) | {"deliveries": one.deliveries, "silence": silence.get(one.event.id, [])}
        for one in happenings
    ]


def event_record(event: Event) -> Record:
    """What occurred, where and when."""
    return {
        "id": event.id,
        "event": event.name,
        "tenant_id": event.tenant_id,
        "attributes": dict(event.attributes),
        "occurred_at": format_instant(event.occurred_at),
    }


def subscription_records(db: Database, counts: Counts, only: str | None = None) -> list[Record]:
    """Every subscription, or one, with its revisions, oldest first."""
    revisions: dict[str, list[Subscription]] = {}
    for revision in revisions_of_all(db, only):
        revisions.setdefault(revision.id, []).append(revision)
    attempts = {one: counts.get(one, NONE)[0] for one in revisions}
    failures = {one: counts.get(one, NONE)[1] for one in revisions}
    return [
        readable(view_subscription(of_one, attempts, failures)) | {"application_id": of_one[-1].application_id}
        for of_one in revisions.values()
    ]


def with_health(simulation: Simulation, records: list[Record]) -> list[Record]:
    """The same, each with how close it is to being disabled right now."""
    return [record | {"health": health_record(simulation, record["id"])} for record in records]


def health_record(simulation: Simulation, subscription_id: str) -> Record | None:
    """How close a subscription is to being disabled (R7); None where the provider disables nobody."""
    rule = simulation.profile.disable
    if rule is None:
        return None
    now, health = simulation.clock.now(), simulation.roster.health(subscription_id)
    failing = in_window(health, rule, now)
    return {
        "failing": failing,
        "limit": rule.attempts,
        "window_seconds": rule.window_seconds,
        "oldest_leaves_at": format_instant(health.failures[-failing] + rule.window_us) if failing else None,
        "last_success_at": None if health.last_success is None else format_instant(health.last_success),
    }


def fault_record(fault: Fault, cleared_at: int | None, now: int) -> Record:
    """A fault's window, and whether it acts now."""
    view = view_fault(fault, cleared_at)
    active = view.since <= now and (view.until is None or now < view.until)
    record: Record = readable(view)
    return record | {"active": active}


def fault_records(db: Database, now: int) -> list[Record]:
    """Every fault there ever was, oldest first."""
    return [fault_record(fault, cleared_at, now) for fault, cleared_at in readback.fault_windows(db)]


def _on_wire(row: Mapping[str, Any]) -> Record:
    """An attempt under way, with the fields of one that ended."""
    blank = AttemptView(
        number=row["number"],
        chain=row["chain"],
        position=row["position"],
        due_at=row["due_at"],
        started_at=row["started_at"],
        ended_at=0,
        method="",
        url="",
        revision=row["revision"],
        outcome="",
        status=None,
        error="",
        fault="",
        duplicate=bool(row["duplicate"]),
        why="",
        real_ms=0.0,
    )
    record: Record = readable(blank)
    return record | {"ended_at": None, "outcome": None}
