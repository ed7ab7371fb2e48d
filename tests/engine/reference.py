"""The provider's semantics the slow and obvious way, written from the specification alone.

Everything that ever happened is kept in lists, and every question is answered by looking through them. Nothing is
shared with the simulator, not even its numbers: where the two disagree, one of them is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

SECOND = 1_000_000
DAY = 86_400 * SECOND


@dataclass
class Rules:
    """What the guide says, and the readings where it is silent."""

    ladder: tuple[int, ...] = (30, 5 * 60, 30 * 60, 3 * 3600, 20 * 3600)  # R3
    disable_at: int = 100  # R7
    window: int = 48 * 3600  # R7
    resend_within: int = 30 * 86_400  # R10
    at_most: int = 5  # S9
    delay_runs_from_end: bool = True  # R4
    disabling_cancels: bool = True  # R6
    sustained: bool = False  # R7
    enabling_resets: bool = True  # R9


@dataclass(eq=False)
class Listener:
    """A subscription: what it wants, and where it wants it (`door`)."""

    number: int
    event: str
    door: str
    filters: dict[str, tuple[str, ...]]
    enabled: bool = True
    deleted: bool = False
    revision: int = 1
    counted: list[Trip] = field(default_factory=list)  # every attempt, except those that were forgotten (R9)


@dataclass(eq=False)
class Waiting:
    due: int
    number: int
    place: int  # in its chain, from 1
    again: bool = False  # a duplicate (R11)


@dataclass(eq=False)
class Parcel:
    """A delivery: one event for one listener."""

    number: int
    to: Listener
    occurred: int
    state: str
    waiting: Waiting | None = None


@dataclass(eq=False)
class Trip:
    """An attempt: under way until its outcome is applied, then a line of the record."""

    parcel: Parcel
    due: int
    number: int
    place: int
    again: bool
    revision: int
    started: int
    ended: int
    outcome: str
    unwanted: bool = False  # its listener was disabled, deleted or moved meanwhile (R6)

    def line(self) -> tuple[int, int, int, int, bool, int, int, int, int, str]:
        """What is compared with the simulator's record."""
        whose = (self.parcel.number, self.parcel.to.number, self.number, self.place, self.again, self.revision)
        return *whose, self.due, self.started, self.ended, self.outcome


@dataclass
class Trouble:
    """A fault of the kinds that the sender itself makes (R11); it acts on attempts that start in its window."""

    kind: str  # "duplicate" or "reorder"
    since: int
    until: int
    delay: int


@dataclass
class Plan:
    at: int
    happen: Callable[[], object]


@dataclass
class World:
    """`answers` tells for each door the outcome of an attempt and how many seconds it takes."""

    now: int
    answers: dict[str, tuple[str, int]]
    rules: Rules = field(default_factory=Rules)
    listeners: list[Listener] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)
    on_the_way: list[Trip] = field(default_factory=list)
    record: list[Trip] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    changes: list[Plan] = field(default_factory=list)
    occasions: list[Plan] = field(default_factory=list)

    # What people do. Each says whether it was accepted.

    def subscribe(self, event: str, door: str, filters: dict[str, tuple[str, ...]], *, enabled: bool) -> bool:
        if self._is_full(event):
            return False
        self.listeners.append(Listener(len(self.listeners), event, door, filters, enabled))
        return True

    def correct(self, listener: Listener, *, door: str) -> bool:
        """A corrected URL counts from the next attempt (R5)."""
        if not self._revise(listener):
            return False
        listener.door = door
        return True

    def refilter(self, listener: Listener, *, filters: dict[str, tuple[str, ...]]) -> bool:
        """Changed filters count from the next event (R5)."""
        if not self._revise(listener):
            return False
        listener.filters = filters
        return True

    def move(self, listener: Listener, *, event: str) -> bool:
        """Another event: what waits is dropped (R5)."""
        if event != listener.event and self._is_full(event):
            return False
        if not self._revise(listener):
            return False
        if event != listener.event:
            listener.event = event
            self._drop_what_waits(listener)
        return True

    def enable(self, listener: Listener) -> bool:
        """Works at once; the count starts afresh (R9)."""
        if not self._revise(listener):
            return False
        if not listener.enabled and self.rules.enabling_resets:
            listener.counted.clear()
        listener.enabled = True
        return True

    def disable(self, listener: Listener) -> bool:
        """Cancels what waits, for good (R6)."""
        if not self._revise(listener):
            return False
        if listener.enabled and self.rules.disabling_cancels:
            self._drop_what_waits(listener)
        listener.enabled = False
        return True

    def delete(self, listener: Listener) -> bool:
        if not self._revise(listener):
            return False
        listener.deleted = True
        self._drop_what_waits(listener)
        return True

    def emit(self, event: str, attributes: dict[str, str]) -> bool:
        """One delivery for every listener, decided now (E2, E3, R8)."""
        for listener in self.listeners:
            if listener.event != event or listener.deleted:
                continue
            parcel = Parcel(len(self.parcels) + 1, listener, self.now, "pending")
            self.parcels.append(parcel)
            if any(attributes[name] not in wanted for name, wanted in listener.filters.items()):
                parcel.state = "filtered"
            elif not listener.enabled:
                parcel.state = "cancelled"
            else:
                parcel.waiting = Waiting(self.now + self._trouble("reorder", self.now), 1, 1)
        return True

    def resend(self, parcel: Parcel) -> bool:
        """A fresh chain with the definition of now (R10)."""
        under_way = any(trip.parcel is parcel for trip in self.on_the_way)
        too_late = self.now - parcel.occurred > self.rules.resend_within * SECOND
        if parcel.state == "filtered" or under_way or too_late or parcel.to.deleted or not parcel.to.enabled:
            return False
        parcel.state = "pending"
        parcel.waiting = Waiting(self.now, self._trips_of(parcel) + 1, 1)
        return True

    def make_trouble(self, trouble: Trouble) -> bool:
        self.troubles.append(trouble)
        return True

    def start_again(self) -> None:
        """What was on the way is of unknown outcome: neither success nor failure, and sent again at once (R14)."""
        for trip in sorted(self.on_the_way, key=lambda trip: (trip.due, trip.parcel.number)):
            trip.outcome, trip.ended = "unknown", self.now
            self.record.append(trip)
            if trip.again:
                continue
            if trip.unwanted or not trip.parcel.to.enabled:
                trip.parcel.state = "cancelled"
            else:
                trip.parcel.waiting = Waiting(self.now, trip.number + 1, trip.place)
        self.on_the_way.clear()

    # Time

    def advance(self, to: int) -> None:
        """Through every instant at which something happens, one after the other."""
        while (instant := self._next_instant()) is not None and instant <= to:
            self.now = max(self.now, instant)
            self._pass_instant()
        self.now = to

    def _next_instant(self) -> int | None:
        waiting = [parcel.waiting.due for parcel in self.parcels if parcel.waiting]
        ending = [trip.ended for trip in self.on_the_way]
        planned = [plan.at for plan in self.changes + self.occasions]
        return min(waiting + ending + planned, default=None)

    def _pass_instant(self) -> None:
        """Definition changes, then outcomes and retries, then new events, then their first attempts (R13)."""
        self._carry_out(self.changes)
        self._travel()
        self._carry_out(self.occasions)
        self._travel()

    def _carry_out(self, plans: list[Plan]) -> None:
        for plan in [plan for plan in plans if plan.at <= self.now]:
            plans.remove(plan)
            plan.happen()

    def _travel(self) -> None:
        """What ends now is applied before what is due now departs; what departs together is judged afterwards."""
        while self._apply_what_ended() or self._depart():
            pass

    def _depart(self) -> bool:
        due = [parcel for parcel in self.parcels if parcel.waiting and parcel.waiting.due <= self.now]
        due.sort(key=lambda parcel: (parcel.waiting.due if parcel.waiting else 0, parcel.number))
        for parcel in due:
            waiting, parcel.waiting = parcel.waiting, None
            assert waiting
            if parcel.to.enabled:
                self.on_the_way.append(self._trip(parcel, waiting))
            elif not waiting.again:
                parcel.state = "cancelled"
        return bool(due)

    def _trip(self, parcel: Parcel, waiting: Waiting) -> Trip:
        outcome, seconds = self.answers[parcel.to.door]
        return Trip(
            parcel,
            waiting.due,
            waiting.number,
            waiting.place,
            waiting.again,
            parcel.to.revision,
            started=self.now,
            ended=self.now + seconds * SECOND,
            outcome=outcome,
        )

    def _apply_what_ended(self) -> bool:
        ended = [trip for trip in self.on_the_way if trip.ended <= self.now]
        for trip in sorted(ended, key=lambda trip: trip.ended):  # of one instant: in the order of departure
            self.on_the_way.remove(trip)
            self.record.append(trip)
            trip.parcel.to.counted.append(trip)
            if trip.outcome == "success":
                self._after_success(trip)
            else:
                self._after_failure(trip)
        return bool(ended)

    def _after_success(self, trip: Trip) -> None:
        parcel = trip.parcel
        parcel.state = "delivered"
        delay = self._trouble("duplicate", trip.started)
        if delay and not trip.again and not trip.unwanted:
            parcel.waiting = Waiting(self.now + delay, trip.number + 1, trip.place, again=True)

    def _after_failure(self, trip: Trip) -> None:
        parcel, listener = trip.parcel, trip.parcel.to
        disables = listener.enabled and not listener.deleted and self._is_hopeless(listener)
        if trip.again:
            pass
        elif trip.place > len(self.rules.ladder):
            parcel.state = "exhausted"
        elif trip.unwanted or (disables and self.rules.disabling_cancels):
            parcel.state = "cancelled"
        else:
            since = trip.ended if self.rules.delay_runs_from_end else trip.started
            due = since + self.rules.ladder[trip.place - 1] * SECOND
            parcel.waiting = Waiting(max(due, self.now), trip.number + 1, trip.place + 1)
        if disables:
            self.disable(listener)

    def _is_hopeless(self, listener: Listener) -> bool:
        """R7: look through everything that counts, however long ago it was."""
        recent = self.recent(listener)
        if len(recent) < self.rules.disable_at or any(trip.outcome == "success" for trip in recent):
            return False
        failing_since = self.now
        for trip in reversed(listener.counted):
            if trip.outcome == "success":
                break
            failing_since = trip.ended
        return not self.rules.sustained or self.now - failing_since >= self.rules.window * SECOND

    # Looking around

    def recent(self, listener: Listener) -> list[Trip]:
        """The attempts that count and have not left the window (R7)."""
        return [trip for trip in listener.counted if self.now - trip.ended < self.rules.window * SECOND]

    def _is_full(self, event: str) -> bool:
        return sum(one.event == event and not one.deleted for one in self.listeners) >= self.rules.at_most

    def _revise(self, listener: Listener) -> bool:
        if listener.deleted:
            return False
        listener.revision += 1
        return True

    def _drop_what_waits(self, listener: Listener) -> None:
        for parcel in self.parcels:
            if parcel.to is listener and parcel.waiting:
                if not parcel.waiting.again:
                    parcel.state = "cancelled"
                parcel.waiting = None
        for trip in self.on_the_way:
            trip.unwanted = trip.unwanted or trip.parcel.to is listener

    def _trips_of(self, parcel: Parcel) -> int:
        return sum(trip.parcel is parcel for trip in self.record)

    def _trouble(self, kind: str, at: int) -> int:
        """The delay of the first fault of this kind that acts on an attempt at this instant, else 0."""
        acting = [one.delay for one in self.troubles if one.kind == kind and one.since <= at < one.until]
        return acting[0] if acting else 0
