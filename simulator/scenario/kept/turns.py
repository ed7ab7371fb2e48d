"""What came first at one instant, told from the traces it left.

Somebody who holds the clock may emit, inject a fault and emit again, all at one virtual instant. A scenario makes the
changes of an instant first and its events afterwards (R13), unless it says in which turn each of them comes. The ledger
does not say it either; but a delivery names the revision under which its event occurred, and an attempt the revision
and the fault it met. Where none of them tells two acts apart, their order made no difference.

In: a session. Out: the turn of each act, counted from 1, and the instants at which what was seen cannot be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from simulator.domain.delivery import State
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.outcome import Kind
from simulator.domain.subscription import Subscription
from simulator.scenario.kept.session import Row, Session
from simulator.store.history import Course, FaultAct, Resent
from simulator.store.queries import Departed
from simulator.wire.faults import PIECES

Act = tuple[str, str, int]
"""What somebody did: a kind, an id, a number."""

DUE: Act = ("due", "", 0)
"""Whatever falls due by itself: always in the first turn."""

_PASSING = {FaultKind.SLOW, FaultKind.LOST_RESPONSE}  # they change an answer, and do nothing where there is none


@dataclass(slots=True)
class Turns:
    """`number` is the turn of an act; `untold` are the instants whose order no scenario can repeat."""

    numbers: dict[Act, int] = field(default_factory=dict)
    untold: list[int] = field(default_factory=list)

    def number(self, act: Act) -> int:
        return self.numbers.get(act, 0) + 1


@dataclass(frozen=True, slots=True)
class Later:
    """`act` came in the turn of `other` or later; `by` 1: in a later one."""

    act: Act
    other: Act
    by: int


@dataclass(frozen=True, slots=True)
class Witness:
    """What came of `act` fits its having come after so many acts, from none to all.

    One that is `early` came before all that it may have come before: people act on a clock that has arrived.
    """

    act: Act
    fits: Sequence[bool]
    early: bool = False


def act_of_revision(revision: Subscription) -> Act:
    return "revision", revision.id, revision.revision


def act_of_fault(one: FaultAct) -> Act:
    return "fault", one.fault.id, one.seq


def act_of_event(event: Event) -> Act:
    return "event", "", event.id


def act_of_resend(one: Resent) -> Act:
    return "resend", "", one.seq


def turns_of(session: Session) -> Turns:
    """The turns of all acts."""
    turns = Turns()
    for at, moment in sorted(_moments(session).items()):
        if not (moment.revisions or moment.faults or moment.resends):
            continue
        seen = [*moment.constraints()]
        numbers = _solve([*seen, *moment.order_of_changes()]) or _solve(seen)
        if numbers is None:
            turns.untold.append(at)
        else:
            turns.numbers.update({act: number for act, number in numbers.items() if number})
    return turns


@dataclass(slots=True)
class _Moment:
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
        yield from _in_order([act_of_event(one) for one in self.events])
        yield from _in_order([act_of_resend(one) for one in self.resends])
        yield from _in_order([act_of_fault(one) for one in self.faults])
        yield from self._of_resends()
        for subscription_id in dict.fromkeys(one.id for one in self.revisions):
            yield from self._of_subscription([one for one in self.revisions if one.id == subscription_id])
        if self.faults:
            yield from self._of_faults()

    def order_of_changes(self) -> Iterator[Later]:
        """In which order people changed subscriptions: it counts where a quota was full (S9)."""
        by_people = [one for one in self.revisions if not self.session.is_automatic(one)]
        return _in_order([act_of_revision(one) for one in by_people])

    def _origin(self, attempt: Row) -> Act:
        return self._origin_of(attempt["delivery_id"], attempt["chain"])

    def _origin_of(self, delivery_id: int, chain: int) -> Act:
        """What brought an attempt about that started now: an event or a resend of this instant, or time alone."""
        if chain > 1:
            resent = (one for one in self.resends if (one.delivery_id, one.chain) == (delivery_id, chain))
            return next(map(act_of_resend, resent), DUE)
        event = self.session.event[self.session.course[delivery_id].event_id]
        return act_of_event(event) if event.occurred_at == self.at else DUE

    def _of_resends(self) -> Iterator[Later]:
        """A delivery is resent after its event, and after the attempts of its earlier chains."""
        for one in self.resends:
            event = self.session.event[self.session.course[one.delivery_id].event_id]
            if event.occurred_at == self.at:
                yield Later(act_of_resend(one), act_of_event(event), 1)
            for attempt in self.started:
                if attempt["delivery_id"] == one.delivery_id and attempt["chain"] < one.chain:
                    yield Later(act_of_resend(one), self._origin(attempt), 1)

    def _of_subscription(self, made: Sequence[Subscription]) -> Iterator[Later]:
        """Which of its revisions of this instant each event and each attempt has seen."""
        acts = [act_of_revision(one) for one in made]
        automatic = {act_of_revision(one) for one in made if self.session.is_automatic(one)}
        for former, latter in pairwise(acts):
            yield Later(latter, former, int(former in automatic))  # an outcome of this turn may have brought it about
        for one in _told(acts, self._who_saw(made)):
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
        yield from _told([act_of_fault(one) for one in self.faults], self._who_met(self._versions()))

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


def _moments(session: Session) -> dict[int, _Moment]:
    moments: dict[int, _Moment] = {}

    def moment(at: int) -> _Moment:
        if at not in moments:
            moments[at] = _Moment(session, at)
        return moments[at]

    for revision in session.revisions:
        moment(revision.updated_at).revisions.append(revision)
    for fault in session.faults:
        moment(fault.at).faults.append(fault)
    for resent in session.resends:
        moment(resent.at).resends.append(resent)
    _sort(session.events, moments, lambda one: one.occurred_at, lambda there: there.events)
    _sort(session.courses, moments, lambda one: session.event[one.event_id].occurred_at, lambda there: there.courses)
    _sort(session.attempts, moments, lambda one: one["started_at"], lambda there: there.started)
    _sort(session.attempts, moments, lambda one: one["ended_at"], lambda there: there.ended)
    _sort(session.on_wire, moments, lambda one: one.started_at, lambda there: there.on_wire)
    return moments


def _sort(items: Iterable[Any], moments: dict[int, Any], at: Any, place: Any) -> None:
    """Put each item into its moment, where there is one."""
    for item in items:
        if there := moments.get(at(item)):
            place(there).append(item)


def _in_order(acts: Sequence[Act]) -> Iterator[Later]:
    return (Later(after, before, 0) for before, after in pairwise(acts))


def _stops(former: Subscription, latter: Subscription) -> bool:
    """Whether this change keeps attempts that are on the wire from being made again (R5, R6)."""
    moved = former.definition.events != latter.definition.events
    return moved or latter.deleted_at is not None or (former.enabled and not latter.enabled)


def _is_deaf(revision: Sequence[Subscription], event: Event) -> bool:
    """Whether a subscription at this revision, which may be none, does not listen to an event of its tenant."""
    return not revision or revision[0].deleted_at is not None or event.name not in revision[0].definition.events


def _told(acts: Sequence[Act], witnesses: Iterable[Witness]) -> Iterator[Later]:
    """What the witnesses together know of these acts: whoever came later has seen no fewer of them."""
    together = sorted(_joined(witnesses), key=lambda one: one.act, reverse=True)
    fewest = len(acts)
    for kind in ("event", "resend", "due"):
        most = fewest if kind == "due" else len(acts)
        for one in (one for one in together if one.act[0] == kind):
            counts = [count for count, fits in enumerate(one.fits) if fits and count <= most]
            if counts and (one.early or not all(one.fits)):
                most = min(counts) if one.early else max(counts)
                yield from _seen(one.act, acts, most)
        fewest = min(fewest, most)


def _joined(witnesses: Iterable[Witness]) -> Iterator[Witness]:
    """One witness for each act: it fits what all that came of the act fits."""
    known: dict[Act, Witness] = {}
    for one in witnesses:
        other = known.get(one.act, one)
        both = [first and second for first, second in zip(one.fits, other.fits, strict=True)]
        known[one.act] = Witness(one.act, both, early=one.early or other.early)
    yield from known.values()


def _seen(witness: Act, acts: Sequence[Act], count: int) -> Iterator[Later]:
    """The first `count` of these acts came before the witness, the others after it."""
    for number, act in enumerate(acts, start=1):
        yield Later(witness, act, 0) if number <= count else Later(act, witness, 1)


def _solve(constraints: Sequence[Later]) -> dict[Act, int] | None:
    """The earliest turn of every act, None where what is known contradicts itself."""
    turns: dict[Act, int] = {DUE: 0}
    for _ in range(len({one.act for one in constraints}) + 1):
        changed = False
        for one in constraints:
            least = turns.get(one.other, 0) + one.by
            if turns.get(one.act, 0) < least:
                turns[one.act], changed = least, True
        if turns[DUE]:
            return None
        if not changed:
            return turns
    return None
