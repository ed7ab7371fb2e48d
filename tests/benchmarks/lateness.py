"""Goal 8: how late an attempt leaves: by the ledger in jump and elastic, by a real clock at speed 1."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from statistics import median, quantiles

import delivery
import sender
from pairs import Finding, Goal

from simulator.clock.pace import ELASTIC, JUMP, REAL, Pace
from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.wire.wire import Wire

EVENTS = 2_000
SECONDS = 6  # at speed 1, of which the first is not counted: connections are opened in it
MODEST = 500  # events a second: what a busy receiver sees
SECOND = 1_000_000
LEAD = SECOND // 2  # between the start and the first event


class Watch:
    """A wire around a wire that notes when each delivery's request came by."""

    def __init__(self, inner: Wire) -> None:
        self._inner = inner
        self.left: dict[int, float] = {}

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        self.left[passage.delivery_id] = time.perf_counter()
        return await self._inner.send(request, passage)

    async def close(self) -> None:
        await self._inner.close()


async def measure(base: str, folder: Path) -> list[Finding]:
    findings = [await _virtual(base, folder, pace) for pace in (JUMP, ELASTIC)]
    async with delivery.bare_session() as session:
        chunk = delivery.bare(session, base)
        await chunk()
        rate = int((await chunk()).rate / 2)
    return [
        *findings,
        await _real(base, folder, MODEST, f"{MODEST}/s"),
        await _real(base, folder, rate, f"half of the bare rate, {rate:,}/s"),
    ]


async def _virtual(base: str, folder: Path, pace: Pace) -> Finding:
    async with sender.simulating(folder / f"late-{pace}.sqlite", pace=pace) as simulation:
        sender.subscribe(simulation, base)
        begun = simulation.clock.now()
        for number in range(EVENTS):
            simulation.plan(sender.TENANT, sender.EVENT, sender.attributes(number), begun + number * SECOND)
        await _delivered(simulation, EVENTS)
        (late,) = simulation.ledger.db.execute("SELECT max(started_at - due_at) FROM attempts").fetchone()
    return Finding(f"lateness, {pace}", f"{late / SECOND:.6f} virtual s", "", late / SECOND, Goal(most=0))


async def _real(base: str, folder: Path, rate: int, described: str) -> Finding:
    watch: list[Watch] = []

    def around(wire: Wire) -> Wire:
        watch.append(Watch(wire))
        return watch[0]

    events = rate * SECONDS
    async with sender.simulating(folder / f"late-{rate}.sqlite", pace=REAL, around=around) as simulation:
        sender.subscribe(simulation, base)
        begun, virtual = time.perf_counter(), simulation.clock.now()
        begin = virtual + LEAD + events * 50  # planning takes its time as well
        for number in range(events):
            simulation.plan(sender.TENANT, sender.EVENT, sender.attributes(number), begin + number * SECOND // rate)
        await _delivered(simulation, events)
    due = (begun + (begin - virtual) / SECOND + number / rate for number in range(events))
    late = sorted([watch[0].left[number + 1] - at for number, at in enumerate(due)][rate:])
    p99 = quantiles(late, n=100)[98] * 1000
    half = median(late) * 1000
    return Finding(
        f"lateness, speed 1 at {described}: p99",
        f"{p99:.1f} ms",
        "",
        p99,
        Goal(most=5),
        note=f"half of them within {half:.2f} ms",
    )


async def _delivered(simulation: Simulation, events: int) -> None:
    while simulation.tally.delivered < events:
        assert simulation.failure is None, simulation.failure
        await asyncio.sleep(0.01)
    simulation.commit()
