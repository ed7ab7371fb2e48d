"""The simulation: owns roster, due index, bell, courier and settlement, and is the one door to all of them.

Subscriptions, events, faults and resends come in; attempts go out over the wire; everything that happened is in the
ledger before anyone is told. A fault of ours stops the run loudly: `failure` is set and `settled` raises it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from simulator.clock.clock import Clock
from simulator.domain.delivery import Move, Rung, move
from simulator.domain.event import Event, PlannedEvent, check_event
from simulator.domain.fault import Fault
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.reasons import RESENT
from simulator.domain.resend import refuse_resend
from simulator.engine.bell import Bell, Due
from simulator.engine.calendar import Calendar
from simulator.engine.courier import Courier
from simulator.engine.dispatcher import dispatch
from simulator.engine.flight import Flight, Landing
from simulator.engine.inflight import InFlight
from simulator.engine.registrar import Registrar
from simulator.engine.request import request_for
from simulator.engine.restart import restore, stopped_since
from simulator.engine.roster import Roster
from simulator.engine.settlement import Settlement
from simulator.engine.tally import Tally
from simulator.errors import Invalid, Refused
from simulator.store.ledger import NO_CHANGES, Changes, Ledger
from simulator.store.pending import Pending
from simulator.store.queries import Departed, active_faults, departed, events_of, standing_of
from simulator.wire.faults import FaultyWire
from simulator.wire.wire import Wire

FRESH = 8192  # events kept in memory for their first attempt; older ones are read from the ledger


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

        self.on_commit: list[Callable[[Changes], None]] = []
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
        self._fresh: dict[int, Event] = {}
        self._committing: asyncio.Handle | None = None
        self._quiet = asyncio.Event()
        clock.on_error = self.fail

    def emit(self, tenant_id: str, name: str, attributes: Mapping[str, str], *, lenient: bool = False) -> Event:
        """An event occurs now; deliveries to whoever listens depart at once. Raises `Invalid` (E1–E3)."""
        self._check_event(name, attributes, lenient=lenient)
        event = Event(self.ledger.next_event_id(), tenant_id, name, dict(attributes), self.clock.now())
        self.ledger.add_event(event)
        for delivery in dispatch(event, self.roster.hear(event), self.faults, self.seed, self.ledger.next_delivery_id):
            self.ledger.add_delivery(delivery)
            self.tally.begun(delivery.state)
            if delivery.due_at is not None:
                self._await_attempt(delivery.id, delivery.subscription_id, Rung(delivery.due_at), event)
        self.tally.events += 1
        self._changed(0)
        return event

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
        self.ledger.add_move(delivery_id, Move.RESEND, state, at=now, reason=RESENT, following=rung)
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
            self._settle(self._unknown(one))
        self._group_settled(0)
        return len(broken_off)

    async def settled(self) -> None:
        """Wait until nothing is pending and nothing is on the wire. Raises what stopped the run, if something did."""
        while self.failure is None and (len(self.pending) or len(self._inflight)):
            self._quiet.clear()
            await self._quiet.wait()
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
            self._quiet.clear()
            await self._quiet.wait()

    async def stop(self) -> None:
        """End the run: what is on the wire is broken off, and a restart knows that it was there (R14)."""
        self._bell.stop()
        self.clock.close()
        await self._inflight.stop()
        await self._wire.close()
        if self._committing:
            self._committing.cancel()
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
        if self._committing:
            self._committing.cancel()
            self._committing = None
        changes = self.ledger.buffered() if self.on_commit else NO_CHANGES
        self.ledger.commit()
        for tell in self.on_commit:
            tell(changes)

    def _check_event(self, name: str, attributes: Mapping[str, str], *, lenient: bool) -> None:
        if problems := check_event(self.profile.known(name), name, attributes, lenient=lenient):
            raise Invalid(problems)

    def _occur(self, planned: PlannedEvent) -> None:
        self.emit(planned.tenant_id, planned.name, planned.attributes, lenient=True)  # checked when it was planned

    def _changed(self, cancelled: int) -> None:
        """Something is to be committed before this pass of the loop is over."""
        self.tally.cancelled += cancelled
        self._bell.arm()
        self._quiet.set()
        if self._committing is None:
            self._committing = asyncio.get_running_loop().call_soon(self._commit_now)

    def _commit_now(self) -> None:
        try:
            self.commit()
        except Exception as error:  # noqa: BLE001 - a ledger that cannot be written stops the run, loudly
            self.fail(error)

    def _await_attempt(self, delivery_id: int, subscription_id: str, rung: Rung, event: Event | None = None) -> None:
        self.pending.add(delivery_id, subscription_id, rung)
        if event and len(self._fresh) < FRESH:
            self._fresh[delivery_id] = event

    def _depart(self, due: Sequence[Due]) -> None:
        """The bell rang: record what leaves, commit, and launch it (R14)."""
        leaving = [one for one in due if self._still_wanted(one)]
        for delivery_id, subscription_id, rung in leaving:
            self.ledger.depart(delivery_id, rung, self.roster.get(subscription_id).revision, self.clock.now())
        self.commit()
        events = self._events_of([delivery_id for delivery_id, _, _ in leaving])
        self._inflight.launch(
            [
                Flight(delivery_id, subscription, events[delivery_id], rung)
                for delivery_id, subscription, rung in leaving
            ]
        )
        self._bell.landed(len(due) - len(leaving))

    def _still_wanted(self, due: Due) -> bool:
        """Where disabling does not cancel, the subscription is asked when its retry falls due (R6)."""
        delivery_id, subscription_id, rung = due
        subscription = self.roster.get(subscription_id)
        if subscription.enabled:
            return True
        self.subscriptions.cancel(delivery_id, rung, subscription.disabled_reason)
        return False

    def _events_of(self, delivery_ids: Sequence[int]) -> dict[int, Event]:
        """Fresh events from memory, the rest from the ledger in one query."""
        found = {one: self._fresh.pop(one) for one in delivery_ids if one in self._fresh}
        missing = [one for one in delivery_ids if one not in found]
        return found | events_of(self.ledger.db, missing) if missing else found

    def _settle(self, landing: Landing) -> None:
        self.tally.settled(landing, self._settlement.settle(landing))
        for tell in self.on_landing:
            tell(landing)

    def _group_settled(self, flights: int) -> None:
        self.commit()
        self._bell.landed(flights)
        self._quiet.set()

    def _unknown(self, departed: Departed) -> Landing:
        """What is recorded of an attempt whose answer nobody saw (R14)."""
        event = events_of(self.ledger.db, [departed.delivery_id])[departed.delivery_id]
        self.pending.drop(departed.delivery_id, departed.subscription_id)
        subscription = self.roster.get(departed.subscription_id)
        request = request_for(subscription, event, self.profile, self.seed, departed.started_at)
        stopped = stopped_since(self.ledger.db, self.profile, departed)
        flight = Flight(departed.delivery_id, departed.subscription_id, event, departed.rung, stopped)
        outcome = Outcome(Kind.UNKNOWN, error="the sender stopped while this attempt was on the wire")
        return Landing(flight, departed.revision, request, departed.started_at, self.clock.now(), outcome)

    def _auto_disable(self, subscription_id: str, reason: str) -> None:
        self.tally.disabled += 1
        self.subscriptions.disable(subscription_id, reason)
