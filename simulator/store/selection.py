"""Which deliveries somebody means: the n-th of a subscription, or all of which something is known (R10)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from simulator.domain.delivery import State
from simulator.errors import NotFound

MISSED = (State.EXHAUSTED, State.CANCELLED)

_SENDABLE = """
    SELECT deliveries.id FROM deliveries JOIN events ON events.id = event_id
    WHERE deliveries.subscription_id = ? AND deliveries.state <> 'filtered' ORDER BY deliveries.id LIMIT 1 OFFSET ?"""

# Found through the indexes, where `standing` would read the whole ledger.
_STATE = """
    coalesce((SELECT state FROM (SELECT seq, state FROM attempts WHERE delivery_id = deliveries.id
                                 UNION ALL SELECT seq, state FROM moves WHERE delivery_id = deliveries.id)
              ORDER BY seq DESC LIMIT 1), deliveries.state)"""

_CONDITIONS = {
    "above": "deliveries.id > :above",
    "below": "deliveries.id < :below",
    "event_id": "deliveries.event_id = :event_id",
    "subscription_id": "deliveries.subscription_id = :subscription_id",
    "event": "events.name = :event",
    "tenant_id": "events.tenant_id = :tenant_id",
    "since": "events.occurred_at >= :since",
    "until": "events.occurred_at < :until",
    "states": f"{_STATE} IN (SELECT value FROM json_each(:states))",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Deliveries by what is known of them; None leaves it open. Their events occurred within [since, until)."""

    states: tuple[State, ...] | None = None
    subscription_id: str | None = None
    event: str | None = None
    event_id: int | None = None
    tenant_id: str | None = None
    since: int | None = None
    until: int | None = None


def nth_delivery(db: Database, subscription_id: str, number: int) -> int:
    """The number-th delivery (from 1) that was to be sent for a subscription; raises `NotFound`."""
    row = db.execute(_SENDABLE, [subscription_id, number - 1]).fetchone()
    if row is None:
        raise NotFound(f"the subscription has no delivery number {number}")
    return int(row[0])


def missed_deliveries(
    db: Database, subscription_id: str | None, event: str | None, since: int, until: int
) -> list[int]:
    """Deliveries given up for events that occurred in [since, until), oldest first."""
    return chosen_deliveries(db, Choice(MISSED, subscription_id, event, since=since, until=until))


def chosen_deliveries(
    db: Database,
    choice: Choice,
    *,
    above: int | None = None,
    below: int | None = None,
    limit: int = -1,
    newest_first: bool = False,
) -> list[int]:
    """Ids of at most `limit` deliveries, oldest first unless asked otherwise; `above` and `below` bound the ids."""
    known: dict[str, Any] = {"above": above, "below": below, **asdict(choice)}
    wanted = {name: value for name, value in known.items() if value is not None}
    conditions = " AND ".join(_CONDITIONS[name] for name in wanted) or "TRUE"
    if choice.states is not None:
        wanted["states"] = json.dumps(choice.states)
    statement = f"""
        SELECT deliveries.id FROM deliveries JOIN events ON events.id = event_id
        WHERE {conditions} ORDER BY deliveries.id {"DESC" if newest_first else ""} LIMIT :limit"""
    return [delivery_id for (delivery_id,) in db.execute(statement, {**wanted, "limit": limit}).fetchall()]
