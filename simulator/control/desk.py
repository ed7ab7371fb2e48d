"""What every handler is handed: the running service, and the few things this face keeps beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from simulator.clock.pace import Pace
from simulator.clock.stopwatch import Stopwatch, wall_time_iso
from simulator.control.feed import Feed, Kind
from simulator.control.library import Library
from simulator.control.meters import Meters
from simulator.control.timekeeper import Timekeeper
from simulator.control.watch import Watch
from simulator.domain.event import unknown_event
from simulator.domain.subscription import Subscription
from simulator.engine.resender import Resender
from simulator.engine.service import Service
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid, NotFound, Unavailable


@dataclass(frozen=True, slots=True)
class Desk:
    """One service and all that is known about it. `running` counts real time since it was opened."""

    service: Service
    feed: Feed
    timekeeper: Timekeeper
    resender: Resender
    library: Library
    meters: Meters
    running: Stopwatch
    further: dict[Kind, Callable[[], Any]] = field(default_factory=dict)
    """Records of whoever stands above this face, by kind: in the snapshot, and in the stream whenever `feed.touch`."""

    @property
    def simulation(self) -> Simulation:
        return self.service.simulation

    def subscription(self, name_or_id: str) -> Subscription:
        """The latest revision of the subscription with this id or this name. Raises `NotFound`."""
        roster = self.simulation.roster
        try:
            return roster.get(name_or_id)
        except NotFound:
            return roster.named(name_or_id)

    def subscription_id(self, name_or_id: str | None) -> str | None:
        """The same, for a filter that may be open."""
        return None if name_or_id is None else self.subscription(name_or_id).id

    def event_name(self, name: str | None) -> str | None:
        """This name, for a filter that may be open. Raises `Invalid` where nothing can occur under it."""
        known = self.simulation.profile.known(name or "")
        if name is not None and name not in known:
            raise Invalid([unknown_event(known, name)])
        return name

    def must_run(self) -> None:
        """Raises `Unavailable` once the engine has stopped: nothing is accepted that nobody would do."""
        if self.simulation.failure:
            raise Unavailable(f"the engine has stopped: {self.simulation.failure}")


@asynccontextmanager
async def open_desk(service: Service, pace: Pace) -> AsyncIterator[Desk]:
    """The desk of a service for as long as the block lasts; resends that were under way go on."""
    simulation = service.simulation
    feed = Feed(_epoch())
    desk = Desk(
        service,
        feed,
        Timekeeper(service, pace, feed.poke),
        Resender(simulation),
        Library(simulation),
        Meters(simulation),
        Stopwatch(),
    )
    simulation.on_commit.append(feed.follow)
    watch = Watch(simulation, desk.timekeeper, feed.poke)
    desk.meters.start()
    desk.resender.take_up()
    try:
        yield desk
    finally:
        watch.stop()
        simulation.on_commit.remove(feed.follow)
        desk.meters.stop()
        feed.close()
        await desk.resender.stop()


def _epoch() -> str:
    """Digits that no other process of this simulator shares: the real instant of its beginning."""
    return "".join(digit for digit in wall_time_iso() if digit.isdecimal())
