"""`kill -9` where it is rarer: in a migration, and in a resend of many deliveries."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from aiohttp import ClientSession
from lives import Server, free_port, gone, kill, nursery
from sqlite_utils import Database
from witness import witnessing

from simulator.store.database import open_database
from simulator.store.schema import APPLICATION_ID, migrations

SEED = 7
MISSED = 1_500


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


async def test_a_resend_that_is_killed_again_and_again_resends_everything_once(tmp_path: Path) -> None:
    """R10: whatever was accepted goes on with the next process, where it was."""
    draw, port, path = random.Random(SEED), free_port(), tmp_path / "run.sqlite"
    words = ("serve", "--port", str(port), "--db", str(path), "--speed", "jump", "--time-header")
    lives = 0
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
            while True:
                lives += 1
                await asyncio.sleep(draw.uniform(0, 0.04))
                progress = await server.ask("GET", "/simulator/resend/1")
                if progress and progress[1]["finished"]:
                    break
                kill(pid)
                await gone(pid)
                pid = births.born(*words)
                assert await server.ready(pid), births.printed
            assert (progress[1]["resent"], progress[1]["refused"]) == (MISSED, 0)
            while (clock := await server.ask("GET", "/simulator/clock")) and clock[1]["pending"] + clock[1]["on_wire"]:
                await asyncio.sleep(0.02)
            os.kill(pid, signal.SIGTERM)
            await gone(pid)
    assert lives > 2
    with closing(sqlite3.connect(path)) as db:
        moves = "SELECT count(*), count(DISTINCT delivery_id) FROM moves WHERE move = 'resend'"
        assert db.execute(moves).fetchone() == (MISSED, MISSED)
        assert db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall() == [("delivered", MISSED)]
