"""A simulation of AURA put together for a test, on a paused clock."""

from __future__ import annotations

from typing import Any

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, PAUSED
from simulator.domain.event import Event
from simulator.domain.instant import SECOND
from simulator.domain.provider import Profile
from simulator.domain.subscription import Subscription
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.report.build import view_deliveries
from simulator.report.model import DeliveryView
from simulator.store.ledger import Ledger
from simulator.wire.wire import Wire

START = 1_772_816_400 * SECOND  # 2026-03-06 17:00:00 UTC
DAY = 86_400


class Sender:
    """One simulation; `url` is where it posts unless a test says otherwise."""

    def __init__(self, profile: Profile, wire: Wire, url: str, *, seed: int = 0) -> None:
        self.url = url
        self.ledger = Ledger()
        self.clock = Clock(START, PAUSED)
        self.simulation = Simulation(profile, self.clock, wire, self.ledger, seed=seed)
        self.emitter = Emitter(self.simulation, Agenda(self.clock))
        self._keys = 0

    def register(self, *events: str, source: str = "demo", **words: Any) -> Subscription:
        return self.simulation.subscriptions.register(source, {"url": self.url, "events": [*events], **words})

    def emit(self, name: str, *, source: str = "demo", lenient: bool = False, **attributes: str) -> Event:
        """An event; what is not given is made up, anew each time."""
        self._keys += 1
        return self.emitter.emit(source, name, attributes, key=("test", self._keys), lenient=lenient)

    async def settle(self) -> tuple[DeliveryView, ...]:
        """Let time run until nothing is pending; every delivery there is."""
        self.clock.set_pace(JUMP)
        await self.simulation.settled()
        self.clock.set_pace(PAUSED)
        return view_deliveries(self.ledger.db)

    async def days_pass(self, days: int) -> None:
        await self.clock.advance(days * DAY * SECOND)
        await self.settle()

    async def close(self) -> None:
        await self.simulation.stop()
        self.ledger.close()
