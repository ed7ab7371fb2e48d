"""A scenario's subscriptions, steps and traffic, carried out in the course of a plan.

In: what a scenario file says, or what the options of `aurora-sim plan` amount to, in the same values. Out: a course in
which all of it has happened. What each step does stands in `scenario.enactment`, for a run and a plan alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from simulator.domain.delivery import State
from simulator.domain.fault import Fault
from simulator.domain.instant import format_clock
from simulator.domain.order import CHANGE
from simulator.domain.provider import Profile
from simulator.errors import NotFound, Refused
from simulator.plan.course import Course
from simulator.plan.foreseen import MISSED
from simulator.plan.objects import TenantObjects
from simulator.plan.occurrences import Occurrences
from simulator.plan.roster import Roster
from simulator.report.remark import RemarkView
from simulator.scenario.cadence import Cron, Every, Traffic
from simulator.scenario.enactment import Enactment, Key, rank_of
from simulator.scenario.timeline import Act, Registration, Resend, Step

RECEIVER = "https://receiver.example"
"""Stands where a template wants the receiver's address; a plan sends nothing."""


class Foresight:
    """Plans steps and traffic in a course; `remarks` are what a run would say, `refusals` those of the provider."""

    def __init__(self, course: Course) -> None:
        self._course, self._instants = course, course.instants
        self._occurrences = Occurrences(course)
        self._stage = _Foreseen(course, self._occurrences)
        self.remarks: list[RemarkView] = []
        self._enactment = Enactment(self._stage, RECEIVER, self.remarks.append)

    @property
    def refusals(self) -> list[str]:
        return [f"{format_clock(remark.at)}  {remark.text}" for remark in self.remarks if remark.refused]

    def plan(self, subscriptions: Iterable[Registration], timeline: Iterable[Step], traffic: Iterable[Traffic]) -> None:
        """Register the subscriptions now and plan the rest. Raises `Invalid` for a subscription that cannot be."""
        for registration in subscriptions:
            self._enactment.register(registration)
        for step in timeline:
            if isinstance(step, Act):
                self._stage.keep_objects()
            self._instants.at(step.at, rank_of(step), partial(self._enactment.do, step))
        for one in traffic:
            self._begin_traffic(one)

    def enable_what_is_disabled(self, at: int) -> None:
        """At this instant the customer enables every subscription that is disabled (R9)."""
        self._instants.at(at, CHANGE, self._enable_all)

    def _enable_all(self) -> None:
        for listener in self._course.subscriptions.listeners:
            subscription = listener.subscription
            if not subscription.definition.enabled and subscription.deleted_at is None:
                self._course.subscriptions.enable(subscription.id)

    def _begin_traffic(self, traffic: Traffic) -> None:
        beat = partial(self._enactment.beat, traffic)
        since, until = traffic.since, traffic.until
        match traffic.cadence:
            case Every(interval_us):
                self._occurrences.every(interval_us, beat, since=since, until=until)
            case Cron(line):
                self._occurrences.cron(line, beat, since=since, until=until)
            case poisson:
                name = f"traffic {traffic.number}"
                self._occurrences.poisson(poisson.mean_interval_us, beat, name=name, since=since, until=until)


class _Foreseen:
    """The course of a plan as the stage of steps."""

    def __init__(self, course: Course, occurrences: Occurrences) -> None:
        self._course, self._occurrences = course, occurrences
        self._objects: TenantObjects | None = None
        self.play = occurrences.play

    @property
    def profile(self) -> Profile:
        return self._course.profile

    @property
    def seed(self) -> int:
        return self._course.seed

    @property
    def subscriptions(self) -> Roster:
        return self._course.subscriptions

    def now(self) -> int:
        return self._course.instants.now

    def keep_objects(self) -> None:
        """From now on follow what events do to the tenants' objects, where the provider shows any."""
        if self.profile.world and self._objects is None:
            self._objects = TenantObjects(self.profile.world, self.seed)
            self._course.follow = self._objects.followed

    def register(self, tenant: str, words: Mapping[str, Any], *, name: str) -> str:
        return self._course.subscriptions.register(tenant, words, name=name)

    def emit(
        self,
        tenant: str,
        event: str,
        given: Mapping[str, str],
        *,
        key: Key,
        lenient: bool = False,  # noqa: ARG002 - the file was checked when it was read; nothing is checked here (E1)
    ) -> None:
        self._occurrences.emit(tenant, event, given, key=key)

    def act(self, tenant: str, action: str, given: Mapping[str, str], *, key: Key) -> None:
        """The event that the action comes to, judged by the tenant's objects."""
        if self._objects is None:
            raise Refused(f"{self.profile.name} shows no objects, so nothing can be done to them")
        deed = self.profile.actions[action].perform(self._objects.of(tenant), given)
        self._occurrences.emit(tenant, deed.event, deed.attributes, key=key)

    def inject(self, fault: Fault) -> None:
        self._course.inject(fault)

    def clear(self, wanted: Callable[[Fault], bool]) -> None:
        self._course.clear(wanted)

    def meant_by(self, step: Resend, subscription_id: str | None) -> Sequence[int]:
        """One delivery by its number among those that were to be sent, or everything missed in the window (R10)."""
        to_send = [
            one
            for one in self._course.deliveries
            if one.state is not State.FILTERED and subscription_id in (None, one.to.subscription.id)
        ]
        if step.delivery:
            if step.delivery > len(to_send):
                raise NotFound(f"the subscription has no delivery number {step.delivery}")
            return [to_send[step.delivery - 1].id]
        return [
            one.id
            for one in to_send
            if one.state in MISSED and step.since <= one.occurred_at < step.until and step.event in (None, one.event)
        ]

    def resend(self, delivery_id: int) -> None:
        self._course.resend(self._course.deliveries[delivery_id - 1])
