"""Carries out what a scenario says: steps at their instants, traffic in its cadence.

In: a resolved scenario and a simulation. Out: changes of subscriptions, events, faults and resends, each at its
instant and in the order that R13 fixes. What each step does stands in `enactment`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from simulator.clock.agenda import Agenda
from simulator.domain import order
from simulator.domain.provider import Profile
from simulator.engine.actor import Actor
from simulator.engine.emitter import Emitter
from simulator.engine.registrar import Registrar
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld
from simulator.errors import Refused
from simulator.report.remark import RemarkView
from simulator.scenario.cadence import Cron, Every, Traffic
from simulator.scenario.enactment import Enactment, Key, rank_of
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Resend, Step
from simulator.store.selection import missed_deliveries, nth_delivery


class Performer:
    """Performs one scenario. `changes` and `events` are the agendas for the two kinds of steps (R13).

    `refusals` says of each delivery whose resend was refused why (R10).
    """

    def __init__(
        self,
        scenario: Scenario,
        simulation: Simulation,
        *,
        receiver: str,
        changes: Agenda,
        events: Agenda,
        remark: Callable[[RemarkView], None],
        world: TenantWorld | None = None,
    ) -> None:
        self._scenario, self._simulation, self._changes = scenario, simulation, changes
        self._emitter = Emitter(simulation, events)
        self._enactment = Enactment(_Live(simulation, self._emitter, world), receiver, remark)

    @property
    def refusals(self) -> Mapping[int, str]:
        return self._enactment.refusals

    async def perform(self) -> None:
        """Plan everything, then wait until it has happened and nothing is pending any more."""
        self.begin()
        await self._emitter.finished()
        await self._simulation.settled()

    def begin(self) -> None:
        """Make the subscriptions now and plan the rest. Raises `Invalid` for a subscription that cannot be."""
        for registration in self._scenario.subscriptions:
            self._enactment.register(registration)
        for step in self._scenario.timeline:
            self._plan(step)
        for traffic in self._scenario.traffic:
            self._begin_traffic(traffic)

    def stop(self) -> None:
        """Nothing that was planned here occurs any more; the agendas are stopped by whoever made them."""
        self._emitter.stop()

    def _plan(self, step: Step) -> None:
        do, rank = partial(self._enactment.do, step), rank_of(step)
        if rank == order.CHANGE:
            self._emitter.expect(step.at)
            self._changes.at(step.at, do, name=f"line {step.line}")
        else:
            self._emitter.plan(step.at, do, rank)

    def _begin_traffic(self, traffic: Traffic) -> None:
        beat = partial(self._enactment.beat, traffic)
        name = f"traffic {traffic.number}"
        match traffic.cadence:
            case Every(interval_us):
                self._emitter.every(interval_us, beat, name=name, since=traffic.since, until=traffic.until)
            case Cron(line):
                self._emitter.cron(line, beat, name=name, since=traffic.since, until=traffic.until)
            case _ as poisson:
                interval = poisson.mean_interval_us
                self._emitter.poisson(interval, beat, name=name, since=traffic.since, until=traffic.until)


class _Live:
    """A simulation as the stage of steps."""

    def __init__(self, simulation: Simulation, emitter: Emitter, world: TenantWorld | None) -> None:
        self._simulation = simulation
        self._actor = Actor(simulation.profile, emitter, world) if world else None
        self.emit, self.play = emitter.emit, emitter.play
        self.inject, self.clear, self.resend = simulation.inject, simulation.clear, simulation.resend

    @property
    def profile(self) -> Profile:
        return self._simulation.profile

    @property
    def seed(self) -> int:
        return self._simulation.seed

    @property
    def subscriptions(self) -> Registrar:
        return self._simulation.subscriptions

    def now(self) -> int:
        return self._simulation.clock.now()

    def register(self, tenant: str, words: Mapping[str, Any], *, name: str) -> str:
        return self._simulation.subscriptions.register(tenant, words, name=name).id

    def act(self, tenant: str, action: str, given: Mapping[str, str], *, key: Key) -> None:
        if self._actor is None:
            raise Refused(f"{self.profile.name} shows no objects, so nothing can be done to them")
        self._actor.act(tenant, action, given, key=key)

    def meant_by(self, step: Resend, subscription_id: str | None) -> Sequence[int]:
        self._simulation.commit()
        db = self._simulation.ledger.db
        if step.delivery and subscription_id:
            return [nth_delivery(db, subscription_id, step.delivery)]
        return missed_deliveries(db, subscription_id, step.event, step.since, step.until)
