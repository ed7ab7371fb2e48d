"""`simulator.store.insertion`: the rows of `executemany`, many in one statement."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from simulator.store.insertion import TOGETHER, insert
from simulator.store.ledger import Ledger


@pytest.mark.parametrize("number", [0, 1, TOGETHER - 1, TOGETHER, 3 * TOGETHER, 3 * TOGETHER + 1])
def test_every_row_is_written_once_and_in_order(number):
    rows = [(place, f"row {place}") for place in range(number)]
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE kept (number INTEGER, text TEXT)")
        insert(connection, "INSERT INTO kept (number, text) VALUES (?, ?)", rows)
        assert connection.execute("SELECT number, text FROM kept ORDER BY rowid").fetchall() == rows


def test_one_row_that_cannot_be_written_is_told():
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY)")
        with pytest.raises(sqlite3.IntegrityError):
            insert(connection, "INSERT INTO kept (number) VALUES (?)", [(1,)] * 2 * TOGETHER)


def test_the_widest_table_takes_so_many_rows_on_every_sqlite():
    """999 values are the most that an SQLite before 3.32 takes in one statement."""
    with closing(Ledger()) as ledger:
        (columns,) = ledger.db.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM pragma_table_info('attempts'))"
        ).fetchone()
        assert columns * TOGETHER <= 999
