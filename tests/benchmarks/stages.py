"""Where the time goes: a delivery, an attempt that is alone, a ladder that is computed; processor time by stage.

Of many short rounds the cheapest counts, which a busy machine hardly changes. Transactions are timed as they happen;
what cannot be timed by itself is the difference between two wholes, one with it and one without.
"""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path

import delivery
import ladder
import pure
import sender
from aiohttp import ClientSession, ClientTimeout
from pairs import Finding, Goal, Sample

from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.plan.course import Course
from simulator.plan.journal import Journal
from simulator.providers import AURORA
from simulator.store.ledger import Ledger

DELIVERIES = 2000  # in a round
ATTEMPTS = ladder.LADDERS * ladder.ATTEMPTS

Spent = dict[str, float]
"""Processor seconds of one round, by stage."""


async def measure(base: str, folder: Path, pairs: int) -> list[Finding]:
    rounds = 3 * pairs
    return [
        *await _of_deliveries(base, folder, rounds),
        *await _of_attempts(f"{base}/fail", folder, rounds),
        *_of_plans(folder, pairs),
    ]


async def _of_deliveries(base: str, folder: Path, rounds: int) -> list[Finding]:
    async with _probed(folder / "stages-1.sqlite", base, 204) as (simulation, spent):
        scripted = await _cheapest(_deliver(simulation, spent), rounds)
    async with _probed(folder / "stages-2.sqlite", base) as (simulation, spent):
        real = await _cheapest(_deliver(simulation, spent), rounds)
    async with delivery.bare_session() as session:
        bare = await _least(delivery.bare(session, base), rounds)
    here = _row("delivery", DELIVERIES)
    return [
        here("event: check, match, filter, delivery, due index", scripted["events"]),
        here(
            "attempt: ring, departure, request, decision, rows", scripted["all"] - scripted["events"] - scripted["sql"]
        ),
        here("SQLite: event, delivery, on the wire, attempt, off the wire", scripted["sql"]),
        here("HTTP: bytes, deadline, event loop, parser, colder caches", real["all"] - scripted["all"]),
        here("together", real["all"]),
        _figure("delivery · the bare aiohttp loop", bare),
    ]


async def _of_attempts(base: str, folder: Path, rounds: int) -> list[Finding]:
    async with _probed(folder / "stages-3.sqlite", base, 503) as (simulation, spent):
        scripted = await _cheapest(_climb(simulation, spent), rounds)
    async with _probed(folder / "stages-4.sqlite", base) as (simulation, spent):
        real = await _cheapest(_climb(simulation, spent), rounds)
    async with ClientSession(timeout=ClientTimeout(total=10)) as session:
        bare = await _least(ladder.bare(session, base, folder / "stages-bare.sqlite"), rounds) / ladder.ATTEMPTS
    here = _row("attempt alone", ATTEMPTS)
    return [
        here("ring, departure, request, decision, rows", scripted["all"] - scripted["sql"]),
        here("SQLite: the outcome and the next departure", scripted["sql"]),
        here("HTTP and two passes of the event loop", real["all"] - scripted["all"]),
        here("together", real["all"]),
        _figure("attempt alone · bare GET and bare commit", bare),
    ]


def _of_plans(folder: Path, rounds: int) -> list[Finding]:
    def cheapest(*, failing: bool, requests: bool) -> float:
        courses = (Course(AURORA, start=0, requests=requests) for _ in range(rounds))
        return min(_collected(pure.run(one, pure.at_once, failing=failing)).cpu_seconds for one in courses)

    first, rendered = cheapest(failing=False, requests=False), cheapest(failing=False, requests=True)
    whole = cheapest(failing=True, requests=True)
    kept = min((_keep(folder / "stages-5.sqlite") for _ in range(rounds)), key=lambda spent: spent["all"])
    here = _row("ladder computed", pure.LADDERS)
    return [
        here("event: match, filter, delivery, first attempt", first),
        here("the exact request, once for a delivery and a revision", rendered - first),
        here("five more attempts", whole - rendered),
        here("together in memory", whole),
        here("rows in plain types, attributes as JSON", kept["all"] - kept["sql"] - whole),
        here("SQLite: forty rows a statement, ten thousand attempts a transaction", kept["sql"]),
    ]


# ---- rounds


@asynccontextmanager
async def _probed(path: Path, base: str, status: int | None = None) -> AsyncIterator[tuple[Simulation, Spent]]:
    """A simulation whose transactions are timed; with a status, a receiver in memory answers it."""

    def answer(_: Request, __: object) -> Outcome:
        return Outcome(kind_of_status(status or 0), status, virtual_us=0)

    async with sender.simulating(path, answer=answer if status else None) as simulation:
        sender.subscribe(simulation, base)
        yield simulation, _timed(simulation.ledger)


def _timed(ledger: Ledger) -> Spent:
    spent, commit = {"sql": 0.0}, ledger.commit

    def timed() -> None:
        before = time.process_time()
        commit()
        spent["sql"] += time.process_time() - before

    ledger.commit = timed
    return spent


def _deliver(simulation: Simulation, spent: Spent) -> Callable[[], Awaitable[Spent]]:
    numbers = count()

    async def a_round() -> Spent:
        spent["sql"], begun = 0.0, time.process_time()
        for _ in range(DELIVERIES):
            sender.emit(simulation, next(numbers))
        emitted = time.process_time()
        await simulation.settled()
        return {"all": time.process_time() - begun, "events": emitted - begun, "sql": spent["sql"]}

    return a_round


def _climb(simulation: Simulation, spent: Spent) -> Callable[[], Awaitable[Spent]]:
    chunk = ladder.ours(simulation)

    async def a_round() -> Spent:
        spent["sql"] = 0.0
        return {"all": (await chunk()).cpu_seconds, "sql": spent["sql"]}

    return a_round


def _keep(path: Path) -> Spent:
    for one in path.parent.glob(f"{path.name}*"):
        one.unlink()
    with closing(Ledger(path)) as ledger:
        spent = _timed(ledger)
        whole = pure.run(Course(AURORA, start=0, journal=Journal(ledger)), pure.at_once).cpu_seconds
    return {"all": whole, "sql": spent["sql"]}


async def _cheapest(a_round: Callable[[], Awaitable[Spent]], rounds: int) -> Spent:
    await a_round()
    every = [await a_round() for _ in range(rounds)]
    return min(every, key=lambda spent: spent["all"])


async def _least(chunk: Callable[[], Awaitable[Sample]], rounds: int) -> float:
    return min([(await chunk()).cpu_us for _ in range(rounds)])


def _collected(sample: Sample) -> Sample:
    gc.collect()
    return sample


# ---- rows


def _row(whole: str, units: int) -> Callable[[str, float], Finding]:
    return lambda stage, seconds: _figure(f"{whole} · {stage}", seconds / units * 1e6)


def _figure(name: str, micros: float) -> Finding:
    return Finding(name, f"{micros:.1f} µs", "", None, Goal())
