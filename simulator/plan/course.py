"""The course of things, computed: what the sender would do if nobody but the faults given stood in its way.

In: subscriptions, events, faults and resends, each at its instant. Out: every delivery with every attempt, as the
engine would record them against a receiver that answers 200 at once. Policy is `decide` and the functions beside it;
the wire is the engine's own wire of faults around a receiver in memory. No network, no database, no event loop.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any

from simulator.domain.chance import draw
from simulator.domain.decision import Attempt, decide
from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.filters import judge
from simulator.domain.instant import DAY
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.errors import Bug, Refused
from simulator.plan.backlog import Backlog, Due
from simulator.plan.foreseen import Foreseen, Window
from simulator.plan.instants import OUTCOME, Instants
from simulator.plan.roster import Roster
from simulator.wire.faults import FaultyWire
from simulator.wire.scripted import ScriptedWire

ASLEEP = "the subscription was disabled when the event occurred (R8)"

Attributes = Callable[[], Mapping[str, str]]
"""The attributes of an event, worked out only where a filter asks for them."""

_ANSWERED = Outcome(Kind.SUCCESS, 200, virtual_us=0)
_UNSENT = Request("", "")  # nothing is sent, so one request stands for all
_NEVER = 1 << 62
_Landing = tuple[int, int, int, int, Foreseen, Rung, int, int, Outcome]


class Course:
    """One provider's sender from `start` on. Plan what is to happen with `instants`, then `run` it."""

    def __init__(self, profile: Profile, *, start: int, seed: int = 0) -> None:
        self.profile, self.start, self.seed = profile, start, seed
        self.instants = Instants(start)
        self.events = 0
        self.deliveries: list[Foreseen] = []
        self.windows: list[Window] = []
        """Every fault that was injected, and when it ended."""

        self.follow: Callable[[Event], None] | None = None
        """Is told of every event, where somebody wants to know all their attributes."""

        self._faults: list[Fault] = []
        self._calm_from = 0  # no fault acts on an attempt that starts then or later
        self._wire = FaultyWire(ScriptedWire(lambda *_: _ANSWERED), lambda: self._faults, seed, profile.timeout_seconds)
        self._backlog = Backlog(self.instants, self._depart)
        self.subscriptions = Roster(profile, self.instants, self._backlog, seed)

    def run(self) -> None:
        """Until everything planned has happened and nothing is pending."""
        with _keeping_everything():
            self.instants.run()

    def emit(self, tenant_id: str, event: str, attributes: Attributes) -> None:
        """An event occurs now; one delivery begins for each subscription that listens (E2, E3)."""
        self.events += 1
        if self.follow:
            self.follow(Event(self.events, tenant_id, event, dict(attributes()), self.instants.now))
        for listener in self.subscriptions.listening(tenant_id, event):
            delivery = Foreseen(len(self.deliveries) + 1, listener, event, self.instants.now)
            self.deliveries.append(delivery)
            self._begin(delivery, attributes)
        self._backlog.arm()

    def inject(self, fault: Fault) -> None:
        """From now on this fault acts where its window and target say so."""
        self.windows.append(Window(fault, fault.until))
        self._set_faults([*self._faults, fault])

    def clear(self, wanted: Callable[[Fault], bool]) -> None:
        """End the faults that are wanted."""
        now = self.instants.now
        for window in self.windows:
            if window.fault in self._faults and wanted(window.fault):
                window.until = now if window.until is None else min(window.until, now)
        self._set_faults([fault for fault in self._faults if not wanted(fault)])

    def resend(self, delivery: Foreseen) -> None:
        """Send a past delivery again with a fresh chain; raises `Refused` where the provider would (R10)."""
        if reason := self._refuses_resend(delivery):
            raise Refused(f"delivery {delivery.id} cannot be resent: {reason}")
        self._backlog.drop(delivery)
        delivery.chain += 1
        delivery.stands(move(delivery.state, Move.RESEND), "resent (R10)", self.instants.now)
        self._backlog.add(delivery, Rung(self.instants.now, len(delivery.attempts) + 1, delivery.chain))
        self._backlog.arm()

    # From event to attempt

    def _begin(self, delivery: Foreseen, attributes: Attributes) -> None:
        now, subscription = self.instants.now, delivery.to.subscription
        filters = subscription.definition.filters
        if filters and (refusal := judge(filters, attributes())):  # asked first: what it refuses was never missed
            delivery.stands(State.FILTERED, str(refusal), now)
        elif not subscription.enabled:
            delivery.stands(State.CANCELLED, ASLEEP, now)
            delivery.to.disablings[-1].missed += 1
        else:
            held = self._fault_of(FaultKind.REORDER, delivery, Rung(now), now)
            delivery.reason = "held back so that later events overtake it (R11)" if held else ""
            self._backlog.add(delivery, Rung(now + held.delay_us if held else now))

    def _depart(self, due: Sequence[Due]) -> None:
        """What is due leaves together; outcomes of one instant are applied in a fixed order (R13)."""
        landings = [self._carry(delivery, rung) for delivery, rung in due if self._still_wanted(delivery, rung)]
        if len(landings) < len(due):
            self._backlog.landed(len(due) - len(landings))
        landings.sort()
        for ended_at, group in groupby(landings, key=itemgetter(0)):
            self._land(ended_at, list(group))

    def _land(self, ended_at: int, landings: Sequence[_Landing]) -> None:
        """What ends now is settled now: nothing else of this instant could come before it."""
        if ended_at == self.instants.now:
            self._settle_all(landings)
        else:
            self.instants.at(ended_at, OUTCOME, partial(self._settle_all, landings))

    def _still_wanted(self, delivery: Foreseen, rung: Rung) -> bool:
        """Where disabling does not cancel, the subscription is asked when its retry falls due (R6)."""
        subscription = delivery.to.subscription
        if not subscription.enabled:
            self.subscriptions.cancel(delivery, rung, subscription.disabled_reason)
        return subscription.enabled

    def _carry(self, delivery: Foreseen, rung: Rung) -> _Landing:
        """One attempt: begins now, and what follows from it is applied when it has ended."""
        now, to = self.instants.now, delivery.to
        to.on_wire[delivery.id] = delivery
        delivery.stopped = ""
        outcome = _ANSWERED
        if now < self._calm_from:
            outcome = _at_once(self._wire.send(_UNSENT, _passage(delivery, rung, now)))
        ended_at = now + (outcome.virtual_us or 0)
        revision = to.subscription.revision
        return ended_at, rung.due_at, delivery.id, rung.number, delivery, rung, revision, now, outcome

    # From outcome to decision

    def _settle_all(self, landings: Sequence[_Landing]) -> None:
        for landing in landings:
            self._settle(landing)
        self._backlog.landed(len(landings))

    def _settle(self, landing: _Landing) -> None:
        """Decide and carry it out: record, retry or not, disable or not (R1–R9)."""
        ended_at, _, _, _, delivery, rung, revision, started_at, outcome = landing
        to = delivery.to
        del to.on_wire[delivery.id]
        attempt = Attempt(delivery.id, to.subscription.id, revision, _UNSENT, rung, started_at, ended_at, outcome)
        decision = decide(
            self.profile,
            attempt,
            to.health,
            stopped=delivery.stopped,
            enabled=to.subscription.enabled,
            jitter=self._jitter(delivery, rung),
        )
        delivery.attempts.append(attempt)
        delivery.stands(move(rung.waiting_state, decision.move), decision.why, ended_at)
        to.health, to.failing = decision.health, not outcome.succeeded
        if following := self._duplicate(delivery, attempt) or decision.next:
            self._backlog.add(delivery, following)
        if decision.disable:
            self.subscriptions.disable(to.subscription.id, decision.disable, automatic=True)
        if decision.move is Move.CANCEL:
            to.lost(decision.why)

    def _duplicate(self, delivery: Foreseen, attempt: Attempt) -> Rung | None:
        """The same request once more after a success, where a fault wants it (R11)."""
        rung = attempt.rung
        if rung.duplicate or not attempt.outcome.succeeded or delivery.stopped:
            return None
        fault = self._fault_of(FaultKind.DUPLICATE, delivery, rung, attempt.started_at)
        if fault is None:
            return None
        return Rung(attempt.ended_at + fault.delay_us, rung.number + 1, rung.chain, rung.position, duplicate=True)

    def _jitter(self, delivery: Foreseen, rung: Rung) -> float:
        if not self.profile.readings.retry_jitter:
            return 0.0
        return 2 * draw(self.seed, "jitter", delivery.id, rung.number) - 1

    def _refuses_resend(self, delivery: Foreseen) -> str:
        subscription, days = delivery.to.subscription, self.profile.resend_days
        if days is None:
            return f"{self.profile.name} resends nothing"
        if delivery.state is State.FILTERED:
            return "a filter refused the event, so it was never to be sent"
        if self.instants.now - delivery.occurred_at > days * DAY:
            return f"its event occurred more than {days} days ago"
        if not subscription.enabled:
            return "its subscription was deleted" if subscription.deleted_at else "its subscription is disabled"
        return "an attempt is on the wire" if delivery.id in delivery.to.on_wire else ""

    # Faults

    def _fault_of(self, kind: FaultKind, delivery: Foreseen, rung: Rung, started_at: int) -> Fault | None:
        """The fault of this kind that acts on an attempt, if one does."""
        if started_at >= self._calm_from:
            return None
        return first_match(self._faults, {kind}, _passage(delivery, rung, started_at), self.seed)

    def _set_faults(self, faults: list[Fault]) -> None:
        self._faults = faults
        ends = (_NEVER if fault.until is None else fault.until for fault in faults)
        self._calm_from = max(ends, default=0)


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """What a course makes lives as long as the course, so looking for garbage finds none and costs an eighth."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _passage(delivery: Foreseen, rung: Rung, started_at: int) -> Passage:
    to = delivery.to.subscription.id
    return Passage(delivery.id, to, delivery.event, rung.number, rung.position, started_at)


def _at_once(sending: Coroutine[Any, Any, Outcome]) -> Outcome:
    """The outcome of a wire on which nothing waits: its first step is its last, so it needs no event loop."""
    try:
        sending.send(None)
    except StopIteration as ended:
        outcome: Outcome = ended.value
        return outcome
    sending.close()
    raise Bug("the wire of a plan waited for something")
