"""The whole ledger read back in order, row by row, for reports."""

from __future__ import annotations

import json
from collections.abc import Iterator
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


def deliveries(db: Database) -> Iterator[Row]:
    """Every delivery with its event and where it stands now."""
    return ({**row, "attributes": json.loads(row["attributes"])} for row in db.query(_DELIVERIES))


def attempts(db: Database) -> Iterator[Row]:
    """Every attempt, by delivery and number."""
    return db.query("SELECT * FROM attempts ORDER BY delivery_id, number")


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
