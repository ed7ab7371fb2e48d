"""`kill -9` at two hundred random points: nothing accepted is lost, nothing is sent twice without a mark (R14).

A real server is killed again and again, at its start and in the midst of its work, each time with the same file. What
it did is compared with what the receiver saw, which outlives it.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from lives import Nursery, Server, free_port, gone, kill, nursery
from witness import Witness, witnessing

from simulator.domain.instant import format_instant

LIVES = 200
FROM_SCRATCH = 8  # of these, interpreters of their own
SEED = 20_260_306
SPEED = "600"  # the first retry stands 50 ms real after a failure, the second half a second
DRAWN_OUT = 4
WORKING_SECONDS = 0.1  # real, at most, before it is killed
ASKED = 25  # requests of each of three at a time, in one life

Row = sqlite3.Row


@dataclass
class Told:
    """What the server said while it lived: the events it accepted, by what they are about, and the instants."""

    accepted: dict[str, int] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    now: str = ""
    number: int = 0


class Run:
    """One file, one port, one receiver, many lives."""

    def __init__(self, folder: Path, births: Nursery, server: Server, witness: Witness, port: int) -> None:
        self.db = folder / "run.sqlite"
        self.told, self.draw = Told(), random.Random(SEED)
        self._births, self._server, self._witness = births, server, witness
        self._words = ("serve", "--port", str(port), "--db", str(self.db), "--speed", SPEED, "--time-header")

    async def first_life(self) -> None:
        """Make the subscriptions, and end in peace."""
        pid = self._births.born(*self._words)
        assert await self._server.ready(pid), self._births.printed
        for event, about in (("lead_changed", "<LEAD_ID>"), ("agreement_status_changed", "<AGREEMENT_ID>-<STATUS>")):
            definition = {"event": event, "url_template": f"{self._witness.url}/in?about={about}"}
            said = await self._server.ask("POST", "/simulator/subscriptions", {"definition": definition})
            assert said
            assert said[0] == 201, said
        os.kill(pid, signal.SIGTERM)
        await gone(pid)

    async def live(self) -> None:
        """Be born, perhaps idle or work, be killed."""
        pid = self._births.born(*self._words)
        drawn = self.draw.random()
        if drawn < 0.3:
            await asyncio.sleep(self.draw.uniform(0, 0.12))
        elif drawn < 0.4 and await self._server.ready(pid):
            await asyncio.sleep(self.draw.uniform(0, WORKING_SECONDS))
            await self._look_at_the_clock()
        elif await self._server.ready(pid):
            await self._look_at_the_clock()
            working = asyncio.gather(*(self._work() for _ in range(3)))
            await asyncio.sleep(self.draw.uniform(0, WORKING_SECONDS))
            kill(pid)
            await working
        kill(pid)
        await gone(pid)

    async def live_from_scratch(self) -> None:
        """The same with an interpreter of its own."""
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator", *self._words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if await self._server.ready(process.pid):
            await self._look_at_the_clock()
            working = asyncio.gather(*(self._work() for _ in range(3)))
            await asyncio.sleep(self.draw.uniform(0, WORKING_SECONDS))
            process.kill()
            await working
        process.wait()

    async def last_life(self) -> None:
        """Let everything come to its end, and end in peace."""
        pid = self._births.born(*self._words)
        assert await self._server.ready(pid), self._births.printed
        await self._look_at_the_clock()
        await self._server.ask("PATCH", "/simulator/clock", {"speed": "jump"})
        while (said := await self._server.ask("GET", "/simulator/clock")) and (
            said[1]["pending"] or said[1]["planned"] or said[1]["on_wire"]
        ):
            await asyncio.sleep(0.02)
        os.kill(pid, signal.SIGTERM)
        await gone(pid)

    async def _look_at_the_clock(self) -> None:
        """The clock never goes back behind anything that was told."""
        said = await self._server.ask("GET", "/simulator/clock")
        if said:
            assert said[1]["now"] >= self.told.now
            self.told.now = said[1]["now"]

    async def _work(self) -> None:
        """Ask for events until nobody answers; accepted is what was answered, and nothing else.

        Only so many: a server that is killed again before it has sent what the one before it left grows its file, and
        the lives after it do little else than read it.
        """
        for _ in range(ASKED):
            self.told.number += 1
            about = f"n{self.told.number}"
            body, events = self._request(about)
            self.told.asked.add(about)
            said = await self._server.ask("POST", "/simulator/events", body)
            if said is None:
                return
            assert said[0] == 202, said
            assert said[1]["accepted"] == events
            self.told.accepted[about] = events
            await self._look_at_the_clock()

    def _request(self, about: str) -> tuple[dict[str, Any], int]:
        drawn = self.draw.random()
        if drawn < 0.15:
            return {"story": "agreement_signed", "attributes": {"AGREEMENT_ID": about}}, 3
        lead = {"event": "lead_changed", "attributes": {"LEAD_ID": about}}
        if drawn < 0.3:
            return {**lead, "count": DRAWN_OUT, "every": "25s"}, DRAWN_OUT
        return lead, 1


@pytest.mark.timeout(400)
async def test_two_hundred_kills_lose_nothing_and_repeat_nothing_without_a_mark(tmp_path: Path) -> None:
    port = free_port()
    with nursery(tmp_path) as births:
        async with witnessing() as witness, ClientSession() as client:
            run = Run(tmp_path, births, Server(port, client), witness, port)
            await run.first_life()
            for number in range(LIVES):
                await (run.live_from_scratch() if number % (LIVES // FROM_SCRATCH) == 1 else run.live())
            await run.last_life()
            assert "Traceback" not in births.printed
            with closing(sqlite3.connect(run.db)) as db:
                db.row_factory = sqlite3.Row
                hold_to_what_was_told(db, run.told)
                hold_every_ladder(db)
                hold_to_what_was_seen(db, witness)


def hold_to_what_was_told(db: sqlite3.Connection, told: Told) -> None:
    """Every accepted event is there, once; what was not accepted is there as a whole or not at all."""
    rows = db.execute("SELECT attributes ->> 'LEAD_ID' AS lead, attributes ->> 'AGREEMENT_ID' AS agreement FROM events")
    occurred = Counter(row["lead"] or row["agreement"] for row in rows)
    assert len(told.accepted) > LIVES
    assert {about: occurred[about] for about in told.accepted} == told.accepted
    for about in told.asked - set(told.accepted):
        assert occurred[about] in (0, 1, 3, DRAWN_OUT), about
    assert set(occurred) <= told.asked
    assert db.execute("SELECT count(*) AS left FROM planned").fetchone()["left"] == 0


def hold_every_ladder(db: sqlite3.Connection) -> None:
    """No delivery is lost; each attempt left at the instant that the one before it said; time never went back."""
    states = db.execute("SELECT state, count(*) AS many FROM standing GROUP BY state").fetchall()
    assert [row["state"] for row in states] == ["delivered"]
    events = db.execute("SELECT count(*) AS many FROM events").fetchone()
    assert states[0]["many"] == events["many"]
    assert db.execute("SELECT count(*) AS many FROM on_wire").fetchone()["many"] == 0
    for attempts in ladders(db).values():
        assert [one["number"] for one in attempts] == list(range(1, len(attempts) + 1))
        assert [one["outcome"] for one in attempts].count("success") == 1
        for before, after in pairwise(attempts):
            assert after["due_at"] == before["next_due_at"]
            assert after["started_at"] >= after["due_at"]
            same_place = after["position"] == before["position"]
            assert same_place == (before["outcome"] == "unknown")
    ends = [row["ended_at"] for row in db.execute("SELECT ended_at FROM attempts ORDER BY seq")]
    assert ends == sorted(ends)
    occurred = [row["occurred_at"] for row in db.execute("SELECT occurred_at FROM events ORDER BY id")]
    assert occurred == sorted(occurred)


def hold_to_what_was_seen(db: sqlite3.Connection, witness: Witness) -> None:
    """What arrived is what was recorded: once each, but for attempts of unknown outcome, which may have arrived."""
    known: Counter[tuple[str, str]] = Counter()
    unknown: defaultdict[str, list[Row]] = defaultdict(list)
    for attempts in ladders(db).values():
        for one in attempts:
            about = one["url"].rpartition("about=")[2]
            if one["outcome"] == "unknown":
                unknown[about].append(one)
            else:
                known[about, format_instant(one["started_at"])] += 1
    assert sum(map(len, unknown.values())) > 20, "too few attempts were on the wire when the process died"
    assert known - witness.arrived == Counter(), "recorded as answered, and never arrived"
    surplus = witness.arrived - known
    for about in {about for about, _ in surplus}:
        arrivals = [instant for (other, instant), times in surplus.items() if other == about for _ in range(times)]
        assert len(arrivals) <= len(unknown[about]), f"{about} arrived more often than the record can explain"
        earliest = min(one["started_at"] for one in unknown[about])
        assert min(arrivals) >= format_instant(earliest)


def ladders(db: sqlite3.Connection) -> dict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in db.execute("SELECT * FROM attempts ORDER BY delivery_id, number"):
        found[row["delivery_id"]].append(row)
    return found
