"""A simulation that is kept for days: opened from its file, taken up where it stood, closed without loss.

In: a profile, a database file and a pace. Out: a running simulation with its emitter. The virtual clock goes on at the
instant where it stood, whether the process was stopped or killed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from simulator import __version__
from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import Pace
from simulator.clock.stopwatch import after_real, wall_time_iso
from simulator.domain import order
from simulator.domain.instant import SECOND, parse_instant
from simulator.domain.provider import Profile
from simulator.engine.emitter import Emitter
from simulator.engine.roster import Roster
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld, followed
from simulator.errors import Refused, TargetNotAllowed
from simulator.store.ledger import Ledger
from simulator.store.queries import last_instant
from simulator.store.readback import facts
from simulator.wire.wire import Wire

KEEP_SECONDS = 1.0  # real: how often the clock's position is kept, so that a kill loses no more of idle time


@dataclass(frozen=True, slots=True)
class Service:
    """What the faces are handed.

    `broken_off` counts attempts that were on the wire when the process died (R14). `world` holds the objects of the
    simulated tenants, None where the provider shows none (E10). `keep` writes down where the clock stands and returns
    it: for whoever tells the instant to somebody, since a restart never goes back behind it.
    """

    simulation: Simulation
    emitter: Emitter
    broken_off: int
    world: TenantWorld | None
    keep: Callable[[], int]

    @property
    def clock(self) -> Clock:
        return self.simulation.clock


@asynccontextmanager
async def open_service(
    profile: Profile,
    db: str | Path,
    wire: Wire,
    *,
    pace: Pace,
    seed: int = 0,
    start: int | None = None,
    check_target: Callable[[str], object] = lambda _: None,
) -> AsyncIterator[Service]:
    """Open or take up the simulation in `db`; `seed` and `start` count for a new file only.

    `check_target` is asked about the URL of every subscription, and raises `TargetNotAllowed`. Raises that for one that
    is in the file already, `StoreUnusable`, or `Refused` where the file is another provider's.
    """
    async with AsyncExitStack() as stack:
        ledger = Ledger(db)
        stack.callback(ledger.close)
        known = _note(ledger, profile, seed, start)
        clock = Clock(max(known["start"], known.get("now", 0), last_instant(ledger.db) or 0), pace)
        simulation = Simulation(profile, clock, wire, ledger, seed=known["seed"])
        simulation.subscriptions.check_target = check_target
        agenda = Agenda(clock, order.EVENT)
        agenda.on_error = simulation.fail
        keeper = _Keeper(simulation)
        stack.callback(keeper.keep)
        stack.push_async_callback(simulation.stop)
        broken_off = simulation.resume()
        _check_targets(simulation.roster, check_target)
        agenda.start()
        stack.push_async_callback(agenda.stop)
        keeper.start()
        stack.callback(keeper.stop)
        world = stack.enter_context(followed(simulation))
        yield Service(simulation, Emitter(simulation, agenda), broken_off, world, keeper.keep)


def _note(ledger: Ledger, profile: Profile, seed: int, start: int | None) -> dict[str, Any]:
    """The facts of this simulation, those of the file before those that are given."""
    known = facts(ledger.db)
    if known.setdefault("provider", profile.name) != profile.name:
        held = f"{ledger.path} holds a simulation of {known['provider']}"
        raise Refused(f"{held}, not of {profile.name}; choose another file")
    known.setdefault("seed", seed)
    known.setdefault("start", _second(parse_instant(wall_time_iso())) if start is None else start)
    ledger.note({**known, "readings": asdict(profile.readings), "version": __version__})
    return known


def _check_targets(roster: Roster, check: Callable[[str], object]) -> None:
    """Who was allowed once may not be allowed now: say so before anything is sent."""
    for subscription in roster:
        if subscription.enabled:
            try:
                check(subscription.definition.url_template)
            except TargetNotAllowed as refusal:
                raise TargetNotAllowed(f'the subscription "{subscription.name}": {refusal}') from None


class _Keeper:
    """Writes down where the clock stands: whenever it is asked to, and once a real second while it moves."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._kept = -1
        self._timer: asyncio.TimerHandle | None = None

    def keep(self) -> int:
        now = self._simulation.clock.now()
        if now != self._kept:
            self._simulation.ledger.note({"now": now})
            self._kept = now
        return now

    def start(self) -> None:
        try:
            self.keep()
        except Exception as error:  # noqa: BLE001 - a ledger that cannot be written stops the run, loudly
            self._simulation.fail(error)
            return
        self._timer = after_real(KEEP_SECONDS, self.start)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()


def _second(instant: int) -> int:
    return instant // SECOND * SECOND
