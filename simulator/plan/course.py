"""The course of things, computed: what the sender would do if nobody but the faults given stood in its way.

In: subscriptions, events, faults and resends, each at its instant. Out: every delivery with every attempt, as the
engine would record them against a receiver that answers 200 at once. Policy is `decide` and the functions beside it;
the wire is the engine's own wire of faults around a receiver in memory. No network, no event loop.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.filters import judge
from simulator.domain.provider import Profile
from simulator.domain.reasons import ASLEEP, FILTERED, HELD_BACK, RESENT
from simulator.domain.resend import refuse_resend
from simulator.errors import Refused
from simulator.plan.backlog import Backlog
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.instants import Instants
from simulator.plan.records import Window
from simulator.plan.roster import Roster
from simulator.plan.sender import Sender
from simulator.plan.weather import Weather

if TYPE_CHECKING:
    from simulator.plan.journal import Journal

Attributes = Callable[[], Mapping[str, str]]
"""The attributes of an event, worked out only where somebody asks for them."""


class Course:
    """One provider's sender from `start` on. Plan what is to happen with `instants`, then `run` it.

    With `requests` every attempt has the request that the provider would send; without, nobody needs the attributes
    of an event but filters. A `journal` is told of everything, requests included.
    """

    def __init__(
        self, profile: Profile, *, start: int, seed: int = 0, requests: bool = False, journal: Journal | None = None
    ) -> None:
        self.profile, self.start, self.seed = profile, start, seed
        self._requests, self._journal = requests or journal is not None, journal
        self.instants = Instants(start)
        self.events = 0
        self.deliveries: list[Foreseen] = []
        self.follow: Callable[[Event], None] | None = None
        """Is told of every event, where somebody wants to know all their attributes."""

        self._weather = Weather(profile, seed)
        self._backlog = Backlog(self.instants)
        self.subscriptions = Roster(profile, self.instants, self._backlog, seed)
        sender = Sender(
            profile,
            seed,
            instants=self.instants,
            backlog=self._backlog,
            weather=self._weather,
            roster=self.subscriptions,
        )
        self._backlog.send, self._backlog.depart = sender.send, sender.depart
        self._weather.journal = self.subscriptions.journal = sender.journal = journal

    @property
    def windows(self) -> list[Window]:
        """Every fault that was injected, and when it ended."""
        return self._weather.windows

    def run(self) -> None:
        """Until everything planned has happened and nothing is pending."""
        with _keeping_everything():
            self.instants.run()
            if self._journal:
                self._journal.commit()

    def emit(self, tenant_id: str, event: str, attributes: Attributes) -> None:
        """An event occurs now; one delivery begins for each subscription that listens (E2, E3)."""
        self.events += 1
        occurred = None
        if self._requests or self.follow:
            occurred = Event(self.events, tenant_id, event, attributes(), self.instants.now)
            if self._journal:
                self._journal.occurred(occurred)
            if self.follow:
                self.follow(occurred)
        for listener in self.subscriptions.listening(tenant_id, event):
            self._begin(listener, event, occurred, attributes)

    def inject(self, fault: Fault) -> None:
        """From now on this fault acts where its window and target say so."""
        self._weather.inject(fault, self.instants.now)

    def clear(self, wanted: Callable[[Fault], bool]) -> None:
        """End the faults that are wanted."""
        self._weather.clear(wanted, self.instants.now)

    def resend(self, delivery: Foreseen) -> None:
        """Send a past delivery again with a fresh chain; raises `Refused` where the provider would (R10)."""
        subscription, now = delivery.to.subscription, self.instants.now
        on_wire = delivery.id in delivery.to.on_wire
        if reason := refuse_resend(self.profile, delivery, subscription, now, on_wire=on_wire):
            raise Refused(f"delivery {delivery.id} cannot be resent: {reason}")
        self._backlog.drop(delivery)
        delivery.chain += 1
        delivery.stands(move(delivery.state, Move.RESEND), self.profile.because(RESENT), now)
        rung = Rung(now, len(delivery.records) + 1, delivery.chain)
        self._backlog.add(delivery, rung)
        if self._journal:
            self._journal.moved(delivery, Move.RESEND, now, rung)
        self._backlog.arm()

    def _begin(self, to: Listener, event: str, occurred: Event | None, attributes: Attributes) -> None:
        now, filters = self.instants.now, to.subscription.definition.filters
        delivery = Foreseen(len(self.deliveries) + 1, to, event, now, occurred if self._requests else None)
        self.deliveries.append(delivery)
        to.deliveries.append(delivery)
        held = None
        # Filters are asked first: what they refuse was never missed.
        if filters and (refusal := judge(filters, occurred.attributes if occurred else attributes())):
            delivery.stands(State.FILTERED, self.profile.because(FILTERED, str(refusal)), now)
        elif not to.enabled:
            delivery.stands(State.CANCELLED, self.profile.because(ASLEEP), now)
            to.disablings[-1].missed += 1
        elif self._weather.reordering and (held := self._weather.fault_of(FaultKind.REORDER, delivery, 1, 1, now)):
            delivery.reason = self.profile.because(HELD_BACK)
            self._backlog.add(delivery, Rung(now + held.delay_us))
            self._backlog.arm()
        else:
            self._backlog.begin(delivery)
        if self._journal and occurred:
            self._journal.began(occurred, delivery, held.kind.value if held else "")


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
