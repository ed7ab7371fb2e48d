"""Attempts of a plan: what is due is sent, judged and recorded.

In: what departs together. Out: records of attempts, retries in the backlog, subscriptions disabled. Most attempts are
ordinary: they land at the instant at which they started and disable nobody. What follows from these is a precedent; all
others are handed to `decide` one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from simulator.domain.chance import draw
from simulator.domain.decision import Attempt, decide
from simulator.domain.delivery import Move, Rung, move
from simulator.domain.fault import FaultKind
from simulator.domain.order import OUTCOME
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.plan.backlog import Backlog
from simulator.plan.foreseen import Foreseen, Wait
from simulator.plan.instants import Instants
from simulator.plan.precedents import columns_of
from simulator.plan.records import Precedent
from simulator.plan.roster import Roster
from simulator.plan.weather import Weather

if TYPE_CHECKING:
    from simulator.plan.journal import Journal, Made

_Landing = tuple[int, int, int, int, Foreseen, Rung, int, Request, int, Precedent]


class Sender:
    """Sends what the backlog lets depart."""

    def __init__(
        self, profile: Profile, seed: int, *, instants: Instants, backlog: Backlog, weather: Weather, roster: Roster
    ) -> None:
        self._profile, self._instants, self._backlog = profile, instants, backlog
        self._weather, self._roster, self._seed = weather, roster, seed
        self.journal: Journal | None = None
        self._quorum = profile.disable.attempts if profile.disable else 1 << 62
        self._plain = profile.readings.disable_cancels_pending and not profile.readings.retry_jitter

    def send(self, due: Iterator[Wait]) -> Wait | None:
        """Attempts that begin and end when they are due, as long as they are ordinary; the first that is not.

        Only subscriptions that are enabled have anything due here, and so few failures that none can be disabled.
        """
        if not self._plain:
            return next(due, None)
        made: list[Made] = []
        odd = self._send(due, made)
        if self.journal:
            self.journal.made(made)
        return odd

    def _send(self, due: Iterator[Wait], made: list[Made]) -> Wait | None:
        instants, weather, kept, few = self._instants, self._weather, self.journal is not None, self._quorum - 1
        queues, after = self._backlog.queues, self._backlog.after
        now = instants.now
        known, aimed = weather.at(now), weather.aimed
        for wait in due:
            due_at, delivery = wait
            if due_at > now:
                now = instants.now = due_at
                if now >= weather.steady_until:
                    known, aimed = weather.at(now), weather.aimed
            to, number, position = delivery.to, delivery.number, delivery.position
            met = known.get((to.id, delivery.event, position) if aimed else position)
            if met is None:
                met = weather.meet(delivery, number, position, now)
            if delivery.duplicate or not met.ordinary or len(to.failures) >= few:
                return wait
            request = delivery.request if delivery.rendered == to.revision else self._render(delivery)
            record = (number, delivery.chain, position, False, due_at, to.revision, request, now, now, met)
            delivery.records.append(record)
            delivery.state, delivery.reason = met.state, met.why
            if met.succeeded:
                to.succeeds(now)
                delivery.delivered_at = now if delivery.delivered_at is None else delivery.delivered_at
            else:
                to.fails(now)
            delay = met.delay_us
            if delay is None:
                delivery.waiting, delivery.settled_at = None, now
            else:
                due_at = delivery.waiting = now + delay
                delivery.number, delivery.position = number + 1, met.next_position
                (queues.get(delay) or after(delay)).append((due_at, delivery))
            if kept:
                made.append((delivery, record, met.columns, delivery.waiting, met.following))
        return None

    def depart(self, due: Sequence[Wait]) -> None:
        """What is due leaves together; outcomes of one instant are applied in a fixed order (R13)."""
        landings = [self._carry(wait) for wait in due if self._still_wanted(wait)]
        if len(landings) < len(due):
            self._backlog.landed(len(due) - len(landings))
        landings.sort()
        for ended_at, group in groupby(landings, key=itemgetter(0)):
            self._land(ended_at, list(group))

    def _land(self, ended_at: int, landings: Sequence[_Landing]) -> None:
        """What ends now is settled now: nothing else of this instant could come before it."""
        if ended_at == self._instants.now:
            self._settle_all(landings)
        else:
            self._instants.at(ended_at, OUTCOME, partial(self._settle_all, landings))

    def _still_wanted(self, wait: Wait) -> bool:
        """Where disabling does not cancel, the subscription is asked when its retry falls due (R6)."""
        due_at, delivery = wait
        to = delivery.to
        if not to.enabled:
            self._roster.cancel(delivery, delivery.rung(due_at), to.subscription.disabled_reason)
        return to.enabled

    def _carry(self, wait: Wait) -> _Landing:
        """One attempt: begins now, and what follows from it is applied when it has ended."""
        due_at, delivery = wait
        now, rung, to = self._instants.now, delivery.rung(due_at), delivery.to
        to.on_wire[delivery.id] = delivery
        delivery.stopped = ""
        met = self._weather.meet(delivery, rung.number, rung.position, now)
        request = delivery.request if delivery.rendered == to.revision else self._render(delivery)
        ended_at = now + met.took_us
        return (ended_at, rung.due_at, delivery.id, rung.number, delivery, rung, to.revision, request, now, met)

    def _render(self, delivery: Foreseen) -> Request:
        """The request under the latest definition (E8), where somebody asks for it."""
        event, subscription = delivery.occurrence, delivery.to.subscription
        delivery.rendered = subscription.revision
        if event:
            delivery.request = self._profile.build_request(subscription.definition, event, self._profile.readings)
        return delivery.request

    # From outcome to decision

    def _settle_all(self, landings: Sequence[_Landing]) -> None:
        for landing in landings:
            self._settle(landing)
        self._backlog.landed(len(landings))

    def _settle(self, landing: _Landing) -> None:
        """Decide and carry it out: record, retry or not, disable or not (R1–R9)."""
        ended_at, _, _, _, delivery, rung, revision, request, started_at, met = landing
        to, outcome = delivery.to, met.outcome
        del to.on_wire[delivery.id]
        attempt = Attempt(delivery.id, to.id, revision, request, rung, started_at, ended_at, outcome)
        decision = decide(
            self._profile,
            attempt,
            to.health,
            stopped=delivery.stopped,
            enabled=to.enabled,
            jitter=self._jitter(delivery, rung),
        )
        place = (rung.number, rung.chain, rung.position, rung.duplicate, rung.due_at)
        record = (*place, revision, request, started_at, ended_at, met)
        delivery.records.append(record)
        delivery.stands(move(rung.waiting_state, decision.move), decision.why, ended_at)
        to.health, to.failing = decision.health, not outcome.succeeded
        following = self._duplicate(delivery, attempt) or decision.next
        if following:
            self._backlog.add(delivery, following)
        if self.journal:
            columns = columns_of(outcome, delivery.state, delivery.reason)
            which = (following.position, int(following.duplicate)) if following else (None, None)
            self.journal.made([(delivery, record, columns, delivery.waiting, which)])
        if decision.disable:
            self._roster.disable(to.id, decision.disable, automatic=True)
        if decision.move is Move.CANCEL:
            to.lost(decision.why)

    def _duplicate(self, delivery: Foreseen, attempt: Attempt) -> Rung | None:
        """The same request once more after a success, where a fault wants it (R11)."""
        rung = attempt.rung
        if rung.duplicate or not attempt.outcome.succeeded or delivery.stopped:
            return None
        started_at = attempt.started_at
        fault = self._weather.fault_of(FaultKind.DUPLICATE, delivery, rung.number, rung.position, started_at)
        if fault is None:
            return None
        return Rung(attempt.ended_at + fault.delay_us, rung.number + 1, rung.chain, rung.position, duplicate=True)

    def _jitter(self, delivery: Foreseen, rung: Rung) -> float:
        if not self._profile.readings.retry_jitter:
            return 0.0
        return 2 * draw(self._seed, "jitter", delivery.id, rung.number) - 1
