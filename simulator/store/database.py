"""Opening the file: ours or nobody's, migrated, in WAL mode, with errors in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlite_utils import Database

from simulator.errors import StoreUnusable
from simulator.store.schema import APPLICATION_ID, migrations

MEMORY = ":memory:"
PAGE = 1024  # bytes: a transaction writes three whole pages for one attempt
LOG_PAGES = 16_000  # how far the write-ahead log grows before it is folded into the file, which waits for the disk
BRIEF_LOG_PAGES = 1_000  # where nothing may wait for long: folded in more often, for less each time


def open_database(path: str | Path = MEMORY) -> Database:
    """A migrated database at `path`, or in memory.

    A committed transaction survives the death of the process (WAL, synchronous NORMAL). Raises `StoreUnusable`.
    """
    with plain_errors(path):
        connection = sqlite3.connect(path, isolation_level=None)
        try:
            _refuse_strangers(connection, path)
            connection.execute(f"PRAGMA page_size = {PAGE}")  # of a new file
            # Marked before the first table is made: a crash in between leaves it ours.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
            db = Database(connection)
            _refuse_newer(db, path)
            migrations.apply(db)
        except BaseException:
            connection.close()
            raise
    return db


def claim(path: str | Path) -> sqlite3.Connection:
    """Keep every other writer away from this file until what is returned is closed, or the process dies.

    Readers come and go as they like. Raises `StoreUnusable` where another simulator has claimed it. The claim is a
    lock that SQLite holds on a file beside it, so it works wherever SQLite does.
    """
    beside = MEMORY if str(path) == MEMORY else f"{path}-lock"
    with plain_errors(path):
        _look_at(path)  # nothing is made beside a file that is not ours
        lock = sqlite3.connect(beside, isolation_level=None, timeout=0)
        try:
            lock.execute("PRAGMA journal_mode = MEMORY")
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            lock.close()
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise StoreUnusable(f"{path}: another simulator is at work in this file; stop it first") from error
            raise
    return lock


@contextmanager
def reading(path: str | Path) -> Iterator[Database]:
    """A connection of its own that can only read, for another thread or another process. Raises `StoreUnusable`."""
    with plain_errors(path), closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
        _refuse_strangers(connection, path)
        yield Database(connection)


@contextmanager
def plain_errors(path: str | Path) -> Iterator[None]:
    """Turn what SQLite raises into `StoreUnusable` that says what to do."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StoreUnusable(f"{path}: {_plain(error)}") from error


def _plain(error: sqlite3.DatabaseError) -> str:
    name = getattr(error, "sqlite_errorname", "")
    advice = {
        "SQLITE_NOTADB": "this file is not a SQLite database; choose another file",
        "SQLITE_CORRUPT": "this database is damaged; choose another file",
        "SQLITE_FULL": "the disk is full; nothing that was accepted before is lost",
        "SQLITE_CANTOPEN": "this file cannot be opened; does its folder exist, and may you write there?",
        "SQLITE_READONLY": "this file may not be written to; choose another file or change its permissions",
        "SQLITE_BUSY": "another program holds this database locked; close it or choose another file",
    }
    return next((text for key, text in advice.items() if name.startswith(key)), f"{error}")


def _look_at(path: str | Path) -> None:
    """Refuse what is there already and can never be ours; SQLite makes no file here."""
    if Path(path).exists():
        uri = f"file:{quote(str(path))}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            _refuse_strangers(connection, path)


def _refuse_strangers(connection: sqlite3.Connection, path: str | Path) -> None:
    (ours,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if ours != APPLICATION_ID and (ours or tables):
        raise StoreUnusable(f"{path}: this database belongs to another program; choose another file")


def _refuse_newer(db: Database, path: str | Path) -> None:
    with closing(Database(memory=True)) as blank:
        known = {one.name for one in migrations.pending(blank)}
    if newer := sorted(one.name for one in migrations.applied(db) if one.name not in known):
        raise StoreUnusable(f"{path}: written by a newer version of the simulator (it has {', '.join(newer)})")
