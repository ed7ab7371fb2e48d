"""Goal 7: what a delivery costs must not grow with what is pending, with subscriptions or with tenants."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import sender
from pairs import Chunk, Finding, Goal, Sample, Timed, alternate, cost_ratio

from simulator.clock.pace import PAUSED
from simulator.domain.outcome import Kind, Outcome
from simulator.engine.simulation import Simulation
from simulator.store.database import MEMORY

CHUNK = 4000
FAR = 10**15  # an instant that is never reached
FLAT = Goal(most=1.2)
OK = Outcome(Kind.SUCCESS, 204, virtual_us=0)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is besides the deliveries that are measured."""

    pending: int = 0
    subscriptions: int = 1
    tenants: int = 1


async def measure(_: Path, pairs: int) -> list[Finding]:
    return [
        await _compared("1 000 000 pending / 1 000", Size(pending=1_000_000), Size(pending=1_000), pairs),
        await _compared("1 000 subscriptions / 1", Size(subscriptions=1_000), Size(), pairs),
        await _compared("100 tenants / 1", Size(tenants=100), Size(), pairs),
    ]


async def _compared(name: str, large: Size, small: Size, pairs: int) -> Finding:
    async with (
        sender.simulating(MEMORY, pace=PAUSED, answer=lambda *_: OK) as one,
        sender.simulating(MEMORY, pace=PAUSED, answer=lambda *_: OK) as other,
    ):
        taken = await alternate(_filled(one, large), _filled(other, small), pairs)
    return cost_ratio(f"delivery: {name}", taken, FLAT)


def _filled(simulation: Simulation, size: Size) -> Chunk:
    tenants = [f"tenant-{number}" for number in range(size.tenants)]
    ids = [sender.subscribe(simulation, "http://127.0.0.1:9", tenant=tenant) for tenant in tenants]
    for number in range(size.subscriptions - 1):  # five of a tenant's event is the quota
        sender.subscribe(simulation, "http://127.0.0.1:9", tenant=f"other-{number // 5}")
    simulation.pending.fill((10**9 + one, ids[0], FAR + one, 2, 1, 2, 0) for one in range(size.pending))
    numbers = count()

    async def chunk() -> Sample:
        delivered = simulation.tally.delivered + CHUNK
        with Timed() as timed:
            for number in (next(numbers) for _ in range(CHUNK)):
                sender.emit(simulation, number, tenant=tenants[number % size.tenants])
            while simulation.tally.delivered < delivered:  # what is pending far ahead must not be waited for
                assert simulation.failure is None, simulation.failure
                await asyncio.sleep(0)
        return timed.sample(CHUNK)

    return chunk
