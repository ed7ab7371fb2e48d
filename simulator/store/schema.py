"""Tables, indexes and migrations.

The truth is append-only: events, revisions, deliveries as they began, attempts, and the moves that are no attempts.
Each row that changes a delivery carries the state it led to and when the next attempt is due, so the newest row
(by `seq`) tells where a delivery stands. Two tables alone are emptied again, because they hold
what has not happened yet, for a restart to take up: `on_wire` what is being sent right now, written before the request
leaves (R14), and `planned` the events that were accepted for a later instant.

Instants are integer virtual microseconds; beside each stands the same instant as readable text, computed by SQLite
when it is asked for, so that any SQLite tool shows it and a row costs nothing more.
"""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

APPLICATION_ID = 0x41575349  # "AWSI": marks the file as ours

migrations = Migrations("aurora-webhook-simulator")


def _readable(name: str, instant: str) -> str:
    text = f"strftime('%Y-%m-%d %H:%M:%S', {instant} / 1000000, 'unixepoch') || printf('.%06d', {instant} % 1000000)"
    return f"{name} TEXT AS ({text}) VIRTUAL"


@migrations()
def ledger(db: Database) -> None:
    """The first schema."""
    for statement in (
        f"""
        CREATE TABLE events (
            id INTEGER PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            attributes TEXT NOT NULL,
            occurred_at INTEGER NOT NULL,
            {_readable("occurred", "occurred_at")}
        )""",
        f"""
        CREATE TABLE revisions (
            subscription_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            tenant_id TEXT NOT NULL,
            application_id TEXT NOT NULL,
            name TEXT NOT NULL,
            definition TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            made_at INTEGER NOT NULL,
            disabled_at INTEGER,
            disabled_reason TEXT NOT NULL,
            deleted_at INTEGER,
            {_readable("created", "created_at")},
            {_readable("made", "made_at")},
            {_readable("disabled", "disabled_at")},
            {_readable("deleted", "deleted_at")},
            PRIMARY KEY (subscription_id, number)
        )""",
        """
        CREATE TABLE secrets (
            subscription_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            secrets TEXT NOT NULL,
            PRIMARY KEY (subscription_id, revision)
        )""",
        f"""
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            event_id INTEGER NOT NULL REFERENCES events(id),
            subscription_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            fault TEXT NOT NULL,
            next_due_at INTEGER,
            {_readable("next_due", "next_due_at")}
        )""",
        "CREATE INDEX deliveries_of_event ON deliveries (event_id)",
        "CREATE INDEX deliveries_of_subscription ON deliveries (subscription_id)",
        f"""
        CREATE TABLE on_wire (
            delivery_id INTEGER NOT NULL,
            number INTEGER NOT NULL,
            chain INTEGER NOT NULL,
            position INTEGER NOT NULL,
            duplicate INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            {_readable("due", "due_at")},
            {_readable("started", "started_at")},
            PRIMARY KEY (delivery_id, number)
        ) WITHOUT ROWID""",
        f"""
        CREATE TABLE attempts (
            seq INTEGER PRIMARY KEY,
            delivery_id INTEGER NOT NULL REFERENCES deliveries(id),
            subscription_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            chain INTEGER NOT NULL,
            position INTEGER NOT NULL,
            duplicate INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            method TEXT NOT NULL,
            url TEXT NOT NULL,
            outcome TEXT NOT NULL,
            status INTEGER,
            error TEXT NOT NULL,
            fault TEXT NOT NULL,
            real_us INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            next_due_at INTEGER,
            next_position INTEGER,
            next_duplicate INTEGER,
            {_readable("due", "due_at")},
            {_readable("started", "started_at")},
            {_readable("ended", "ended_at")},
            {_readable("next_due", "next_due_at")}
        )""",
        "CREATE INDEX attempts_of_delivery ON attempts (delivery_id)",
        f"""
        CREATE TABLE moves (
            seq INTEGER PRIMARY KEY,
            delivery_id INTEGER NOT NULL REFERENCES deliveries(id),
            move TEXT NOT NULL,
            at INTEGER NOT NULL,
            state TEXT NOT NULL,
            reason TEXT NOT NULL,
            next_due_at INTEGER,
            next_number INTEGER,
            next_chain INTEGER,
            {_readable("moved", "at")},
            {_readable("next_due", "next_due_at")}
        )""",
        "CREATE INDEX moves_of_delivery ON moves (delivery_id)",
        f"""
        CREATE TABLE faults (
            seq INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            fault TEXT NOT NULL,
            at INTEGER NOT NULL,
            cleared INTEGER NOT NULL,
            {_readable("since", "at")}
        )""",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        """
        CREATE VIEW steps AS
            SELECT id AS delivery_id, 0 AS seq, state, reason, next_due_at,
                   1 AS next_number, 1 AS next_chain, 1 AS next_position, 0 AS next_duplicate
            FROM deliveries
            UNION ALL
            SELECT delivery_id, seq, state, reason, next_due_at,
                   number + 1, chain, next_position, next_duplicate
            FROM attempts
            UNION ALL
            SELECT delivery_id, seq, state, reason, next_due_at, next_number, next_chain, 1, 0
            FROM moves""",
        """
        CREATE VIEW standing AS
            SELECT delivery_id, max(seq) AS seq, state, reason, next_due_at,
                   next_number, next_chain, next_position, next_duplicate
            FROM steps
            GROUP BY delivery_id""",
    ):
        db.execute(statement)


@migrations()
def planned(db: Database) -> None:
    """Events that were accepted for a later instant, and resends that go on for longer than a moment (R10)."""
    for statement in (
        f"""
        CREATE TABLE planned (
            id INTEGER PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            name TEXT NOT NULL,
            attributes TEXT NOT NULL,
            occurs_at INTEGER NOT NULL,
            {_readable("occurs", "occurs_at")}
        )""",
        f"""
        CREATE TABLE resends (
            id INTEGER PRIMARY KEY,
            wanted TEXT NOT NULL,
            at INTEGER NOT NULL,
            upto INTEGER NOT NULL,
            position INTEGER NOT NULL,
            resent INTEGER NOT NULL,
            refused INTEGER NOT NULL,
            refusals TEXT NOT NULL,
            finished INTEGER NOT NULL,
            {_readable("accepted", "at")}
        )""",
    ):
        db.execute(statement)


@migrations()
def bodies(db: Database) -> None:
    """What an attempt carried, where its provider sends a body (A7)."""
    db.execute("ALTER TABLE attempts ADD COLUMN body TEXT")
