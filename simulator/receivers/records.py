"""All that a receiver knows, in its own SQLite file: the only place here that changes it.

In go statements that were understood, out come rows. A `transaction` is whole or it never was; between two
programs on one file SQLite lets one write at a time, so what a transaction reads stays true until its end.

    received   every webhook request in order, and what was decided
    objects    the status of each object, joined from all that was said
    facts      all that was ever said of an object, as a set: it only grows, so repeats add nothing
    effects    one-time work that was set off; the key is what makes it one time
    refreshes  objects to be read back: `wished` counts the wishes, `served` how many of them a look covers
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from simulator.receivers.kinds import NOTHING, Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from simulator.receivers.statement import Statement

# WAL with NORMAL: a commit outlives the death of the program; FULL would outlive a power cut too, at the
# price of one disk flush a request. On one core, one transaction a request, some 8,000 and 3,500 requests a
# second were measured: far more than webhooks come, so sharing commits between requests is not worth its code.
_SCHEMA: Final = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;

CREATE TABLE IF NOT EXISTS received (
    number INTEGER PRIMARY KEY,
    method TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL,
    decision TEXT NOT NULL, status INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS objects (
    kind TEXT NOT NULL, id TEXT NOT NULL,
    rank INTEGER NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (
    kind TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (kind, id, name, value)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS effects (
    key TEXT PRIMARY KEY,
    kind TEXT NOT NULL, id TEXT NOT NULL, effect TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS refreshes (
    kind TEXT NOT NULL, id TEXT NOT NULL,
    wished INTEGER NOT NULL DEFAULT 1, served INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
"""

_TABLES: Final = frozenset({"received", "objects", "facts", "effects", "refreshes"})
_FORGET: Final = (
    "DELETE FROM received",
    "DELETE FROM objects",
    "DELETE FROM facts",
    "DELETE FROM effects",
    "DELETE FROM refreshes",
)

# Shorter than the provider's patience of 10 seconds: rather a 500 and a retry than a timeout.
_BUSY_SECONDS: Final = 5.0


class Records:
    """One SQLite file, or `:memory:`. Raises `sqlite3.Error` where SQLite does."""

    def __init__(self, db: str | Path) -> None:
        # Made in one thread and used in another when a test runs its receiver aside; never in two at once.
        self._db = sqlite3.connect(db, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._db.row_factory = sqlite3.Row
        self._refuse_another_programs()
        self._db.executescript(_SCHEMA)

    def _refuse_another_programs(self) -> None:
        """Tables that are not ours are a sign that this file was named by mistake."""
        found = {row["name"] for row in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if {name for name in found if not name.startswith("sqlite_")} - _TABLES:
            self.close()
            raise sqlite3.DatabaseError("this database belongs to another program; choose another file")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is committed when this ends, or nothing of it when it raises."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.rollback()
            raise

    def log(self, method: str, path: str, query: str, decision: str, status: int) -> None:
        """Appends one request to the ledger."""
        self._db.execute(
            "INSERT INTO received (method, path, query, decision, status) VALUES (?, ?, ?, ?, ?)",
            (method, path, query, decision, status),
        )

    def learn(self, statement: Statement) -> bool:
        """Keeps the facts of a statement; whether any of them is new."""
        before = self._db.total_changes
        self._db.executemany(
            "INSERT INTO facts VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(statement.kind.name, statement.id, *fact) for fact in statement.facts],
        )
        return self._db.total_changes > before

    def status(self, kind: str, object_id: str) -> Status:
        """The status kept for an object, `NOTHING` if there is none."""
        row = self._db.execute(
            "SELECT rank, status FROM objects WHERE kind = ? AND id = ?", (kind, object_id)
        ).fetchone()
        return Status(*row) if row else NOTHING

    def keep(self, kind: str, object_id: str, status: Status) -> None:
        self._db.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", (kind, object_id, *status))

    def set_off(self, key: str, kind: str, object_id: str, effect: str) -> bool:
        """Sets off one-time work; False if that was done under this key before."""
        done = self._db.execute(
            "INSERT INTO effects VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (key, kind, object_id, effect)
        )
        return done.rowcount == 1

    def wish(self, kind: str, object_id: str) -> None:
        """Stores the wish to read an object back."""
        self._db.execute(
            "INSERT INTO refreshes (kind, id) VALUES (?, ?) ON CONFLICT DO UPDATE SET wished = wished + 1",
            (kind, object_id),
        )

    def open_wishes(self) -> list[tuple[str, str, int]]:
        """Kind, id and number of wishes of every object that no look covers yet."""
        found = self.rows("SELECT kind, id, wished FROM refreshes WHERE served < wished ORDER BY kind, id")
        return [(row["kind"], row["id"], row["wished"]) for row in found]

    def serve(self, kind: str, object_id: str, wished: int) -> bool:
        """Marks the first `wished` wishes as served; False if they were forgotten meanwhile."""
        served = self._db.execute(
            "UPDATE refreshes SET served = MAX(served, ?) WHERE kind = ? AND id = ?",
            (wished, kind, object_id),
        )
        return served.rowcount == 1

    def forget_everything(self) -> None:
        with self.transaction():
            for statement in _FORGET:
                self._db.execute(statement)

    def rows(self, query: str, *values: str | int) -> list[sqlite3.Row]:
        """The rows of one SELECT."""
        return self._db.execute(query, values).fetchall()
