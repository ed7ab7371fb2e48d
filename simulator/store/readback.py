"""The ledger read back in order, row by row: the whole of it for reports, or a few deliveries for whoever follows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

from simulator.domain.fault import Fault
from simulator.store.record import read_fault

Row = dict[str, Any]

_DELIVERIES = """
    SELECT deliveries.id, event_id, name AS event, tenant_id, subscription_id, attributes, occurred_at, revision,
           deliveries.fault, standing.state, standing.reason, standing.next_due_at
    FROM deliveries JOIN events ON events.id = event_id JOIN standing ON standing.delivery_id = deliveries.id
    ORDER BY deliveries.id"""


def _latest(column: str) -> str:
    """What the newest row says: the last attempt, the last move, or the delivery as it began."""
    return f"""
        CASE WHEN ifnull(last_attempt.seq, 0) > ifnull(last_move.seq, 0) THEN last_attempt.{column}
             WHEN last_move.seq THEN last_move.{column} ELSE deliveries.{column} END AS {column}"""


# Each row is found through the indexes, where `standing` would read the whole ledger.
_SOME_DELIVERIES = f"""
    SELECT deliveries.id, event_id, name AS event, tenant_id, deliveries.subscription_id, attributes, occurred_at,
           deliveries.revision, deliveries.fault, {_latest("state")}, {_latest("reason")}, {_latest("next_due_at")}
    FROM json_each(?) AS wanted JOIN deliveries ON deliveries.id = wanted.value JOIN events ON events.id = event_id
         LEFT JOIN attempts AS last_attempt
                ON last_attempt.seq = (SELECT max(seq) FROM attempts WHERE delivery_id = deliveries.id)
         LEFT JOIN moves AS last_move ON last_move.seq = (SELECT max(seq) FROM moves WHERE delivery_id = deliveries.id)
    ORDER BY deliveries.id"""

_SOME_ATTEMPTS = """
    SELECT attempts.* FROM json_each(?) AS wanted JOIN attempts ON attempts.delivery_id = wanted.value
    ORDER BY delivery_id, number"""

_ON_WIRE = """
    SELECT on_wire.* FROM json_each(?) AS wanted JOIN on_wire ON on_wire.delivery_id = wanted.value
    ORDER BY delivery_id, number"""


def deliveries(db: Database, ids: Sequence[int] | None = None) -> Iterator[Row]:
    """Every delivery, or those with these ids, with its event and where it stands now."""
    rows = db.query(_DELIVERIES) if ids is None else db.query(_SOME_DELIVERIES, [json.dumps(ids)])
    return ({**row, "attributes": json.loads(row["attributes"])} for row in rows)


def attempts(db: Database, ids: Sequence[int] | None = None) -> Iterator[Row]:
    """Every attempt, or those of these deliveries, by delivery and number."""
    if ids is None:
        return db.query("SELECT * FROM attempts ORDER BY delivery_id, number")
    return db.query(_SOME_ATTEMPTS, [json.dumps(ids)])


def on_wire(db: Database, ids: Sequence[int]) -> Iterator[Row]:
    """What is being sent right now for these deliveries."""
    return db.query(_ON_WIRE, [json.dumps(ids)])


def attempt_counts(db: Database) -> dict[str, tuple[int, int]]:
    """How many attempts there were for each subscription, and how many of them did not succeed."""
    counted = "SELECT subscription_id, count(*), sum(outcome <> 'success') FROM attempts GROUP BY subscription_id"
    return {subscription_id: (every, failed) for subscription_id, every, failed in db.execute(counted).fetchall()}


def state_counts(db: Database) -> dict[str, int]:
    """How many deliveries stand in each state."""
    return dict(db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall())


def fault_windows(db: Database) -> Iterator[tuple[Fault, int | None]]:
    """Every injected fault with the instant at which it was cleared, None where it never was."""
    cleared = dict(db.execute("SELECT id, at FROM faults WHERE cleared ORDER BY seq").fetchall())
    for (text,) in db.execute("SELECT fault FROM faults WHERE NOT cleared ORDER BY seq"):
        fault = read_fault(text)
        yield fault, cleared.get(fault.id)


def counts(db: Database) -> Row:
    """How many events there are, and how many attempts were duplicates on purpose."""
    (events,) = db.execute("SELECT count(*) FROM events").fetchone()
    (duplicates,) = db.execute("SELECT count(*) FROM attempts WHERE duplicate").fetchone()
    return {"events": events, "duplicates": duplicates}


def facts(db: Database) -> Row:
    """What was noted about the run itself."""
    return {name: json.loads(value) for name, value in db.execute("SELECT name, value FROM facts")}
