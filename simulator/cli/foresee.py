"""A scenario's subscriptions, steps and traffic, carried out in the course of a plan.

In: what a scenario file says, or what the options of `aurora-sim plan` amount to, in the same values. Out: a course in
which all of it has happened. Each step is what `scenario.performer` makes of it in a run, without a receiver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial, singledispatchmethod

from simulator.domain.chance import draw
from simulator.domain.delivery import State
from simulator.domain.fault import Fault
from simulator.domain.instant import format_clock
from simulator.domain.order import CHANGE, EVENT, TURN
from simulator.errors import Bug, Misuse, NotFound, Refused
from simulator.plan.course import Course
from simulator.plan.foreseen import MISSED, Foreseen
from simulator.plan.objects import TenantObjects
from simulator.plan.occurrences import Occurrences
from simulator.report.model import RemarkView
from simulator.scenario.cadence import Cron, Every, Subject, Traffic
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

RECEIVER = "https://receiver.example"
"""Stands where a template wants the receiver's address; a plan sends nothing."""


class Foresight:
    """Plans steps and traffic in a course; `remarks` are what a run would say, `refusals` those of the provider."""

    def __init__(self, course: Course) -> None:
        self._course, self._instants = course, course.instants
        self._occurrences = Occurrences(course)
        self._ids: dict[str, str] = {}
        self._objects: TenantObjects | None = None
        self.remarks: list[RemarkView] = []

    @property
    def refusals(self) -> list[str]:
        return [f"{format_clock(remark.at)}  {remark.text}" for remark in self.remarks if remark.refused]

    def plan(self, subscriptions: Iterable[Registration], timeline: Iterable[Step], traffic: Iterable[Traffic]) -> None:
        """Register the subscriptions now and plan the rest. Raises `Invalid` for a subscription that cannot be."""
        for registration in subscriptions:
            self._register(registration)
        steps = list(timeline)
        if any(isinstance(step, Act) for step in steps):
            self._keep_objects()
        for step in steps:
            rank = EVENT if isinstance(step, Emit | PlayStory | Act | Resend) else CHANGE
            self._instants.at(step.at, rank + (step.turn - 1) * TURN, partial(self._do, step))
        for one in traffic:
            self._begin_traffic(one)

    def _keep_objects(self) -> None:
        if world := self._course.profile.world:
            self._objects = TenantObjects(world, self._course.seed)
            self._course.follow = self._objects.followed

    def enable_what_is_disabled(self, at: int) -> None:
        """At this instant the customer enables every subscription that is disabled (R9)."""
        self._instants.at(at, CHANGE, self._enable_all)

    def _enable_all(self) -> None:
        for listener in self._course.subscriptions.listeners:
            subscription = listener.subscription
            if not subscription.definition.enabled and subscription.deleted_at is None:
                self._course.subscriptions.enable(subscription.id)

    def _do(self, step: Step) -> None:
        try:
            self._carry_out(step)
        except Misuse as refusal:
            self._note(f"line {step.line}: {refusal}")

    @singledispatchmethod
    def _carry_out(self, step: Step) -> None:
        raise Bug(f"no one knows how to carry out {step!r}")

    @_carry_out.register
    def _(self, step: Emit) -> None:
        for number in range(step.count):
            self._occurrences.emit(step.tenant, step.event, step.attributes, key=("step", step.number, number))

    @_carry_out.register
    def _(self, step: PlayStory) -> None:
        self._occurrences.play(step.tenant, step.story, step.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Act) -> None:
        """The event that the action comes to, judged by the tenant's objects (A12)."""
        if self._objects is None:
            raise Refused(f"{self._course.profile.name} shows no objects, so nothing can be done to them")
        deed = self._course.profile.actions[step.action].perform(self._objects.of(step.tenant), step.attributes)
        self._occurrences.emit(step.tenant, deed.event, deed.attributes, key=("step", step.number))

    @_carry_out.register
    def _(self, step: Register) -> None:
        self._register(step.registration)

    @_carry_out.register
    def _(self, step: Update) -> None:
        self._course.subscriptions.update(self._ids[step.subscription], step.on(RECEIVER))

    @_carry_out.register
    def _(self, step: Disable) -> None:
        self._course.subscriptions.disable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Enable) -> None:
        self._course.subscriptions.enable(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Delete) -> None:
        self._course.subscriptions.delete(self._ids[step.subscription])

    @_carry_out.register
    def _(self, step: Inject) -> None:
        self._course.inject(step.aimed(self._ids))

    @_carry_out.register
    def _(self, step: Clear) -> None:
        self._course.clear(partial(self._is_meant, step))

    @_carry_out.register
    def _(self, step: Checkpoint) -> None:
        self.remarks.append(RemarkView(step.at, step.say, refused=False))

    @_carry_out.register
    def _(self, step: Resend) -> None:
        for delivery in self._meant_by(step):
            try:
                self._course.resend(delivery)
            except Refused as refusal:
                self._note(str(refusal))

    def _register(self, registration: Registration) -> None:
        words = registration.on(RECEIVER)
        made = self._course.subscriptions.register(registration.tenant, words, name=registration.name)
        self._ids[registration.name] = made

    def _meant_by(self, step: Resend) -> list[Foreseen]:
        """One delivery by its number among those that were to be sent, or everything missed in the window (R10)."""
        wanted = self._ids[step.subscription] if step.subscription else None
        to_send = [
            one
            for one in self._course.deliveries
            if one.state is not State.FILTERED and wanted in (None, one.to.subscription.id)
        ]
        if step.delivery:
            if step.delivery > len(to_send):
                raise NotFound(f"the subscription has no delivery number {step.delivery}")
            return [to_send[step.delivery - 1]]
        return [
            one
            for one in to_send
            if one.state in MISSED and step.since <= one.occurred_at < step.until and step.event in (None, one.event)
        ]

    def _is_meant(self, step: Clear, fault: Fault) -> bool:
        return (
            step.fault_id in (None, fault.id)
            and step.kind in (None, fault.kind)
            and (step.subscription is None or self._ids[step.subscription] == fault.subscription_id)
        )

    def _begin_traffic(self, traffic: Traffic) -> None:
        beat = self._beat(traffic)
        since, until = traffic.since, traffic.until
        match traffic.cadence:
            case Every(interval_us):
                self._occurrences.every(interval_us, beat, since=since, until=until)
            case Cron(line):
                self._occurrences.cron(line, beat, since=since, until=until)
            case poisson:
                name = f"traffic {traffic.number}"
                self._occurrences.poisson(poisson.mean_interval_us, beat, name=name, since=since, until=until)

    def _beat(self, traffic: Traffic) -> Callable[[int], None]:
        def beat(number: int) -> None:
            key = ("traffic", traffic.number, number)
            subject = _draw_subject(traffic.subjects, self._course.seed, key)
            if subject.event:
                self._occurrences.emit(traffic.tenant, subject.event, subject.attributes, key=key)
            elif subject.story:
                self._occurrences.play(traffic.tenant, subject.story, subject.attributes, key=key)

        return beat

    def _note(self, text: str) -> None:
        self.remarks.append(RemarkView(self._instants.now, text, refused=True))


def _draw_subject(subjects: tuple[Subject, ...], seed: int, key: tuple[str | int, ...]) -> Subject:
    """The subject in whose share of the weights the draw falls."""
    if len(subjects) == 1:
        return subjects[0]
    left = draw(seed, *key) * sum(subject.weight for subject in subjects)
    for subject in subjects:
        left -= subject.weight
        if left < 0:
            return subject
    return subjects[-1]
