"""`store/database`: ours or nobody's, and one clear sentence where a file cannot serve."""

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from simulator.errors import StoreUnusable
from simulator.store.database import BRIEF_LOG_PAGES, LOG_PAGES, MEMORY, claim, open_database, plain_errors, reading
from simulator.store.ledger import Ledger
from simulator.store.schema import APPLICATION_ID

NOBODY = 65_534


def refusal(path: Path) -> str:
    with pytest.raises(StoreUnusable) as refused:
        open_database(path)
    return str(refused.value)


def make(path: Path, *statements: str) -> None:
    """A file made by another SQLite program."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


@contextmanager
def without_privileges() -> Iterator[None]:
    """As a user whom permissions bind: they do not bind root."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that every user of this machine can reach."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path
        path.chmod(0o755)


def test_a_new_file_is_marked_as_ours_and_survives_the_death_of_the_process(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "run.db")) as db:
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (1,)
        assert "events" in db.table_names()


def test_the_log_beside_a_file_stays_within_its_bound(tmp_path: Path) -> None:
    """However much is written, and without anybody who folds it into the file."""
    path = tmp_path / "run.sqlite"
    with closing(open_database(path)) as db:
        page = int(db.execute("PRAGMA page_size").fetchone()[0])
        db.conn.executemany("INSERT INTO facts VALUES (?, ?)", ((row, "x" * page) for row in range(LOG_PAGES)))
        assert Path(f"{path}-wal").stat().st_size < 2 * LOG_PAGES * page


def test_where_nothing_may_wait_for_long_the_log_is_folded_in_after_less(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    sizes = []
    for brief in (True, False):
        with closing(Ledger(path)) as ledger:
            ledger.fold_briefly(brief=brief)
            for row in range(2 * BRIEF_LOG_PAGES):
                ledger.note({f"{brief} {row}": "x" * 4096})
            sizes.append(Path(f"{path}-wal").stat().st_size)
    assert sizes[0] < 2 * BRIEF_LOG_PAGES * 4096 < sizes[1]


def test_a_database_can_live_in_memory() -> None:
    with closing(open_database()) as db, closing(open_database(MEMORY)) as other:
        db.execute("INSERT INTO facts VALUES ('seed', '7')")
        assert db["facts"].count == 1
        assert other["facts"].count == 0


def test_our_own_file_is_opened_again_with_all_that_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_database(path)) as db:
        db.execute("INSERT INTO facts VALUES ('seed', '7')")
    for _ in range(2):
        with closing(open_database(path)) as db:
            assert list(db["facts"].rows) == [{"name": "seed", "value": "7"}]


def test_a_file_of_ours_that_died_before_its_first_table_is_still_ours(tmp_path: Path) -> None:
    make(tmp_path / "run.db", f"PRAGMA application_id = {APPLICATION_ID}")
    with closing(open_database(tmp_path / "run.db")) as db:
        assert "events" in db.table_names()


def test_an_empty_file_becomes_ours(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    path.touch()
    with closing(open_database(path)) as db:
        assert "events" in db.table_names()


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE TABLE notes (text TEXT)"],
        ["CREATE TABLE events (id INTEGER PRIMARY KEY)"],
        ["PRAGMA application_id = 42", "CREATE TABLE notes (text TEXT)"],
        ["PRAGMA application_id = 42"],
    ],
)
def test_a_database_of_another_program_is_left_as_it_was(tmp_path: Path, statements: list[str]) -> None:
    path = tmp_path / "theirs.db"
    make(path, *statements)
    before = path.read_bytes()
    assert refusal(path) == f"{path}: this database belongs to another program; choose another file"
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"name: Weekend outage\n" * 60, b"SQLite format 4\0" * 64, b"notes"])
def test_a_file_that_is_no_database_is_left_as_it_was(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_bytes(content)
    assert refusal(path) == f"{path}: this file is not a SQLite database; choose another file"
    assert path.read_bytes() == content


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_database(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("PRAGMA journal_mode = DELETE")
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
    assert refusal(path) == f"{path}: this database is damaged; choose another file"


def test_a_file_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "run.db"
    assert refusal(path) == f"{path}: this file cannot be opened; does its folder exist, and may you write there?"
    assert not path.parent.exists()


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    assert refusal(tmp_path) == (
        f"{tmp_path}: this file cannot be opened; does its folder exist, and may you write there?"
    )


def test_a_file_that_may_not_be_written_to_is_refused(public_folder: Path) -> None:
    path = public_folder / "run.db"
    make(path, f"PRAGMA application_id = {APPLICATION_ID}")
    path.chmod(0o444)
    with without_privileges():
        assert (
            refusal(path) == f"{path}: this file may not be written to; choose another file or change its permissions"
        )


def test_a_new_file_in_a_folder_that_may_not_be_written_to_is_refused(public_folder: Path) -> None:
    path = public_folder / "run.db"
    public_folder.chmod(0o555)
    with without_privileges():
        assert refusal(path) == f"{path}: this file cannot be opened; does its folder exist, and may you write there?"


def test_a_file_of_a_newer_version_is_refused_and_says_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_database(path)) as db:
        db["_sqlite_migrations"].insert(  # type: ignore[union-attr]  # a table, never a view
            {"migration_set": "aurora-webhook-simulator", "name": "tenants", "applied_at": "2027-01-01"}
        )
    assert refusal(path) == f"{path}: written by a newer version of the simulator (it has tenants)"


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_a_file_that_another_program_holds_locked_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lock: str
) -> None:
    path = tmp_path / "run.db"
    open_database(path).close()
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, timeout=0))  # SQLite's own patience is 5 s
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute(lock)
        assert refusal(path) == (f"{path}: another program holds this database locked; close it or choose another file")
    open_database(path).close()


def test_a_refused_file_is_not_kept_open(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    make(path, "CREATE TABLE notes (text TEXT)")
    refusal(path)
    assert not any(is_open(descriptor, path) for descriptor in range(1_024))


def is_open(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def test_a_file_that_was_claimed_is_kept_from_every_other_writer(tmp_path: Path) -> None:
    """R14: two simulators in one ledger would send everything twice."""
    path = tmp_path / "run.db"
    with closing(claim(path)), pytest.raises(StoreUnusable) as refused:
        claim(path)
    assert str(refused.value) == f"{path}: another simulator is at work in this file; stop it first"
    claim(path).close()


def test_files_are_claimed_one_by_one(tmp_path: Path) -> None:
    with closing(claim(tmp_path / "a.db")), closing(claim(tmp_path / "b.db")):
        pass


def test_databases_in_memory_claim_nothing() -> None:
    with closing(claim(MEMORY)), closing(claim(MEMORY)):
        pass


def test_a_claim_in_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreUnusable, match="this file cannot be opened; does its folder exist"):
        claim(tmp_path / "missing" / "run.db")


def test_a_claimed_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a ?#%.db"
    with closing(claim(path)), closing(open_database(path)) as db, reading(path) as reader:
        db.execute("INSERT INTO facts VALUES ('seed', '7')")
        assert reader.execute("SELECT value FROM facts").fetchall() == [("7",)]


def test_who_reads_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    open_database(path).close()
    with pytest.raises(StoreUnusable, match="this file may not be written to"), reading(path) as reader:
        reader.execute("INSERT INTO facts VALUES ('seed', '7')")


def test_reading_makes_no_file(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with pytest.raises(StoreUnusable, match="this file cannot be opened"), reading(path) as reader:
        reader.table_names()
    assert not path.exists()


def test_a_full_disk_says_that_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "run.db"
    with closing(open_database(path)) as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(StoreUnusable) as refused, plain_errors(path):
            db.execute("INSERT INTO facts VALUES ('long', ?)", ["x" * 100_000])
    assert str(refused.value) == f"{path}: the disk is full; nothing that was accepted before is lost"


def test_what_sqlite_says_otherwise_is_passed_on_with_the_files_name() -> None:
    with pytest.raises(StoreUnusable, match=r"^run\.db: no such table: teapots$"), plain_errors("run.db"):
        sqlite3.connect(MEMORY).execute("SELECT * FROM teapots")


def test_an_error_that_is_not_the_databases_passes_through() -> None:
    with pytest.raises(ZeroDivisionError), plain_errors("run.db"):
        _ = 1 / 0
