"""The objects of simulated tenants, as the events left them: a projection, never the truth (E10).

In: what an event changed among the objects of its tenant. Out: the objects, by kind and id. They stand in a temporary
file that SQLite makes for itself and removes: a few megabytes in memory, however many objects there are. A restart
folds them anew from the events of the ledger.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from simulator.domain.world import Key, Object, Objects
from simulator.store.record import write_json

_PRIVATE = ""  # SQLite's name for a file of this connection alone
_TABLE = """
    CREATE TABLE objects (
        tenant_id TEXT, kind TEXT, id TEXT, object TEXT NOT NULL, PRIMARY KEY (tenant_id, kind, id)
    ) WITHOUT ROWID"""


class ObjectTable:
    """The objects of every tenant."""

    def __init__(self) -> None:
        self._connection = sqlite3.connect(_PRIVATE, isolation_level=None)
        self._connection.execute(_TABLE)

    def of_tenant(self, tenant_id: str) -> Objects:
        """One tenant's objects, read when they are asked for."""
        return _OfTenant(self._connection, tenant_id)

    def put(self, tenant_id: str, changed: Objects) -> None:
        """Take in what changed; None marks an object that is gone."""
        rows = ((tenant_id, kind, name, write_json(one)) for (kind, name), one in changed.items())
        self._connection.executemany("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", rows)

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is put in this block is written at its end, which costs less."""
        with self._connection:
            self._connection.execute("BEGIN")
            yield

    def close(self) -> None:
        self._connection.close()


class _OfTenant(Mapping[Key, Object | None]):
    def __init__(self, connection: sqlite3.Connection, tenant_id: str) -> None:
        self._connection, self._tenant_id = connection, tenant_id

    def __getitem__(self, key: Key) -> Object | None:
        place = (self._tenant_id, *key)
        row = self._connection.execute(
            "SELECT object FROM objects WHERE tenant_id = ? AND kind = ? AND id = ?", place
        ).fetchone()
        if row is None:
            raise KeyError(key)
        found: Object | None = json.loads(row[0])
        return found

    def __iter__(self) -> Iterator[Key]:
        yield from self._connection.execute("SELECT kind, id FROM objects WHERE tenant_id = ?", [self._tenant_id])

    def __len__(self) -> int:
        (count,) = self._connection.execute(
            "SELECT count(*) FROM objects WHERE tenant_id = ?", [self._tenant_id]
        ).fetchone()
        return int(count)
