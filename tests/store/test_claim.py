"""One file has one writer, and any number of readers."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from simulator.errors import StoreUnusable
from simulator.store.database import MEMORY, claim, reading
from simulator.store.ledger import Ledger

AT_WORK = "another simulator is at work in this file; stop it first"


def test_a_second_writer_is_refused_and_the_first_is_not_disturbed(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with closing(Ledger(path)) as first:
        with pytest.raises(StoreUnusable, match=AT_WORK) as refused:
            Ledger(path)
        assert str(refused.value) == f"{path}: {AT_WORK}"
        first.note({"seed": 7})
    with closing(Ledger(path)) as second:
        assert second.db.execute("SELECT value FROM facts WHERE name = 'seed'").fetchone() == ("7",)


def test_a_writer_in_another_process_is_refused_as_well(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    code = f"from simulator.store.ledger import Ledger; Ledger({str(path)!r})"
    with closing(Ledger(path)):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert AT_WORK in done.stderr
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_a_writer_that_was_refused_for_another_reason_leaves_no_claim(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE notes (text TEXT)")
        theirs.commit()
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="belongs to another program"):
            Ledger(path)


@pytest.mark.parametrize("content", [b"notes", b"name: Weekend outage\n" * 60])
def test_beside_what_is_no_database_no_lock_is_left(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes.txt").write_bytes(content)
    with pytest.raises(StoreUnusable, match="not a SQLite database"):
        Ledger(tmp_path / "notes.txt")
    assert [one.name for one in tmp_path.iterdir()] == ["notes.txt"]


def test_beside_a_database_of_another_program_no_lock_is_left(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE notes (text TEXT)")
    with pytest.raises(StoreUnusable, match="belongs to another program"):
        Ledger(path)
    assert [one.name for one in tmp_path.iterdir()] == ["theirs.sqlite"]


def test_beside_a_folder_no_lock_is_left(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        Ledger(tmp_path / "folder")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_a_database_in_memory_is_claimed_by_nobody_else() -> None:
    with closing(claim(MEMORY)), closing(claim(MEMORY)), closing(Ledger()), closing(Ledger()):
        pass


def test_a_claim_is_over_when_it_is_closed(tmp_path: Path) -> None:
    for _ in range(2):
        with closing(claim(tmp_path / "run.sqlite")):
            pass


def test_where_no_file_can_be_made_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "run.sqlite"
    with pytest.raises(StoreUnusable, match="does its folder exist"):
        claim(path)


def test_readers_come_and_go_and_see_what_is_committed(tmp_path: Path) -> None:
    path = tmp_path / "run 100%?#.sqlite"
    with closing(Ledger(path)) as ledger:
        ledger.note({"seed": 7})
        with reading(path) as db, reading(path) as other:
            for one in (db, other):
                assert one.execute("SELECT value FROM facts").fetchall() == [("7",)]
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                db.execute("DELETE FROM facts")


def test_a_reader_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable), reading(tmp_path / "none.sqlite"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_was_waited_for_in_vain_is_not_waited_for_again(tmp_path: Path) -> None:
    """The second refusal comes at once: SQLite's own patience is used up."""
    path = tmp_path / "run.sqlite"
    ledger = Ledger(path)
    ledger.db.execute("PRAGMA busy_timeout = 1")
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable, match="holds this database locked"):
            ledger.note({"seed": 7})
        assert ledger.db.execute("PRAGMA busy_timeout").fetchone() == (0,)
    ledger.close()
