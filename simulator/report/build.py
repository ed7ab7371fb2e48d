"""The report's model from the ledger: the only source of what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from simulator.domain.delivery import State
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import format_duration
from simulator.domain.outcome import Kind
from simulator.domain.subscription import Definition, Subscription
from simulator.report.model import (
    AttemptView,
    DeliveryView,
    FaultView,
    RevisionView,
    SubscriptionView,
    Totals,
)
from simulator.store import readback
from simulator.store.queries import revisions_of_all

_TO_BE_SENT = (State.DELIVERED, State.EXHAUSTED, State.CANCELLED, State.PENDING)


def view_deliveries(db: Database, ids: Sequence[int] | None = None) -> tuple[DeliveryView, ...]:
    """Every delivery, or those with these ids, with its attempts, oldest first."""
    attempts = {
        delivery_id: tuple(map(_view_attempt, rows))
        for delivery_id, rows in groupby(readback.attempts(db, ids), key=lambda row: row["delivery_id"])
    }
    return tuple(
        DeliveryView(
            id=row["id"],
            event_id=row["event_id"],
            event=row["event"],
            tenant_id=row["tenant_id"],
            subscription_id=row["subscription_id"],
            attributes=row["attributes"],
            occurred_at=row["occurred_at"],
            state=row["state"],
            reason=row["reason"],
            revision=row["revision"],
            next_due_at=row["next_due_at"],
            attempts=attempts.get(row["id"], ()),
        )
        for row in readback.deliveries(db, ids)
    )


def view_subscriptions(db: Database, deliveries: Sequence[DeliveryView]) -> tuple[SubscriptionView, ...]:
    """Every subscription with its revisions, oldest first."""
    attempts: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    for delivery in deliveries:
        attempts[delivery.subscription_id] += len(delivery.attempts)
        failures[delivery.subscription_id] += sum(one.outcome != Kind.SUCCESS for one in delivery.attempts)
    revisions: dict[str, list[Subscription]] = {}
    for revision in revisions_of_all(db):
        revisions.setdefault(revision.id, []).append(revision)
    return tuple(view_subscription(all_of_one, attempts, failures) for all_of_one in revisions.values())


def view_faults(db: Database) -> tuple[FaultView, ...]:
    """Every fault's window; what ended it first counts."""
    return tuple(view_fault(fault, cleared_at) for fault, cleared_at in readback.fault_windows(db))


def count_totals(db: Database, deliveries: Sequence[DeliveryView]) -> Totals:
    states = Counter(delivery.state for delivery in deliveries)
    counted = readback.counts(db)
    return Totals(
        events=counted["events"],
        filtered=states[State.FILTERED],
        deliveries=sum(states[state] for state in _TO_BE_SENT),
        attempts=sum(len(delivery.attempts) for delivery in deliveries),
        delivered=states[State.DELIVERED],
        exhausted=states[State.EXHAUSTED],
        cancelled=states[State.CANCELLED],
        pending=states[State.PENDING],
        duplicates=counted["duplicates"],
    )


def _view_attempt(row: Mapping[str, Any]) -> AttemptView:
    return AttemptView(
        number=row["number"],
        chain=row["chain"],
        position=row["position"],
        due_at=row["due_at"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        method=row["method"],
        url=row["url"],
        revision=row["revision"],
        outcome=row["outcome"],
        status=row["status"],
        error=row["error"],
        fault=row["fault"],
        duplicate=bool(row["duplicate"]),
        why=row["reason"],
        real_ms=row["real_us"] / 1000,
        body=row["body"],
    )


def view_subscription(
    revisions: Sequence[Subscription], attempts: Mapping[str, int], failures: Mapping[str, int]
) -> SubscriptionView:
    """One subscription from all its revisions, oldest first; the counts are by subscription."""
    latest = revisions[-1]
    definition = latest.definition
    return SubscriptionView(
        id=latest.id,
        name=latest.name,
        tenant_id=latest.tenant_id,
        event=", ".join(definition.events),
        url_template=definition.url_template,
        filters=tuple((one.attribute, one.values) for one in definition.filters),
        auth=tuple(_auth_names(definition)),
        enabled=latest.enabled,
        disabled_at=latest.disabled_at,
        disabled_reason=latest.disabled_reason,
        deleted_at=latest.deleted_at,
        attempts=attempts[latest.id],
        failures=failures[latest.id],
        revisions=tuple(map(_view_revision, (None, *revisions), revisions)),
    )


def _auth_names(definition: Definition) -> Iterator[str]:
    yield from (header.name for header in definition.headers)
    if definition.basic_auth:
        yield "Authorization: Basic"


def _view_revision(former: Subscription | None, revision: Subscription) -> RevisionView:
    return RevisionView(
        number=revision.revision,
        at=revision.updated_at,
        enabled=revision.enabled,
        url_template=revision.definition.url_template,
        change=_describe_change(former, revision),
    )


def _describe_change(former: Subscription | None, revision: Subscription) -> str:
    if former is None:
        return "created"
    if revision.deleted_at is not None:
        return "deleted"
    before, after = former.definition, revision.definition
    if before.enabled and not after.enabled:
        return revision.disabled_reason
    changed = [words for field, words in _CHANGES.items() if getattr(before, field) != getattr(after, field)]
    return ", ".join(changed) or "no change"


_CHANGES = {
    "enabled": "enabled",
    "events": "event",
    "url_template": "URL template",
    "headers": "header token",
    "basic_auth": "basic credentials",
    "filters": "filters",
    "description": "description",
}


def view_fault(fault: Fault, cleared_at: int | None) -> FaultView:
    """One fault's window; what ends it first counts."""
    ends = [end for end in (fault.until, cleared_at) if end is not None]
    until = min(ends, default=None)
    return FaultView(
        id=fault.id,
        kind=fault.kind,
        since=fault.since,
        until=until,
        subscription_id=fault.subscription_id,
        event=fault.event,
        summary=_summarise(fault, until),
    )


def _summarise(fault: Fault, until: int | None) -> str:
    words = [f"status {fault.status}" if fault.kind is FaultKind.STATUS else fault.kind.value.replace("_", " ")]
    words.append(format_duration(until - fault.since) if until is not None else "until cleared")
    if fault.probability < 1:
        words.append(f"{fault.probability:.0%} of attempts")
    return " · ".join(words)
