"""Events with what became of them: how many deliveries each one left. For whoever shows them, newest first.

In: what is known of the events, or their ids. Out: the events as they occurred.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from simulator.domain.event import Event

_LEFT_SOMETHING = "EXISTS (SELECT 1 FROM deliveries WHERE event_id = events.id)"

_HAPPENINGS = """
    SELECT id, tenant_id, name, attributes, occurred_at, (SELECT count(*) FROM deliveries WHERE event_id = events.id)
    FROM events"""

_CONDITIONS = {
    "below": "id < :below",
    "event": "name = :event",
    "tenant_id": "tenant_id = :tenant_id",
    "since": "occurred_at >= :since",
    "until": "occurred_at < :until",
    "silent": f"(NOT {_LEFT_SOMETHING}) = :silent",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, and how many deliveries it left: those that were filtered or cancelled at once count as well."""

    event: Event
    deliveries: int


@dataclass(frozen=True, slots=True)
class Which:
    """Events by what is known of them; None leaves it open. They occurred within [since, until).

    `silent` are those that left no delivery at all.
    """

    event: str | None = None
    tenant_id: str | None = None
    since: int | None = None
    until: int | None = None
    silent: bool | None = None


ANY = Which()


def chosen_happenings(db: Database, which: Which, *, below: int | None = None, limit: int) -> list[Happening]:
    """At most `limit` events, the newest of those with ids below `below`, oldest first."""
    known: dict[str, Any] = {
        "below": below,
        "event": which.event,
        "tenant_id": which.tenant_id,
        "since": which.since,
        "until": which.until,
        "silent": which.silent,
    }
    wanted = {name: value for name, value in known.items() if value is not None}
    conditions = " AND ".join(_CONDITIONS[name] for name in wanted) or "TRUE"
    statement = f"{_HAPPENINGS} WHERE {conditions} ORDER BY id DESC LIMIT :limit"
    return _read(db.execute(statement, {**wanted, "limit": limit}).fetchall())[::-1]


def happenings(db: Database, ids: Sequence[int]) -> list[Happening]:
    """The events with these ids, oldest first."""
    statement = f"{_HAPPENINGS} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return _read(db.execute(statement, [json.dumps(ids)]).fetchall())


def _read(rows: Iterable[tuple[int, str, str, str, int, int]]) -> list[Happening]:
    return [
        Happening(Event(number, tenant, name, json.loads(attributes), at), deliveries)
        for number, tenant, name, attributes, at, deliveries in rows
    ]
