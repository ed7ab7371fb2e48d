"""The simulation: owns roster, due index, bell, courier and settlement, and is the one door to all of them.

Subscriptions, events, faults and resends come in; attempts go out over the wire; everything that happened is in the
ledger before anyone is told. A fault of ours stops the run loudly: `failure` is set and `settled` raises it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from simulator.clock.clock import Clock
from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.event import Event, PlannedEvent, check_event
from simulator.domain.fault import Fault
from simulator.domain.instant import SECOND
from simulator.domain.provider import Profile
from simulator.domain.reasons import RESENT
from simulator.domain.resend import refuse_resend
from simulator.engine.bell import Bell, Due
from simulator.engine.calendar import Calendar
from simulator.engine.commits import Commits
from simulator.engine.courier import Courier
from simulator.engine.dispatcher import dispatch
from simulator.engine.flight import Flight, Landing
from simulator.engine.inflight import InFlight
from simulator.engine.recent import Recent
from simulator.engine.registrar import Registrar
from simulator.engine.restart import restore, unknown
from simulator.engine.roster import Roster
from simulator.engine.settlement import Settlement
from simulator.engine.tally import Tally
from simulator.errors import Invalid, Refused
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending
from simulator.store.queries import active_faults, departed, standing_of
from simulator.wire.faults import FaultyWire
from simulator.wire.wire import Wire


class Simulation:
    """One provider's sender: profile, clock, wire and ledger put together on the running event loop.

    `subscriptions` changes definitions; `emit`, `plan`, `inject`, `clear` and `resend` make things happen; `settled`
    waits until nothing is pending; `stop` ends it, and what was accepted stays in the ledger.
    """

    def __init__(self, profile: Profile, clock: Clock, wire: Wire, ledger: Ledger, *, seed: int = 0) -> None:
        self.profile, self.clock, self.ledger, self.seed = profile, clock, ledger, seed
        self.faults: list[Fault] = []
        self.tally = Tally()
        self.failure: BaseException | None = None
        self.failed = asyncio.Event()
        """Set when a fault has stopped the run; `failure` tells which."""

        self._commits = Commits(clock, ledger, self.fail)
        self.on_commit = self._commits.followers
        """Told after every commit what it touched: only now may it be shown to anyone."""

        self.on_landing: list[Callable[[Landing], None]] = []
        """Told of every attempt that ended, for figures: it may not be recorded yet."""

        self.roster = Roster(profile)
        self.pending = Pending()
        self._wire = FaultyWire(wire, lambda: self.faults, seed, profile.timeout_seconds)
        self._bell = Bell(clock, self.pending, self._depart)
        courier = Courier(profile, clock, self._wire, self.roster, seed)
        self._inflight = InFlight(
            clock, courier.carry, settle=self._settle, settled=self._group_settled, fail=self.fail
        )
        self.subscriptions = Registrar(
            profile=profile,
            clock=clock,
            ledger=ledger,
            roster=self.roster,
            pending=self.pending,
            inflight=self._inflight,
            seed=seed,
            changed=self._changed,
        )
        self._inflight.withdraw = self.subscriptions.withdraw
        self._settlement = Settlement(
            profile,
            self.roster,
            self.pending,
            ledger,
            faults=lambda: self.faults,
            seed=seed,
            disable=self._auto_disable,
        )
        self.calendar = Calendar(clock, ledger, self._occur)
        self._recent = Recent(ledger.db)
        self._quiet = asyncio.Event()
        self._stopped = False
        clock.on_error = self.fail

    def emit(self, tenant_id: str, name: str, attributes: Mapping[str, str], *, lenient: bool = False) -> Event:
        """An event occurs now; deliveries to whoever listens depart at once. Raises `Invalid` (E1–E3)."""
        self._check_event(name, attributes, lenient=lenient)
        return self._occur(tenant_id, name, attributes)

    def plan(
        self, tenant_id: str, name: str, attributes: Mapping[str, str], at: int, *, lenient: bool = False
    ) -> PlannedEvent:
        """An event will occur at a later instant; a restart knows of it. Raises `Invalid` (E1)."""
        self._check_event(name, attributes, lenient=lenient)
        planned = self.calendar.add(tenant_id, name, attributes, at)
        self._changed(0)
        return planned

    def inject(self, fault: Fault) -> None:
        """From now on this fault acts where its window and target say so."""
        self.faults.append(fault)
        self.ledger.add_fault(fault, self.clock.now())
        self._changed(0)

    def clear(self, wanted: Callable[[Fault], bool] = lambda _: True) -> list[Fault]:
        """End the faults that are wanted; the ones that were ended."""
        ended = [fault for fault in self.faults if wanted(fault)]
        self.faults = [fault for fault in self.faults if not wanted(fault)]
        for fault in ended:
            self.ledger.add_fault(fault, self.clock.now(), cleared=True)
        self._changed(0)
        return ended

    def resend(self, delivery_id: int) -> None:
        """Send a past delivery again with the current definition and a fresh chain (R10).

        Raises `Refused` when the original event is too long ago, the subscription is disabled or deleted, a filter
        had refused the event, or an attempt is on the wire.
        """
        self.commit()
        standing = standing_of(self.ledger.db, delivery_id)
        subscription, now = self.roster.get(standing.subscription_id), self.clock.now()
        on_wire = delivery_id in self._inflight
        if reason := refuse_resend(self.profile, standing, subscription, now, on_wire=on_wire):
            raise Refused(f"delivery {delivery_id} cannot be resent: {reason}")
        self.pending.drop(delivery_id, standing.subscription_id)
        rung = Rung(now, standing.attempts + 1, standing.chain + 1)
        state = move(standing.state, Move.RESEND)
        self.ledger.add_move(
            delivery_id, Move.RESEND, state, at=now, reason=self.profile.because(RESENT), following=rung
        )
        self._await_attempt(delivery_id, standing.subscription_id, rung)
        self._changed(0)

    def resume(self) -> int:
        """Take up what the ledger holds: call once, before anything else, on a clock that stands at `last_instant`.

        Attempts that were on the wire when the process died are recorded as unknown and are due again at once (R14);
        how many there were is returned.
        """
        restore(self.ledger.db, self.profile, self.roster, self.pending)
        self.faults = list(active_faults(self.ledger.db))
        self.calendar.take_up()
        broken_off = departed(self.ledger.db)
        for one in broken_off:
            self.pending.drop(one.delivery_id, one.subscription_id)
            self._settle(unknown(self.ledger.db, self.profile, self.roster, self.seed, one, now=self.clock.now()))
        self._group_settled(0)
        return len(broken_off)

    async def settled(self) -> None:
        """Wait until nothing is pending and nothing is on the wire. Raises what stopped the run, if something did."""
        while self.failure is None and (len(self.pending) or len(self._inflight)):
            await self._change()
        if self.failure:
            raise self.failure
        self.commit()

    async def drain(self) -> None:
        """Send nothing more, and wait until what is on the wire has finished and is recorded.

        A clock that stands moves on as far as that takes: the outcome of an attempt belongs to the instant of its end.
        """
        self._bell.stop()
        self.calendar.stop()
        if self._inflight and not self.clock.pace.idle:
            await self.clock.advance(self.profile.timeout_seconds * SECOND)
        while self._inflight and self.failure is None:
            await self._change()
        if self.failure is None:
            self.commit()

    async def _change(self) -> None:
        """Wait until something may be settled; raises `Refused` where nothing will be any more."""
        self._quiet.clear()
        if not self._stopped:
            await self._quiet.wait()
        if self._stopped:
            raise Refused("the simulation was stopped before everything was settled; a restart goes on with the rest")

    async def stop(self) -> None:
        """End the run: what is on the wire is broken off, and a restart knows that it was there (R14)."""
        self._stopped = True
        self._quiet.set()
        self._bell.stop()
        self.clock.close()
        await self._inflight.stop()
        await self._wire.close()
        self._commits.stop()
        self.ledger.commit()

    def fail(self, error: BaseException) -> None:
        """A fault that must not pass: nothing is sent and nothing occurs any more, and whoever waits is told."""
        self.failure = self.failure or error
        self.failed.set()
        self._bell.stop()
        self.calendar.stop()
        self._quiet.set()

    def commit(self) -> None:
        """Write what was accepted and what happened; only afterwards may anyone be told."""
        self._commits.now()

    def _check_event(self, name: str, attributes: Mapping[str, str], *, lenient: bool) -> None:
        if problems := check_event(self.profile.known(name), name, attributes, lenient=lenient):
            raise Invalid(problems)

    def _occur(self, tenant_id: str, name: str, attributes: Mapping[str, str]) -> Event:
        """It was checked when it came, or when it was planned."""
        event = Event(self.ledger.next_event_id(), tenant_id, name, dict(attributes), self.clock.now())
        self.ledger.add_event(event)
        to, next_id = self.roster.hear(event), self.ledger.next_delivery_id
        for delivery in dispatch(self.profile, event, to, self.faults, seed=self.seed, next_id=next_id):
            self.ledger.add_delivery(delivery)
            self.tally.begun(delivery.state)
            if delivery.due_at is not None:
                self._await_attempt(delivery.id, delivery.subscription_id, Rung(delivery.due_at), event)
        self.tally.events += 1
        self._changed(0)
        return event

    def _changed(self, cancelled: int) -> None:
        """Something is to be committed before this pass of the loop is over."""
        self.tally.cancelled += cancelled
        self._bell.arm()
        self._look_if_quiet()
        self._commits.soon()

    def _await_attempt(self, delivery_id: int, subscription_id: str, rung: Rung, event: Event | None = None) -> None:
        self.pending.add(delivery_id, subscription_id, rung)
        if event:
            self._recent.keep(delivery_id, event)

    def _depart(self, due: Sequence[Due]) -> None:
        """The bell rang: record what leaves; it takes off when that is written (R14)."""
        leaving = [one for one in due if self._still_wanted(one)]
        now = self.clock.now()
        for delivery_id, subscription_id, rung in leaving:
            self.ledger.depart(delivery_id, rung, self.roster.get(subscription_id).revision, now)
        events = self._recent.take([delivery_id for delivery_id, _, _ in leaving])
        self._inflight.board([Flight(one, subscription, events[one], rung) for one, subscription, rung in leaving])
        self.clock.after_ring(self._take_off)
        if len(leaving) < len(due):
            self._bell.landed(len(due) - len(leaving))

    def _take_off(self) -> None:
        """One transaction for all that boarded in this pass of the loop."""
        self.commit()
        self._inflight.take_off()

    def _still_wanted(self, due: Due) -> bool:
        """Where disabling does not cancel, the subscription is asked when its retry falls due (R6)."""
        delivery_id, subscription_id, rung = due
        subscription = self.roster.get(subscription_id)
        if subscription.enabled:
            return True
        self.subscriptions.cancel(delivery_id, rung, subscription.disabled_reason)
        return False

    def _settle(self, landing: Landing) -> None:
        state = self._settlement.settle(landing)
        self.tally.settled(landing, state)
        if state is State.PENDING:
            self._recent.keep(landing.flight.delivery_id, landing.flight.event)
        for tell in self.on_landing:
            tell(landing)

    def _group_settled(self, flights: int) -> None:
        """Where one instant follows the other at once, the next departure is recorded in the same transaction."""
        if self.clock.pace.serial and len(self.pending):
            self._commits.later()
        else:
            self.commit()
        self._bell.landed(flights)
        self._look_if_quiet()

    def _look_if_quiet(self) -> None:
        """Nothing is on the wire, and nothing waits for its turn or ever gets one: who waited for that is woken."""
        if not self._inflight and (not self.pending or self._bell.stopped):
            self._quiet.set()

    def _auto_disable(self, subscription_id: str, reason: str) -> None:
        self.tally.disabled += 1
        self.subscriptions.disable(subscription_id, reason)
