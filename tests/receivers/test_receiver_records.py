"""The receiver's own database: whole transactions, growing facts, work set off once, wishes never lost."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest

from simulator.receivers.kinds import NOTHING, Status
from simulator.receivers.records import Records
from simulator.receivers.statement import understand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


SENT = understand("agreement_status_changed", {"agreement_id": "a1", "project_id": "p1", "status": "sent"})


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with closing(Records(tmp_path / "receiver.sqlite")) as records:
        yield records


def test_the_database_on_disk_is_in_wal_mode(records: Records) -> None:
    assert records.rows("PRAGMA journal_mode")[0][0] == "wal"


@pytest.mark.parametrize("table", ["theirs", "events", "received_too"])
def test_the_database_of_another_program_is_left_as_it_is(tmp_path: Path, table: str) -> None:
    db = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(db)) as theirs:
        theirs.execute(f"CREATE TABLE {table} (x)")
    before = db.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="belongs to another program"):
        Records(db)
    assert db.read_bytes() == before


def test_its_own_database_is_opened_again(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(Records(tmp_path / "ours.sqlite")) as records:
            records.log("GET", "/a", "", "applied", 200)
    with closing(Records(tmp_path / "ours.sqlite")) as records:
        assert len(records.rows("SELECT * FROM received")) == 2


def test_a_transaction_that_raises_leaves_nothing(records: Records) -> None:
    with suppress(InterruptedError), records.transaction():
        records.log("GET", "/a", "", "applied", 200)
        records.keep("agreement", "a1", Status(2, "sent"))
        raise InterruptedError
    assert records.rows("SELECT * FROM received") == []
    assert records.status("agreement", "a1") == NOTHING


def test_a_transaction_that_ended_is_seen_by_the_next_program(records: Records, tmp_path: Path) -> None:
    with records.transaction():
        records.keep("agreement", "a1", Status(2, "sent"))
    with closing(Records(tmp_path / "receiver.sqlite")) as other:
        assert other.status("agreement", "a1") == Status(2, "sent")


def test_what_a_transaction_read_stays_true_until_it_ends(records: Records, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "receiver.sqlite", timeout=0)) as other, records.transaction():
        assert records.status("agreement", "a1") == NOTHING
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO objects VALUES ('agreement', 'a1', 2, 'sent')")


def test_a_statement_is_news_once(records: Records) -> None:
    assert records.learn(SENT)
    assert not records.learn(SENT)
    assert len(records.rows("SELECT * FROM facts")) == 2


def test_one_new_fact_is_news(records: Records) -> None:
    records.learn(SENT)
    parameters = {"agreement_id": "a1", "project_id": "p2", "status": "sent"}
    assert records.learn(understand("agreement_status_changed", parameters))


def test_a_statement_without_facts_is_no_news(records: Records) -> None:
    assert not records.learn(understand("lead_changed", {"lead_id": "l1"}))


def test_work_is_set_off_once_per_key(records: Records) -> None:
    assert records.set_off("key", "agreement", "a1", "start")
    assert not records.set_off("key", "agreement", "a1", "start")
    assert records.set_off("other key", "agreement", "a1", "start")


def test_a_wish_that_comes_during_the_look_stays_open(records: Records) -> None:
    records.wish("project", "p1")
    seen_at_the_start_of_the_look = 1
    records.wish("project", "p1")
    assert records.serve("project", "p1", seen_at_the_start_of_the_look)
    assert tuple(records.rows("SELECT wished, served FROM refreshes")[0]) == (2, 1)


def test_a_late_look_never_opens_a_served_wish_again(records: Records) -> None:
    records.wish("project", "p1")
    records.wish("project", "p1")
    records.serve("project", "p1", 2)
    records.serve("project", "p1", 1)
    assert records.rows("SELECT served FROM refreshes")[0][0] == 2


def test_a_forgotten_wish_cannot_be_served(records: Records) -> None:
    records.wish("project", "p1")
    records.forget_everything()
    assert not records.serve("project", "p1", 1)


def test_forgetting_starts_the_ledger_at_one(records: Records) -> None:
    records.log("GET", "/a", "", "applied", 200)
    records.forget_everything()
    records.log("GET", "/a", "", "applied", 200)
    assert records.rows("SELECT number FROM received")[0][0] == 1


def test_a_file_that_is_no_database_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(sqlite3.DatabaseError):
        Records(tmp_path / "letter.txt")
