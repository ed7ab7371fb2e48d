"""Goal 4: no network at all. Against SimPy on the same ladder, and against the bare insertion of the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import sender
from pairs import Chunk, Finding, Goal, Sample, Timed, alternate, rate_ratio, without

from simulator.domain.fault import Passage
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.store.database import MEMORY, open_database

TENANTS = 100
LADDERS = 16 * TENANTS  # sixteen times five failures: one success short of an auto-disable, in every tenant
DELAYS = (30, 300, 1800, 10_800, 72_000)
FAILED, DELIVERED = Outcome(Kind.SERVER_ERROR, 500, virtual_us=0), Outcome(Kind.SUCCESS, 204, virtual_us=0)
RECORDED = ("events", "deliveries", "attempts")
BATCH = 1000


async def measure(_: str, folder: Path, pairs: int) -> list[Finding]:
    findings = [await _against_simpy(pairs)]
    path = folder / "pure.sqlite"
    async with sender.simulating(path, answer=_fails_five_times) as simulation:
        bare = _bare(path, folder / "copied.sqlite")
        taken = await alternate(_ours(simulation), bare, pairs)
        findings.append(rate_ratio("ladders in a file / executemany", taken, Goal(least=0.8)))
    return findings


async def _against_simpy(pairs: int) -> Finding:
    name, goal = "ladders in memory / SimPy", Goal(least=1.0)
    if not find_spec("simpy"):
        return without(name, "simpy", goal)
    async with sender.simulating(MEMORY, answer=_fails_five_times) as simulation:
        return rate_ratio(name, await alternate(_ours(simulation), _simpy, pairs), goal)


def _fails_five_times(_: Request, passage: Passage) -> Outcome:
    return DELIVERED if passage.position > len(DELAYS) else FAILED


def _ours(simulation: Simulation) -> Chunk:
    numbers = count()
    tenants = [f"tenant-{number}" for number in range(TENANTS)]
    for tenant in tenants:
        sender.subscribe(simulation, "http://127.0.0.1:9", tenant=tenant)

    async def chunk() -> Sample:
        before = simulation.tally.delivered
        with Timed() as timed:
            for number in (next(numbers) for _ in range(LADDERS)):
                sender.emit(simulation, number, tenant=tenants[number % TENANTS])
            await simulation.settled()
        assert simulation.tally.delivered - before == LADDERS, "the sixth attempt of every ladder succeeds"
        return timed.sample(LADDERS)

    return chunk


async def _simpy() -> Sample:
    """The same ladder in a general simulator, which matches, renders, judges and records nothing."""
    import simpy

    environment = simpy.Environment()
    attempts = 0

    def ladder() -> Iterator[simpy.Event]:
        nonlocal attempts
        for delay in DELAYS:
            attempts += 1
            yield environment.timeout(delay)
        attempts += 1

    with Timed() as timed:
        for _ in range(LADDERS):
            environment.process(ladder())
        environment.run()
    assert attempts == LADDERS * (len(DELAYS) + 1)
    return timed.sample(LADDERS)


def _bare(recorded: Path, path: Path) -> Chunk:
    """The rows that one of our chunks has recorded, inserted once more into the same tables of another file."""

    async def chunk() -> Sample:
        path.unlink(missing_ok=True)
        into = open_database(path).conn
        batches = [batch for table in RECORDED for batch in _batches(recorded, table)]
        with Timed() as timed:
            for statement, rows in batches:
                into.execute("BEGIN IMMEDIATE")
                into.executemany(statement, rows)
                into.execute("COMMIT")
        into.close()
        return timed.sample(LADDERS)

    return chunk


def _batches(recorded: Path, table: str) -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    source = sqlite3.connect(recorded)
    columns = [name for _, name, *_, hidden in source.execute(f"PRAGMA table_xinfo({table})") if not hidden]
    limit = LADDERS * (len(DELAYS) + 1) if table == "attempts" else LADDERS
    rows = source.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1 LIMIT {limit}").fetchall()
    source.close()
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    for start in range(0, len(rows), BATCH):
        yield statement, rows[start : start + BATCH]
