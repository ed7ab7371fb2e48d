"""`kill -9` where it is rarer: in a migration, and in a resend of many deliveries."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from aiohttp import ClientSession
from lives import Server, free_port, gone, kill, nursery
from sqlite_utils import Database
from witness import witnessing

from simulator.store.database import open_database, reading
from simulator.store.schema import APPLICATION_ID, migrations

MISSED = 1_500
KILLS = 4


async def test_a_kill_at_any_statement_of_a_migration_leaves_a_file_that_opens(tmp_path: Path) -> None:
    """Each statement in turn, on a file of the first version with rows in it."""
    old = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(Database(connection), stop_before="planned")
        connection.execute("INSERT INTO events VALUES (1, 'demo', 'lead_changed', '{}', 7)")
    statement = 0
    with nursery(tmp_path) as births:
        lived = False
        while not lived:
            statement += 1
            path = tmp_path / f"killed-{statement}.sqlite"
            shutil.copy(old, path)
            await gone(births.born_to_open(path, statement))
            lived = path.with_name(f"{path.name}.lived").exists()
            with closing(open_database(path)) as db:
                assert not migrations.pending(db)
                assert db.execute("SELECT id, occurred_at FROM events").fetchall() == [(1, 7)]
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert statement > 10


async def went_on(path: Path) -> bool:
    """Waits until the resend has come further than it was; whether that was to its end."""
    before = resent(path)
    while (now := resent(path)) == before and not now[1]:
        await asyncio.sleep(0.001)
    return bool(now[1])


def resent(path: Path) -> tuple[int, int]:
    """How many were resent, and whether these are all, as it stands in the file."""
    with reading(path) as db:
        found: tuple[int, int] = db.execute("SELECT resent, finished FROM resends").fetchone()
    return found


async def test_a_resend_that_is_killed_again_and_again_resends_everything_once(tmp_path: Path) -> None:
    """R10: whatever was accepted goes on with the next process, where it was."""
    port, path = free_port(), tmp_path / "run.sqlite"
    words = ("serve", "--port", str(port), "--db", str(path), "--speed", "jump", "--time-header")
    kills = 0
    with nursery(tmp_path) as births:
        async with witnessing() as witness, ClientSession() as client:
            server = Server(port, client)
            pid = births.born(*words)
            assert await server.ready(pid)
            definition = {
                "event": "lead_changed",
                "url_template": f"{witness.url}/in?about=<LEAD_ID>",
                "enabled": False,
            }
            await server.ask("POST", "/simulator/subscriptions", {"name": "crm", "definition": definition})
            await server.ask("POST", "/simulator/events", {"event": "lead_changed", "count": MISSED})
            await server.ask("PATCH", "/simulator/subscriptions/crm", {"definition": {"enabled": True}})
            await server.ask("PATCH", "/simulator/clock", {"paused": True})
            said = await server.ask("POST", "/simulator/resend", {})
            assert said
            assert said[0] == 202
            while kills < KILLS and not await went_on(path):
                kills += 1
                kill(pid)
                await gone(pid)
                pid = births.born(*words)
            assert await server.ready(pid), births.printed
            while (progress := await server.ask("GET", "/simulator/resend/1")) and not progress[1]["finished"]:
                await asyncio.sleep(0.02)
            assert progress
            assert (progress[1]["resent"], progress[1]["refused"]) == (MISSED, 0)
            while (clock := await server.ask("GET", "/simulator/clock")) and clock[1]["pending"] + clock[1]["on_wire"]:
                await asyncio.sleep(0.02)
            os.kill(pid, signal.SIGTERM)
            await gone(pid)
    assert kills > 1
    with closing(sqlite3.connect(path)) as db:
        moves = "SELECT count(*), count(DISTINCT delivery_id) FROM moves WHERE move = 'resend'"
        assert db.execute(moves).fetchone() == (MISSED, MISSED)
        assert db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall() == [("delivered", MISSED)]
