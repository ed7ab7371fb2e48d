"""Carries out what a scenario says: steps at their instants, traffic in its cadence.

In: a resolved scenario and a simulation. Out: changes of subscriptions, events, faults and resends, each at its
instant and in the order that R13 fixes. Steps that the provider would refuse are noted, not raised.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, singledispatchmethod

from simulator.clock.agenda import Agenda
from simulator.domain import order
from simulator.domain.chance import draw
from simulator.domain.fault import Fault
from simulator.engine.actor import Actor
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld
from simulator.errors import Bug, Misuse, Refused
from simulator.report.remark import RemarkView
from simulator.scenario.cadence import Cron, Every, Subject, Traffic
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import (
    Act,
    Checkpoint,
    Clear,
    Delete,
    Disable,
    Emit,
    Enable,
    Inject,
    PlayStory,
    Register,
    Registration,
    Resend,
    Step,
    Update,
)
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
        self._scenario, self._simulation, self._receiver = scenario, simulation, receiver
        self._changes, self._events, self._remark = changes, events, remark
        self._emitter = Emitter(simulation, events)
        self._actor = Actor(simulation.profile, self._emitter, world) if world else None
        self._ids: dict[str, str] = {}
        self.refusals: dict[int, str] = {}

    async def perform(self) -> None:
        """Plan everything, then wait until it has happened and nothing is pending any more."""
        self.begin()
        await self._emitter.finished()
        await self._simulation.settled()

    def begin(self) -> None:
        """Make the subscriptions now and plan the rest. Raises `Invalid` for a subscription that cannot be."""
        for registration in self._scenario.subscriptions:
            self._register(registration)
        for step in self._scenario.timeline:
            self._plan(step)
        for traffic in self._scenario.traffic:
            self._begin_traffic(traffic)

    def stop(self) -> None:
        """Nothing that was planned here occurs any more; the agendas are stopped by whoever made them."""
        self._emitter.stop()

    def _plan(self, step: Step) -> None:
        occurs = isinstance(step, Emit | PlayStory | Act | Resend)
        if occurs or step.turn > 1:
            rank = (order.EVENT if occurs else order.CHANGE) + (step.turn - 1) * order.TURN
            self._emitter.plan(step.at, partial(self._do, step), rank)
        else:
            self._emitter.expect(step.at)
            self._changes.at(step.at, partial(self._do, step), name=f"line {step.line}")

    def _do(self, step: Step) -> None:
        try:
            self._carry_out(step)
        except Misuse as refusal:
            self._remark(RemarkView(self._simulation.clock.now(), f"line {step.line}: {refusal}", refused=True))

    @singledispatchmethod
    def _carry_out(self, step: Step) -> None:
        raise Bug(f"no one knows how to carry out {step!r}")

    @_carry_out.register
    def _(self, step: Emit) -> None:
        for number in range(step.count):
            key = ("step", step.number, number)
            self._emitter.emit(step.tenant, step.event, step.attributes, key=key, lenient=step.lenient)

    @_carry_out.register
    def _(self, step: PlayStory) -> None:
        self._emitter.play(step.tenant, step.story, step.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Act) -> None:
        if self._actor is None:
            raise Refused(f"{self._simulation.profile.name} shows no objects, so nothing can be done to them")
        self._actor.act(step.tenant, step.action, step.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Register) -> None:
        self._register(step.registration)

    @_carry_out.register
    def _(self, step: Update) -> None:
        self._simulation.subscriptions.update(self._ids[step.subscription], step.on(self._receiver))

    @_carry_out.register
    def _(self, step: Disable) -> None:
        self._simulation.subscriptions.disable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Enable) -> None:
        self._simulation.subscriptions.enable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Delete) -> None:
        self._simulation.subscriptions.delete(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Inject) -> None:
        self._simulation.inject(step.aimed(self._ids))

    @_carry_out.register
    def _(self, step: Clear) -> None:
        self._simulation.clear(partial(self._is_meant, step))

    @_carry_out.register
    def _(self, step: Checkpoint) -> None:
        self._remark(RemarkView(step.at, step.say, refused=False))

    @_carry_out.register
    def _(self, step: Resend) -> None:
        """Every delivery that is meant is resent or refused for itself: one refusal does not keep back the others."""
        for delivery_id in self._meant_by(step):
            try:
                self._simulation.resend(delivery_id)
            except Refused as refusal:
                self.refusals[delivery_id] = str(refusal)
                self._remark(RemarkView(step.at, str(refusal), refused=True))

    def _register(self, registration: Registration) -> None:
        words = registration.on(self._receiver)
        made = self._simulation.subscriptions.register(registration.tenant, words, name=registration.name)
        self._ids[registration.name] = made.id

    def _meant_by(self, step: Resend) -> list[int]:
        self._simulation.commit()
        db = self._simulation.ledger.db
        subscription_id = self._ids[step.subscription] if step.subscription else None
        if step.delivery and subscription_id:
            return [nth_delivery(db, subscription_id, step.delivery)]
        return missed_deliveries(db, subscription_id, step.event, step.since, step.until)

    def _is_meant(self, step: Clear, fault: Fault) -> bool:
        return (
            step.fault_id in (None, fault.id)
            and step.kind in (None, fault.kind)
            and (step.subscription is None or self._ids[step.subscription] == fault.subscription_id)
        )

    def _begin_traffic(self, traffic: Traffic) -> None:
        beat = partial(self._beat, traffic)
        name = f"traffic {traffic.number}"
        match traffic.cadence:
            case Every(interval_us):
                self._emitter.every(interval_us, beat, name=name, since=traffic.since, until=traffic.until)
            case Cron(line):
                self._emitter.cron(line, beat, name=name, since=traffic.since, until=traffic.until)
            case _ as poisson:
                interval = poisson.mean_interval_us
                self._emitter.poisson(interval, beat, name=name, since=traffic.since, until=traffic.until)

    def _beat(self, traffic: Traffic, number: int) -> None:
        key = ("traffic", traffic.number, number)
        subject = _draw_subject(traffic.subjects, draw(self._simulation.seed, *key))
        if subject.event:
            self._emitter.emit(traffic.tenant, subject.event, subject.attributes, key=key)
        elif subject.story:
            self._emitter.play(traffic.tenant, subject.story, subject.attributes, key=key)


def _draw_subject(subjects: tuple[Subject, ...], drawn: float) -> Subject:
    """The subject in whose share of the weights the draw falls."""
    left = drawn * sum(subject.weight for subject in subjects)
    for subject in subjects:
        left -= subject.weight
        if left < 0:
            return subject
    return subjects[-1]
