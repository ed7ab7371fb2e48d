"""What people did in a session, as the entries of a scenario file.

In: a session, and the turn of each act. Out: the subscriptions that were there from the beginning, and every further
act as a step. What the provider did by itself (retries, automatic disables, replacements) is no step: it happens again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from simulator.domain import order
from simulator.domain.delivery import State
from simulator.domain.event import Event, check_event
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import format_duration
from simulator.domain.provider import over_quota
from simulator.domain.subscription import Owner, Subscription
from simulator.scenario.kept.acts import act_of_event, act_of_fault, act_of_resend, act_of_revision
from simulator.scenario.kept.session import Session
from simulator.scenario.kept.turns import Turns
from simulator.scenario.kept.words import Speaker
from simulator.store.history import FaultAct

Entry = dict[str, Any]


@dataclass(frozen=True, order=True, slots=True)
class Told:
    """One step at its place: by instant, turn and rank, then in the order in which it was recorded."""

    at: int
    turn: int
    rank: int
    number: int
    entry: Entry = field(compare=False)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one session; `beginning` are the registrations that stand at the head of the file."""

    session: Session
    turns: Turns
    speaker: Speaker
    beginning: tuple[Subscription, ...]

    def subscriptions(self) -> list[Entry]:
        return [self._registration(one) for one in self.beginning]

    def steps(self) -> list[Told]:
        """Every act, in the order in which a run will carry it out."""
        return sorted([*self._changes(), *self._faults(), *self._emits(), *self._resends()])

    def planned(self) -> list[Entry]:
        """Events that were still to come."""
        session = self.session
        return [
            {"at": self._instant(one.occurs_at), "emit": self._event(one.tenant_id, one.name, one.attributes)}
            for one in session.planned
        ]

    def _registration(self, made: Subscription) -> Entry:
        tenant = {} if made.tenant_id == "demo" else {"tenant": made.tenant_id}
        return {"name": self.session.names[made.id], **tenant, **self.speaker.say(made.definition)}

    def _changes(self) -> Iterator[Told]:
        begun = {one.id for one in self.beginning}
        for number, revision in enumerate(self.session.revisions):
            if revision.revision == 1 and revision.id in begun:
                continue
            if self.session.is_automatic(revision) or self._is_replaced(number):
                continue
            turn = self.turns.number(act_of_revision(revision))
            entry = self._change(revision)
            yield self._told(revision.updated_at, turn, order.CHANGE, number, entry)

    def _change(self, revision: Subscription) -> Entry:
        name = self.session.names[revision.id]
        if revision.revision == 1:
            return {"register": self._registration(revision)}
        if revision.deleted_at is not None:
            return {"delete": name}
        former = self.session.histories[revision.id][revision.revision - 2].definition
        changed = self.speaker.change(former, revision.definition)
        if changed.keys() <= {"enabled"} and former.enabled != revision.definition.enabled:
            return {"enable" if revision.enabled else "disable": name}
        return {"update": {"subscription": name, **(changed or self.speaker.address(former))}}

    def _is_replaced(self, number: int) -> bool:
        """Whether a deletion made room for the registration that follows it at once, as some providers have it (A2)."""
        revisions, profile = self.session.revisions, self.session.profile
        gone = revisions[number]
        if gone.deleted_at is None or profile.quota.excess == "refuse":
            return False
        follower = next((one for one in revisions[number + 1 :] if one.deleted_at is None), None)
        if follower is None or follower.revision > 1 or _whose_and_when(follower) != _whose_and_when(gone):
            return False
        there = [one.definition for one in self._present(number) if one.owner == gone.owner]
        return over_quota(profile.quota, there, follower.definition, profile.readings) is not None

    def _present(self, number: int) -> list[Subscription]:
        """The subscriptions that were there before this revision was made."""
        latest = {one.id: one for one in self.session.revisions[:number]}
        return [one for one in latest.values() if one.deleted_at is None]

    def _faults(self) -> Iterator[Told]:
        for one in self.session.faults:
            ended = one.cleared and one.fault.until is not None and one.fault.until <= one.at
            if not ended and one.fault.subscription_id in (None, *self.session.names):
                turn = self.turns.number(act_of_fault(one))
                yield self._told(one.at, turn, order.CHANGE, len(self.session.revisions) + one.seq, self._fault(one))

    def _fault(self, one: FaultAct) -> Entry:
        if one.cleared:
            return {"clear": {"name": one.fault.id}}
        return {"fault": {"name": one.fault.id, one.fault.kind.value: self._window(one.fault)}}

    def _window(self, fault: Fault) -> Entry:
        window: Entry = {}
        if fault.kind is FaultKind.STATUS:
            window["code"] = fault.status
        if fault.kind in (FaultKind.SLOW, FaultKind.DUPLICATE, FaultKind.REORDER):
            window["delay"] = format_duration(fault.delay_us)
        if fault.kind is FaultKind.FLAP:
            window["period"] = format_duration(fault.period_us)
        if fault.until is not None:
            window["for"] = format_duration(fault.until - fault.since)
        if fault.subscription_id is not None:
            window["subscription"] = self.session.names[fault.subscription_id]
        if fault.event is not None:
            window["event"] = fault.event
        if fault.positions is not None:
            window["attempt"] = sorted(fault.positions)
        if fault.probability < 1:
            window["probability"] = fault.probability
        return window

    def _emits(self) -> Iterator[Told]:
        for event in self.session.events:
            if event.name in self.session.profile.catalogue:
                entry = {"emit": self._event(event.tenant_id, event.name, event.attributes)}
                turn = self.turns.number(act_of_event(event))
                yield self._told(event.occurred_at, turn, order.EVENT, event.id, entry)

    def _event(self, tenant: str, name: str, attributes: Any) -> Entry:
        whose = {} if tenant == "demo" else {"tenant": tenant}
        strange = check_event(self.session.profile.catalogue, name, attributes)
        lenient = {"lenient": True} if strange else {}
        return {"event": name, **whose, "attributes": dict(attributes), **lenient}

    def _resends(self) -> Iterator[Told]:
        numbers = _numbers(self.session)
        for one in self.session.resends:
            subscription_id = self.session.course[one.delivery_id].subscription_id
            if subscription_id in self.session.names:
                where = {"subscription": self.session.names[subscription_id], "delivery": numbers[one.delivery_id]}
                turn = self.turns.number(act_of_resend(one))
                yield self._told(one.at, turn, order.EVENT, len(self.session.events) + one.seq, {"resend": where})

    def _told(self, at: int, turn: int, rank: int, number: int, act: Entry) -> Told:
        which = {} if turn == 1 else {"turn": turn}
        return Told(at, turn, rank, number, {"at": self._instant(at), **which, **act})

    def _instant(self, at: int) -> str:
        return f"+{format_duration(at - self.session.start)}" if at > self.session.start else "0s"


def beginning_of(session: Session, turns: Turns) -> tuple[Subscription, ...]:
    """The subscriptions that were made before anything else happened: no file is the worse for having them at once."""
    first: Event | None = session.events[0] if session.events else None

    def is_early(one: Subscription) -> bool:
        if one.revision > 1:
            return False
        return first is None or (one.updated_at, turns.number(act_of_revision(one))) <= (first.occurred_at, 1)

    return tuple(takewhile(is_early, session.revisions))


def _whose_and_when(revision: Subscription) -> tuple[Owner, int]:
    return revision.owner, revision.updated_at


def _numbers(session: Session) -> dict[int, int]:
    """The number of each delivery among those of its subscription that were to be sent, from 1."""
    counted: dict[str, int] = {}
    numbers = {}
    for one in session.courses:
        if one.began is not State.FILTERED:
            counted[one.subscription_id] = numbers[one.id] = counted.get(one.subscription_id, 0) + 1
    return numbers
