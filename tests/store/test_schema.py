"""`store/schema`: tables that any SQLite tool can read, and the fold that says where a delivery stands."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from specimens import START, readable
from sqlite_utils import Database

from simulator.store.database import open_database
from simulator.store.schema import APPLICATION_ID, migrations

INSTANTS = [
    ("events", "occurred_at", "occurred"),
    ("revisions", "created_at", "created"),
    ("revisions", "made_at", "made"),
    ("revisions", "disabled_at", "disabled"),
    ("revisions", "deleted_at", "deleted"),
    ("deliveries", "next_due_at", "next_due"),
    ("on_wire", "due_at", "due"),
    ("on_wire", "started_at", "started"),
    ("attempts", "due_at", "due"),
    ("attempts", "started_at", "started"),
    ("attempts", "ended_at", "ended"),
    ("attempts", "next_due_at", "next_due"),
    ("moves", "at", "moved"),
    ("moves", "next_due_at", "next_due"),
    ("faults", "at", "since"),
    ("planned", "occurs_at", "occurs"),
    ("resends", "at", "accepted"),
]
VIRTUAL = 2  # what `table_xinfo` says of a column that is computed when it is asked for


@pytest.fixture
def db() -> Iterator[Database]:
    with closing(open_database()) as opened:
        yield opened


def stored_columns(db: Database, table: str) -> list[str]:
    return [name for _, name, *_, hidden in db.execute(f"PRAGMA table_xinfo({table})") if not hidden]


def test_the_mark_of_a_file_of_ours_spells_its_name() -> None:
    assert APPLICATION_ID.to_bytes(4) == b"AWSI"


def test_the_ledger_has_these_tables(db: Database) -> None:
    assert {name for name in db.table_names() if not name.startswith("_")} == {
        "events",
        "revisions",
        "secrets",
        "deliveries",
        "on_wire",
        "attempts",
        "moves",
        "faults",
        "facts",
        "planned",
        "resends",
    }
    assert set(db.view_names()) == {"steps", "standing"}


def test_every_migration_is_applied_once(db: Database) -> None:
    assert migrations.pending(db) == []
    applied = [one.name for one in migrations.applied(db)]
    migrations.apply(db)
    assert [one.name for one in migrations.applied(db)] == applied


def test_every_instant_has_a_readable_column_beside_it(db: Database) -> None:
    instants = {
        (table, column)
        for table in db.table_names()
        for column in stored_columns(db, table)
        if (column == "at" or column.endswith("_at")) and not table.startswith("_")
    }
    assert instants == {(table, instant) for table, instant, _ in INSTANTS}


@pytest.mark.parametrize(("table", "instant", "text"), INSTANTS)
def test_an_instant_is_readable_without_our_code(db: Database, table: str, instant: str, text: str) -> None:
    """S6: in UTC, to the microsecond, and at no cost of space."""
    columns = stored_columns(db, table)
    for at in (START, START + 1, START + 999_999, 0):
        db.execute(f"DELETE FROM {table}")
        values = [at if column == instant else 0 for column in columns]
        db.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", values)
        assert db.execute(f"SELECT {text} FROM {table}").fetchone() == (readable(at),)
    kinds = {name: hidden for _, name, *_, hidden in db.execute(f"PRAGMA table_xinfo({table})")}
    assert kinds[text] == VIRTUAL


def test_where_there_is_no_instant_there_is_no_text(db: Database) -> None:
    db.execute("INSERT INTO deliveries VALUES (1, 1, 's1', 1, 'filtered', 'why', '', NULL)")
    assert db.execute("SELECT next_due FROM deliveries").fetchone() == (None,)


def insert_delivery(db: Database) -> None:
    db.execute("INSERT INTO deliveries VALUES (1, 1, 's1', 1, 'pending', '', '', 100)")


def insert_attempt(db: Database, seq: int, number: int, state: str, following: tuple[int, int, int] | None) -> None:
    values = (seq, 1, "s1", number, 1, number, 0, 1, 0, 0, 0, "GET", "", "reset", None, "", "", 0, state, f"a{seq}")
    places = ", ".join("?" * (len(values) + 4))
    db.execute(f"INSERT INTO attempts VALUES ({places})", [*values, *(following or (None, None, None)), None])


def insert_move(db: Database, seq: int, move: str, state: str, following: tuple[int, int, int] | None) -> None:
    values = (seq, 1, move, 0, state, f"m{seq}", *(following or (None, None, None)))
    db.execute(f"INSERT INTO moves VALUES ({', '.join('?' * len(values))})", values)


def standing(db: Database) -> tuple[object, ...]:
    return tuple(
        db.execute(
            "SELECT state, reason, next_due_at, next_number, next_chain, next_position, next_duplicate FROM standing"
        ).fetchone()
    )


def test_the_newest_row_says_where_a_delivery_stands(db: Database) -> None:
    """R3, R6, R10: as it began, then whatever attempt or move came last."""
    insert_delivery(db)
    assert standing(db) == ("pending", "", 100, 1, 1, 1, 0)
    insert_attempt(db, 1, 1, "pending", (130, 2, 0))
    assert standing(db) == ("pending", "a1", 130, 2, 1, 2, 0)
    insert_move(db, 2, "cancel", "cancelled", None)
    assert standing(db)[:3] == ("cancelled", "m2", None)
    insert_move(db, 4, "resend", "pending", (200, 2, 2))
    insert_attempt(db, 3, 2, "cancelled", None)  # written late, but it came before
    assert standing(db) == ("pending", "m4", 200, 2, 2, 1, 0)


def test_a_duplicate_that_is_due_is_marked_where_the_delivery_stands(db: Database) -> None:
    """R11."""
    insert_delivery(db)
    insert_attempt(db, 1, 1, "delivered", (105, 1, 1))
    assert standing(db) == ("delivered", "a1", 105, 2, 1, 1, 1)


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT * FROM deliveries WHERE event_id = 1", "deliveries_of_event"),
        ("SELECT * FROM deliveries WHERE subscription_id = 's1'", "deliveries_of_subscription"),
        ("SELECT * FROM attempts WHERE delivery_id = 1", "attempts_of_delivery"),
        ("SELECT * FROM moves WHERE delivery_id = 1", "moves_of_delivery"),
    ],
)
def test_what_is_asked_often_has_an_index(db: Database, statement: str, index: str) -> None:
    plan = " ".join(row[-1] for row in db.execute(f"EXPLAIN QUERY PLAN {statement}"))
    assert f"USING INDEX {index}" in plan


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO revisions (subscription_id, number) VALUES ('s1', 1)",
        "INSERT INTO deliveries (id, event_id) VALUES (1, 1)",
        "INSERT INTO attempts (seq, delivery_id, number) VALUES (1, 1, 1)",
    ],
)
def test_half_a_row_is_refused(db: Database, statement: str) -> None:
    """R14: an attempt without an outcome cannot be stored as finished."""
    with pytest.raises(sqlite3.IntegrityError, match="NOT NULL"):
        db.execute(statement)


def test_an_attempt_is_on_the_wire_only_once(db: Database) -> None:
    """R14."""
    columns = stored_columns(db, "on_wire")
    leaves = f"INSERT INTO on_wire ({', '.join(columns)}) VALUES ({', '.join('1' * len(columns))})"
    db.execute(leaves)
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        db.execute(leaves)
