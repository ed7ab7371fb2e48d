"""Goals 5 and 6: what a pending retry costs in memory, and how soon a restart sends the first of a million.

A restart is a new process, so each side is measured in one of its own, and so is memory: in this one the allocator
still holds what the parts before have let go.
"""

from __future__ import annotations

import asyncio
import gc
import sqlite3
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from shutil import copyfile
from statistics import median

import sender
from pairs import Finding, Goal, Timed, quartiles

from simulator.cli.garbage import collect_rarely
from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP
from simulator.domain.delivery import Rung
from simulator.domain.fault import Passage
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.providers import AURORA
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending
from simulator.wire.scripted import ScriptedWire

SECOND = 1_000_000
DUE = 1_800 * SECOND
SELECT = "SELECT id, subscription_id, next_due_at FROM deliveries WHERE next_due_at IS NOT NULL"
_FILL = """
    WITH RECURSIVE number(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM number WHERE id < :pending)
    INSERT INTO {} SELECT {} FROM number"""


async def measure(folder: Path, pending: int, rounds: int) -> list[Finding]:
    accepted, tried = folder / "accepted.sqlite", folder / "tried.sqlite"
    subscription_id = await _fill(accepted, pending)
    bytes_each = await _afresh(_memory_of_an_entry, subscription_id, pending)
    copyfile(accepted, tried)
    await _afresh(_restart, tried)  # it begins with what is due first, here and there among the million, and is stopped
    return [
        Finding(f"memory at {pending:,} pending", f"{bytes_each:.0f} bytes each", "", bytes_each, Goal(most=200)),
        await _against_select(f"restart with {pending:,} pending / SELECT", accepted, pending, rounds),
        await _against_select("the same, where some were tried before / SELECT", tried, pending, rounds),
    ]


async def _against_select(name: str, path: Path, pending: int, rounds: int) -> Finding:
    ratios, ours, bare = [], [], []
    for _ in range(rounds):
        copy = path.with_suffix(".copy")  # a restart goes on, and leaves another file behind
        copyfile(path, copy)
        bare.append(await _afresh(_select, copy, pending))
        ours.append(await _afresh(_restart, copy))
        ratios.append(ours[-1] / bare[-1])
        for one in path.parent.glob(f"{copy.name}*"):
            one.unlink()
    return Finding(
        name, f"{median(ours):.2f} s", f"{median(bare):.2f} s", median(ratios), Goal(most=2.0), quartiles(ratios)
    )


async def _afresh(measured: Callable[..., float], *given: object) -> float:
    """What it returns in a process that has done nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return await asyncio.get_running_loop().run_in_executor(processes, measured, *given)


async def _fill(path: Path, pending: int) -> str:
    """A ledger as a crash leaves it: so many deliveries accepted, none of them tried yet."""
    async with sender.simulating(path) as simulation:
        subscription_id = sender.subscribe(simulation, "http://127.0.0.1:9")
    attributes = '\'{"PROJECT_ID":"p\' || id || \'","AGREEMENT_ID":"a","STATUS":"signed"}\''
    with sqlite3.connect(path) as db:
        columns = "events (id, tenant_id, name, attributes, occurred_at)"
        values = f"id, '{sender.TENANT}', '{sender.EVENT}', {attributes}, id"
        db.execute(_FILL.format(columns, values), {"pending": pending})
        columns = "deliveries (id, event_id, subscription_id, revision, state, reason, fault, next_due_at)"
        values = f"id, id, '{subscription_id}', 1, 'pending', '', '', {DUE} + id * 7919 % {DUE}"
        db.execute(_FILL.format(columns, values), {"pending": pending})
    db.close()
    return subscription_id


def _select(path: Path, pending: int) -> float:
    collect_rarely()
    with Timed() as timed:
        db = sqlite3.connect(path)
        rows = db.execute(SELECT).fetchall()
        db.close()
    assert len(rows) == pending
    return timed.seconds


def _restart(path: Path) -> float:
    """From the opening of the file to the first attempt on the wire."""
    collect_rarely()  # as `aurora-sim serve` does
    return asyncio.run(_first_of(path))


async def _first_of(path: Path) -> float:
    first = asyncio.get_running_loop().create_future()

    def answer(_: Request, __: Passage) -> Outcome:
        if not first.done():
            first.set_result(None)
        return Outcome(Kind.SUCCESS, 204, virtual_us=0)

    with Timed() as timed:
        ledger = Ledger(path)
        simulation = Simulation(AURORA, Clock(0, JUMP), ScriptedWire(answer), ledger)
        simulation.resume()
        await first
    await simulation.stop()
    ledger.close()
    return timed.seconds


def _memory_of_an_entry(subscription_id: str, pending: int) -> float:
    """Growth of resident memory while the due index takes up its entries."""
    gc.collect()
    before = resident()
    index = Pending()
    for number in range(pending):
        index.add(number, subscription_id, Rung(DUE + number * 7919 % DUE, 2, 1, 2))
    grown = resident() - before
    assert len(index) == pending
    return grown / pending


def resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096
