"""One instant of a session: what was done at it, and the traces that tell what came first.

A delivery names the revision under which its event occurred, an attempt the revision and the fault it met. In: what
the ledger holds of the instant. Out: constraints on the turns of its acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from simulator.domain.delivery import State
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.outcome import Kind
from simulator.domain.subscription import Subscription
from simulator.scenario.kept.acts import (
    DUE,
    Act,
    Later,
    Witness,
    act_of_event,
    act_of_fault,
    act_of_resend,
    act_of_revision,
    in_order,
    told,
)
from simulator.scenario.kept.session import Row, Session
from simulator.store.history import Course, FaultAct, Resent
from simulator.store.queries import Departed
from simulator.wire.faults import PIECES

_PASSING = {FaultKind.SLOW, FaultKind.LOST_RESPONSE}  # they change an answer, and do nothing where there is none


@dataclass
class Moment:
    """One instant: what was done at it, and what began and ended at it."""

    session: Session
    at: int
    revisions: list[Subscription] = field(default_factory=list)
    faults: list[FaultAct] = field(default_factory=list)
    resends: list[Resent] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    started: list[Row] = field(default_factory=list)
    ended: list[Row] = field(default_factory=list)
    on_wire: list[Departed] = field(default_factory=list)

    def constraints(self) -> Iterator[Later]:
        """Everything that is known of what came first."""
        yield from in_order([act_of_event(one) for one in self.events])
        yield from in_order([act_of_resend(one) for one in self.resends])
        yield from in_order([act_of_fault(one) for one in self.faults])
        yield from self._of_resends()
        for subscription_id in dict.fromkeys(one.id for one in self.revisions):
            yield from self._of_subscription([one for one in self.revisions if one.id == subscription_id])
        if self.faults:
            yield from self._of_faults()

    def order_of_changes(self) -> Iterator[Later]:
        """In which order people changed subscriptions: it counts where a quota was full (S9)."""
        by_people = [one for one in self.revisions if not self.session.is_automatic(one)]
        return in_order([act_of_revision(one) for one in by_people])

    def _origin(self, attempt: Row) -> Act:
        return self._origin_of(attempt["delivery_id"], attempt["chain"])

    def _origin_of(self, delivery_id: int, chain: int) -> Act:
        """What brought an attempt about that started now: an event or a resend of this instant, or time alone."""
        if chain > 1:
            return self._resent.get((delivery_id, chain), DUE)
        event = self.session.event[self.session.course[delivery_id].event_id]
        return act_of_event(event) if event.occurred_at == self.at else DUE

    @cached_property
    def _resent(self) -> dict[tuple[int, int], Act]:
        """The resend that began each chain, by delivery and chain."""
        return {(one.delivery_id, one.chain): act_of_resend(one) for one in self.resends}

    @cached_property
    def _started_for(self) -> dict[int, list[Row]]:
        """The attempts of each delivery that started now."""
        found: dict[int, list[Row]] = {}
        for attempt in self.started:
            found.setdefault(attempt["delivery_id"], []).append(attempt)
        return found

    def _of_resends(self) -> Iterator[Later]:
        """A delivery is resent after its event, and after the attempts of its earlier chains."""
        for one in self.resends:
            event = self.session.event[self.session.course[one.delivery_id].event_id]
            if event.occurred_at == self.at:
                yield Later(act_of_resend(one), act_of_event(event), 1)
            for attempt in self._started_for.get(one.delivery_id, ()):
                if attempt["chain"] < one.chain:
                    yield Later(act_of_resend(one), self._origin(attempt), 1)

    def _of_subscription(self, made: Sequence[Subscription]) -> Iterator[Later]:
        """Which of its revisions of this instant each event and each attempt has seen."""
        acts = [act_of_revision(one) for one in made]
        automatic = {act_of_revision(one) for one in made if self.session.is_automatic(one)}
        for former, latter in pairwise(acts):
            yield Later(latter, former, int(former in automatic))  # an outcome of this turn may have brought it about
        for one in told(acts, self._who_saw(made)):
            if DUE not in (one.act, one.other) or not automatic.intersection((one.act, one.other)):
                yield one

    def _who_saw(self, made: Sequence[Subscription]) -> Iterator[Witness]:
        former = made[0].revision - 1
        numbers = range(former, former + len(made) + 1)
        for attempt in self.started:
            if attempt["subscription_id"] == made[0].id:
                yield Witness(self._origin(attempt), [attempt["revision"] == one for one in numbers])
        for flight in self.on_wire:
            if flight.subscription_id == made[0].id:
                origin = self._origin_of(flight.delivery_id, flight.rung.chain)
                yield Witness(origin, [flight.revision == one for one in numbers])
        for attempt in self.ended:
            if attempt["subscription_id"] == made[0].id and attempt["started_at"] < self.at:
                yield from self._who_landed(made, attempt)
        known = {one.event_id: one.revision for one in self.courses if one.subscription_id == made[0].id}
        for event in self.events:
            if event.id in known:
                yield Witness(act_of_event(event), [known[event.id] == one for one in numbers])
            elif event.tenant_id == made[0].tenant_id:
                history = self.session.histories[made[0].id]
                yield Witness(act_of_event(event), [_is_deaf(history[:one][-1:], event) for one in numbers])

    def _who_landed(self, made: Sequence[Subscription], attempt: Row) -> Iterator[Witness]:
        """An outcome of now: whether its attempt is to be made again tells if it had been stopped before."""
        if attempt["outcome"] == Kind.SUCCESS:
            return
        history = self.session.histories[made[0].id]
        stops = [_stops(history[one - 1], history[one]) for one in range(attempt["revision"], made[-1].revision)]
        former = made[0].revision - attempt["revision"]
        stopped = [any(stops[: former + count]) for count in range(-1, len(made))]
        again = attempt["state"] == State.PENDING
        fits = [attempt["state"] == State.EXHAUSTED or again is not one for one in stopped]
        yield Witness(DUE, fits, early=self.session.live)

    def _of_faults(self) -> Iterator[Later]:
        """Which of the faults' changes of this instant each attempt has met."""
        yield from told([act_of_fault(one) for one in self.faults], self._who_met(self._versions()))

    def _who_met(self, versions: Sequence[Sequence[Fault]]) -> Iterator[Witness]:
        for attempt in self.started:
            yield Witness(self._origin(attempt), [self._explains(one, attempt) for one in versions])
        for flight in self.on_wire:
            if self._origin_of(flight.delivery_id, flight.rung.chain) == DUE:
                yield Witness(DUE, [True for _ in versions], early=self.session.live)
        for course in self.courses:
            if course.began is State.PENDING:
                event = self.session.event[course.event_id]
                yield Witness(act_of_event(event), [self._holds(one, course, event) for one in versions])
        for attempt in self.ended:
            if attempt["outcome"] == Kind.SUCCESS and not attempt["duplicate"]:
                origin = self._origin(attempt) if attempt["started_at"] == self.at else DUE
                yield Witness(origin, [self._doubles(one, attempt) for one in versions])

    def _versions(self) -> list[list[Fault]]:
        """The faults in force before the first change of this instant, and after each."""
        in_force: list[Fault] = []
        versions: list[list[Fault]] = []
        for one in self.session.faults:
            if one.at > self.at:
                break
            if one.at == self.at and not versions:
                versions.append([*in_force])
            in_force = [other for other in in_force if other.id != one.fault.id]
            if not one.cleared:
                in_force.append(one.fault)
            if one.at == self.at:
                versions.append([*in_force])
        return versions

    def _explains(self, faults: Iterable[Fault], attempt: Row) -> bool:
        met = first_match(faults, PIECES, self._passage(attempt), self.session.seed)
        if met and met.kind in _PASSING and attempt["status"] is None and not attempt["fault"]:
            return True
        return bool((met.kind.value if met else "") == attempt["fault"])

    def _doubles(self, faults: Iterable[Fault], attempt: Row) -> bool:
        met = first_match(faults, {FaultKind.DUPLICATE}, self._passage(attempt), self.session.seed)
        return bool(met) == (attempt["next_due_at"] is not None)

    def _holds(self, faults: Iterable[Fault], course: Course, event: Event) -> bool:
        passage = Passage(course.id, course.subscription_id, event.name, 1, 1, event.occurred_at)
        return bool(first_match(faults, {FaultKind.REORDER}, passage, self.session.seed)) == bool(course.held_by)

    def _passage(self, attempt: Row) -> Passage:
        course = self.session.course[attempt["delivery_id"]]
        name = self.session.event[course.event_id].name
        number, position = attempt["number"], attempt["position"]
        return Passage(course.id, course.subscription_id, name, number, position, attempt["started_at"])


def _stops(former: Subscription, latter: Subscription) -> bool:
    """Whether this change keeps attempts that are on the wire from being made again (R5, R6)."""
    moved = former.definition.events != latter.definition.events
    return moved or latter.deleted_at is not None or (former.enabled and not latter.enabled)


def _is_deaf(revision: Sequence[Subscription], event: Event) -> bool:
    """Whether a subscription at this revision, which may be none, does not listen to an event of its tenant."""
    return not revision or revision[0].deleted_at is not None or event.name not in revision[0].definition.events
