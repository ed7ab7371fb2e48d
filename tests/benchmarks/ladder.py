"""Goal 3: one failing ladder of 23 h 35 m 30 s over real HTTP, and the way into an auto-disable."""

from __future__ import annotations

import sqlite3
from itertools import count
from pathlib import Path
from statistics import median

import sender
from aiohttp import ClientSession, ClientTimeout
from pairs import Chunk, Finding, Goal, Sample, Timed, alternate, cost_ratio
from yarl import URL

from simulator.engine.simulation import Simulation

LADDERS = 50  # in a chunk, one after the other
ATTEMPTS = 6
DISABLING = 100


async def measure(base: str, folder: Path, pairs: int) -> list[Finding]:
    base = f"{base}/fail"
    async with (
        sender.simulating(folder / "ladder.sqlite") as simulation,
        ClientSession(timeout=ClientTimeout(total=10)) as session,
    ):
        sender.subscribe(simulation, base)
        taken = await alternate(ours(simulation), bare(session, base, folder / "bare.sqlite"), pairs)
        disabling = [await _auto_disable(base, folder / f"disable-{number}.sqlite") for number in range(pairs)]
    return [
        cost_ratio("failing ladder / 6 × (GET + commit)", taken, Goal(most=1.5)),
        Finding(
            "100 attempts into an auto-disable", f"{median(disabling):.3f} s", "", median(disabling), Goal(most=0.25)
        ),
    ]


def ours(simulation: Simulation) -> Chunk:
    numbers = count()

    async def chunk() -> Sample:
        before = simulation.tally.exhausted
        with Timed() as timed:
            for _ in range(LADDERS):
                sender.emit(simulation, next(numbers))
                await simulation.settled()
        assert simulation.tally.exhausted - before == LADDERS, "every ladder fails to its end"
        return timed.sample(LADDERS)

    return chunk


def bare(session: ClientSession, base: str, path: Path) -> Chunk:
    numbers = count()
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")  # as the ledger
    db.execute("CREATE TABLE sent (id INTEGER PRIMARY KEY, url TEXT, status INTEGER)")

    async def chunk() -> Sample:
        with Timed() as timed:
            for number in (next(numbers) for _ in range(LADDERS)):
                target = URL(sender.url(base, number), encoded=True)
                for _ in range(ATTEMPTS):
                    async with session.get(target, headers=[sender.TOKEN], allow_redirects=False) as answer:
                        await answer.read()
                    db.execute("INSERT INTO sent (url, status) VALUES (?, ?)", (str(target), answer.status))
        return timed.sample(LADDERS)

    return chunk


async def _auto_disable(base: str, path: Path) -> float:
    async with sender.simulating(path) as simulation:
        subscription_id = sender.subscribe(simulation, base)
        with Timed() as timed:
            for number in range(DISABLING // (ATTEMPTS - 1)):
                sender.emit(simulation, number)
            await simulation.settled()
        assert not simulation.roster.get(subscription_id).enabled, "a hundred failing attempts disable"
        assert simulation.tally.attempts >= DISABLING
    return timed.seconds
