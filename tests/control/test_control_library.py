"""`control/library`: long readings beside the engine."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from served import Served, served
from sqlite_utils import Database

from simulator.control.library import Library


def thread_of(_: Database) -> int:
    return threading.get_ident()


async def test_a_file_is_read_in_a_thread_of_its_own_and_cannot_be_written(tmp_path: Path) -> None:
    async with served(path=tmp_path / "run.sqlite") as face:
        library = Library(face.sim)
        assert await library.read(thread_of) != threading.get_ident()
        with pytest.raises(Exception, match="may not be written to"):
            await library.read(lambda db: db.execute("DELETE FROM events"))


async def test_a_database_in_memory_has_one_connection_and_is_read_at_once(face: Served) -> None:
    assert await Library(face.sim).read(thread_of) == threading.get_ident()


async def test_everything_that_was_accepted_is_there(tmp_path: Path) -> None:
    async with served(path=tmp_path / "run.sqlite") as face:
        for number in range(1, 4):
            face.sim.emit("demo", "lead_changed", {"LEAD_ID": "7"})
            assert await Library(face.sim).read(lambda db: db["events"].count) == number
