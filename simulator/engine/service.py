"""A simulation that is kept for days: opened from its file, taken up where it stood, closed without loss.

In: a profile, a database file and a pace. Out: a running simulation with its emitter. The virtual clock goes on at the
instant where it stood, whether the process was stopped or killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from simulator import __version__
from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import Pace
from simulator.clock.stopwatch import after_real, wall_time_iso
from simulator.domain.instant import SECOND, parse_instant
from simulator.domain.provider import Profile
from simulator.engine import order
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.errors import Refused
from simulator.store.ledger import Ledger
from simulator.store.queries import last_instant
from simulator.store.readback import facts
from simulator.wire.wire import Wire

KEEP_SECONDS = 1.0  # real: how often the clock's position is kept, so that a kill loses no more of idle time


@dataclass(frozen=True, slots=True)
class Service:
    """What the faces are handed. `broken_off` counts attempts that were on the wire when the process died (R14)."""

    simulation: Simulation
    emitter: Emitter
    broken_off: int

    @property
    def clock(self) -> Clock:
        return self.simulation.clock


@asynccontextmanager
async def open_service(
    profile: Profile, db: str | Path, wire: Wire, *, pace: Pace, seed: int = 0, start: int | None = None
) -> AsyncIterator[Service]:
    """Open or take up the simulation in `db`; `seed` and `start` count for a new file only.

    Raises `StoreUnusable`, or `Refused` where the file is another provider's.
    """
    ledger = Ledger(db)
    known = facts(ledger.db)
    if known.setdefault("provider", profile.name) != profile.name:
        ledger.close()
        raise Refused(f"{db} holds a simulation of {known['provider']}, not of {profile.name}; choose another file")
    known.setdefault("seed", seed)
    known.setdefault("start", _second(parse_instant(wall_time_iso())) if start is None else start)
    ledger.note({**known, "readings": asdict(profile.readings), "version": __version__})
    clock = Clock(max(known["start"], known.get("now", 0), last_instant(ledger.db) or 0), pace)
    simulation = Simulation(profile, clock, wire, ledger, seed=known["seed"])
    agenda = Agenda(clock, order.EVENT)
    agenda.on_error = simulation.fail
    broken_off = simulation.resume()
    agenda.start()
    keeper = _Keeper(simulation)
    try:
        yield Service(simulation, Emitter(simulation, agenda), broken_off)
    finally:
        keeper.stop()
        await agenda.stop()
        await simulation.stop()
        keeper.keep()
        ledger.close()


class _Keeper:
    """Writes down where the clock stands, once a real second while it moves."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._kept = -1
        self._timer: asyncio.TimerHandle | None = None
        self._tick()

    def keep(self) -> None:
        now = self._simulation.clock.now()
        if now != self._kept:
            self._simulation.ledger.note({"now": now})
            self._kept = now

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()

    def _tick(self) -> None:
        try:
            self.keep()
        except Exception as error:  # noqa: BLE001 - a ledger that cannot be written stops the run, loudly
            self._simulation.fail(error)
            return
        self._timer = after_real(KEEP_SECONDS, self._tick)


def _second(instant: int) -> int:
    return instant // SECOND * SECOND
