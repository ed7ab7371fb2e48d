"""The bench: a simulation set up in front of one receiver, and what every check asks of it.

In: events to send, alone or together. Out: what came of each. Every check has a tenant of its own, so that the
failures one of them provokes disable no subscription of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from simulator.clock.stopwatch import Stopwatch
from simulator.contract.probe import Probes
from simulator.contract.target import Target
from simulator.domain.auth import HeaderAuth
from simulator.domain.event import EventType
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Outcome
from simulator.domain.provider import Profile
from simulator.domain.sample import complete
from simulator.engine.flight import Landing
from simulator.engine.simulation import Simulation

T = TypeVar("T")

MOST_TIMEOUTS = 3  # a receiver that hangs so often is not asked for more


@dataclass(frozen=True, slots=True)
class Case:
    """An event with its attributes, as it will be sent; `formed` are those whose values tell people nothing."""

    event: str
    attributes: Mapping[str, str]
    lenient: bool = False
    formed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Manner:
    """How a case is sent: with which headers (None: the credentials), with what more in its query, retried or not."""

    headers: tuple[HeaderAuth, ...] | None = None
    more: str = ""
    retried: bool = False


PLAIN = Manner()
RETRIED = Manner(retried=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a case."""

    case: Case
    delivery_id: int
    outcomes: tuple[Outcome, ...]

    @property
    def accepted(self) -> bool:
        """Whether the last attempt was answered 2xx in time."""
        return bool(self.outcomes) and self.outcomes[-1].succeeded

    def __str__(self) -> str:
        return f"{self.case.event}: {self.outcomes[-1] if self.outcomes else 'never sent'}"


@dataclass(slots=True)
class Bench:
    """`events` are those in scope; `probes` show effects where the user gave any. One check at a time is `begun`."""

    simulation: Simulation
    target: Target
    events: tuple[EventType, ...]
    probes: Probes
    patience_seconds: float
    """Real: how long one check may go on sending further cases."""

    check: str = ""
    failed: set[str] = field(default_factory=set)
    """The checks that failed so far."""

    api: tuple[str, str] | None = None
    """Where the objects of the check that polls can be read back, and a key for them."""

    since: int = field(init=False)
    """The virtual instant from which times within events are counted."""

    _outcomes: dict[int, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    _deliveries: dict[int, int] = field(default_factory=dict)
    _subscriptions: dict[tuple[tuple[str, ...], Manner], str] = field(default_factory=dict)
    _plain: list[Sent] | None = None
    _stopwatch: Stopwatch = field(default_factory=Stopwatch)

    def __post_init__(self) -> None:
        self.simulation.on_landing.append(self._land)
        self.since = self.simulation.clock.now()

    @property
    def profile(self) -> Profile:
        return self.simulation.profile

    @property
    def seed(self) -> int:
        return self.simulation.seed

    async def begin(self, check: str) -> None:
        """A check begins: a tenant of its own, its own time, and a receiver that forgets where that was asked for."""
        self.check = check
        self._subscriptions.clear()
        self._stopwatch = Stopwatch()
        await self.probes.reset()

    def patiently(self, those: Iterable[T]) -> Iterator[T]:
        """Those that there is time for: a slow receiver is asked less, not for hours."""
        for one in those:
            if self._stopwatch.elapsed_us() > self.patience_seconds * SECOND:
                return
            yield one

    def case(self, kind: EventType, given: Mapping[str, str], *key: str | int) -> Case:
        """An event filled up; the same key gives the same ids, and the same times whenever it is sent."""
        whole = complete(kind, given, self.seed, self.check, *key, samples=self.profile.samples)
        return Case(kind.name, self.profile.dated(kind.name, whole, self.since), formed=frozenset(kind.formed))

    def documented(self) -> Iterator[tuple[EventType, Mapping[str, str]]]:
        """Every event with every documented value of each of its attributes in turn."""
        for kind in self.events:
            closed = [(name, value) for name, values in kind.allowed.items() for value in values]
            yield from ((kind, {name: value}) for name, value in closed)
            if not closed:
                yield kind, {}

    async def plain(self) -> list[Sent]:
        """One plain event of each kind in scope, sent once for all checks; a receiver that hangs is not asked on."""
        if self._plain is None:
            self._plain = []
            for kind in self.events:
                if sum(one.outcomes[-1].timed_out for one in self._plain) < MOST_TIMEOUTS:
                    self._plain += await self.send(self.case(kind, {}, "plain"))
        return self._plain

    async def usable(self) -> tuple[EventType, ...]:
        """The kinds of events whose plain form is accepted: only on these can anything else be tried."""
        accepted = {one.case.event for one in await self.plain() if one.accepted}
        return tuple(kind for kind in self.events if kind.name in accepted)

    async def stands(self, event: str) -> bool:
        """Whether a plain event is still accepted: if not, a refusal says nothing about what was varied."""
        kind = self.profile.catalogue[event]
        (again,) = await self.send(self.case(kind, {}, "again", self.simulation.tally.events))
        return again.accepted

    def inject(self, kind: FaultKind, *, lasting_us: int | None = None, **aim: Any) -> None:
        """Let this fault act from now on, for so much virtual time or until all are cleared; `aim` as in `Fault`."""
        now = self.simulation.clock.now()
        until = None if lasting_us is None else now + lasting_us
        self.simulation.inject(Fault(f"{self.check}-{now}-{self.simulation.tally.attempts}", kind, now, until, **aim))

    async def send(self, *cases: Case, manner: Manner = PLAIN) -> list[Sent]:
        """Let these occur at one instant, and follow their deliveries to the end."""
        events = [self._emit(case, manner) for case in cases]
        await self.simulation.settled()
        return [self._sent(case, self._deliveries[event]) for case, event in zip(cases, events, strict=True)]

    async def resend(self, sent: Sent) -> Sent:
        """The same delivery once more, to the byte (R10, R11)."""
        return await self.resend_delivery(sent.delivery_id, sent.case)

    async def resend_delivery(self, delivery_id: int, case: Case) -> Sent:
        """A delivery of this case once more; its event may never have arrived so far (R10)."""
        before = len(self._outcomes[delivery_id])
        self.simulation.resend(delivery_id)
        await self.simulation.settled()
        return self._sent(case, delivery_id, since=before)

    def subscription(self, event: str, manner: Manner = PLAIN) -> str:
        """The id of the subscription through which such a case is sent."""
        scope = self._scope(event)
        key = (scope, manner)
        for other in [one for one in self._subscriptions if one[0] == scope and one != key]:
            self._end(other)  # one event, one subscription: otherwise it would arrive twice
        if key not in self._subscriptions:
            headers = self.target.credentials if manner.headers is None else manner.headers
            words = self.target.words(self.profile, scope, headers=headers, more=manner.more)
            name = f"{self.check}: {event if len(scope) == 1 else 'all events'}"
            made = self.simulation.subscriptions.register(self.check, words, name=name)
            self._subscriptions[key] = made.id
        return self._subscriptions[key]

    def _scope(self, event: str) -> tuple[str, ...]:
        """The events that share a subscription with this one: itself alone, unless the provider lists several."""
        return tuple(self.profile.catalogue) if self.profile.events_field else (event,)

    def _emit(self, case: Case, manner: Manner) -> int:
        self.subscription(case.event, manner)
        return self.simulation.emit(self.check, case.event, case.attributes, lenient=case.lenient).id

    def _end(self, key: tuple[tuple[str, ...], Manner]) -> None:
        self.simulation.subscriptions.delete(self._subscriptions.pop(key))

    def _land(self, landing: Landing) -> None:
        """Note an outcome; where nobody asked for retries, the subscription ends with its first failure (R6)."""
        self._deliveries[landing.flight.event.id] = landing.flight.delivery_id
        self._outcomes[landing.flight.delivery_id].append(landing.outcome)
        for key, subscription_id in list(self._subscriptions.items()):
            given_up = subscription_id == landing.flight.subscription_id and not key[1].retried
            if given_up and not landing.outcome.succeeded and self.profile.ladder_seconds:
                self._end(key)

    def _sent(self, case: Case, delivery_id: int, *, since: int = 0) -> Sent:
        return Sent(case, delivery_id, tuple(self._outcomes[delivery_id][since:]))
