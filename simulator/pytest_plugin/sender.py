"""The simulated Aurora of one test: a simulation on a clock that stands until it is advanced, and its receivers.

In: what a test asks for. Out: subscriptions, events and deliveries as values. Everything here runs on one event loop;
the faces bring it to the test, each method as it stands here.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, PAUSED
from simulator.contract.plot import is_id
from simulator.domain import order, template
from simulator.domain.chance import seeded_uuid
from simulator.domain.event import Event, PlannedEvent, unknown_event
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import parse_instant
from simulator.domain.story import StoryEvent, unfold
from simulator.domain.subscription import Subscription
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid, NotFound, Refused, did_you_mean
from simulator.providers import profile_named
from simulator.pytest_plugin.serving import App, serve
from simulator.pytest_plugin.wanted import TENANT, Duration, checked, micros, words
from simulator.report.build import view_deliveries
from simulator.report.model import DeliveryView
from simulator.store.ledger import Ledger
from simulator.store.selection import Choice, chosen_deliveries
from simulator.wire.sender import live_wire

START = parse_instant("2026-01-05T09:00:00Z")  # a Monday morning, the same in every test
LOOK_SECONDS = 10  # real: how long a receiver may take to show its state


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options of a test run say; an empty `receiver` means that each test names its own."""

    receiver: str = ""
    seed: int = 0
    allowed_hosts: Sequence[str] = ()


class Sender:
    """`simulation` is at rest between two questions, but for attempts that are on the wire.

    Every method raises `SimulatorError` for what is not possible.
    """

    def __init__(self, simulation: Simulation, settings: Settings, stack: AsyncExitStack) -> None:
        self._simulation, self._stack = simulation, stack
        self._emitter = Emitter(simulation, Agenda(simulation.clock, order.EVENT))
        self._base = settings.receiver.rstrip("/")
        self._served: dict[int, tuple[App, str]] = {}
        self._numbers = count(1)

    async def receiver(self, app: App | str) -> str:
        """Run an ASGI, WSGI or aiohttp application on loopback until the test ends; its base URL.

        It is the receiver meant where none is named. A URL is taken as it is.
        """
        if isinstance(app, str):
            self._base = app.rstrip("/")
        else:
            if id(app) not in self._served:  # the application is kept: its id is its own only as long as it lives
                self._served[id(app)] = app, await self._stack.enter_async_context(serve(app))
            self._base = self._served[id(app)][1]
        return self._base

    async def subscribe(
        self,
        *events: str,
        to: App | str | None = None,
        url_template: str | None = None,
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
        filters: Mapping[str, Sequence[str]] | None = None,
        tenant: str = TENANT,
    ) -> tuple[Subscription, ...]:
        """A subscription for each of these events, for every event of the catalogue where none is named.

        Without a template of its own each takes the suggested path and query on the receiver. Raises `Invalid`.
        """
        said = words(url_template, header_auth, basic_auth, filters)
        base = await self.receiver(to) if to is not None else self._base
        if not (base or url_template):
            raise Refused("there is no receiver; name one with to=, aurora.receiver(app) or --aurora-receiver URL")
        if "<" in base or "?" in base:
            said = {"url_template": base, **said}
        registered = [
            self._simulation.subscriptions.register(tenant, {**self._suggest(event, base), **said})
            for event in events or self._simulation.profile.catalogue
        ]
        return tuple(registered)

    async def emit(self, event: str, /, *, tenant: str = TENANT, lenient: bool = False, **attributes: str) -> Event:
        """An event occurs now; attributes that nobody gives are generated. Raises `Invalid` (E1)."""
        return self._emitter.emit(tenant, event, attributes, key=("emit", next(self._numbers)), lenient=lenient)

    async def story(self, name: str, /, *, tenant: str = TENANT, **given: str) -> list[PlannedEvent]:
        """A story begins now; its events occur as time passes. Raises `NotFound` or `Invalid`."""
        return self._emitter.play(tenant, name, given, key=("story", next(self._numbers)))

    async def fault(
        self,
        kind: str,
        *,
        lasting: Duration | None = None,
        event: str | None = None,
        subscription: Subscription | None = None,
        attempt: int | Sequence[int] | None = None,
        probability: float = 1.0,
        status: int = 503,
        delay: Duration = "5s",
        period: Duration = "1m",
    ) -> Fault:
        """From now on, for as long as it is `lasting`, this goes wrong on the wire; it costs no real time.

        Raises `NotFound` for an unknown kind, `Invalid` for an unknown event, `Refused` for what could never act.
        """
        if kind not in {*FaultKind}:
            known = ", ".join(FaultKind)
            raise NotFound(f'there is no fault "{kind}"{did_you_mean(kind, FaultKind)}; the faults are {known}')
        if event is not None and event not in self._simulation.profile.catalogue:
            raise Invalid([unknown_event(self._simulation.profile.catalogue, event)])
        now, positions = self._simulation.clock.now(), (attempt,) if isinstance(attempt, int) else attempt
        fault = Fault(
            id=f"fault-{next(self._numbers)}",
            kind=FaultKind(kind),
            since=now,
            until=None if lasting is None else now + micros(lasting),
            subscription_id=subscription.id if subscription else None,
            event=event,
            positions=None if positions is None else frozenset(positions),
            probability=probability,
            status=status,
            delay_us=micros(delay),
            period_us=micros(period),
        )
        self._simulation.inject(checked(fault))
        return fault

    async def advance(self, by: Duration) -> None:
        """Let so much virtual time pass ("5m30s", or a timedelta); whatever falls due on the way happens."""
        await self._simulation.clock.advance(micros(by))
        if self._simulation.failure:
            raise self._simulation.failure

    async def run_until_idle(self) -> None:
        """Let virtual time pass until everything planned has occurred and nothing is pending."""
        self._simulation.clock.set_pace(JUMP)
        try:
            await self._emitter.finished()
            await self._simulation.settled()
        finally:
            self._simulation.clock.set_pace(PAUSED)

    async def deliveries(self, event: str | None = None) -> tuple[DeliveryView, ...]:
        """Every delivery so far with its attempts, oldest first."""
        self._simulation.commit()
        return tuple(one for one in view_deliveries(self._simulation.ledger.db) if event in (None, one.event))

    async def unfold(self, story: str, given: Mapping[str, str], tenant: str) -> list[StoryEvent]:
        """A story's events, the same each time but for their ids; of these, what somebody subscribed to."""
        stories, seed = self._simulation.profile.stories, self._simulation.seed
        if story not in stories:
            raise NotFound(
                f'there is no story "{story}"{did_you_mean(story, stories)}; the stories are {", ".join(stories)}'
            )
        number = next(self._numbers)
        return [
            replace(one, attributes=_with_fresh_ids(one.attributes, given, seed, number))
            for one in unfold(stories[story], seed, "converges", given)
            if self._simulation.roster.listening(tenant, one.event)
        ]

    async def send(self, events: Sequence[StoryEvent], tenant: str) -> tuple[DeliveryView, ...]:
        """Let these events occur one after the other, each settled before the next; their deliveries."""
        ids: list[int] = []
        db = self._simulation.ledger.db
        for one in events:
            event = self._simulation.emit(tenant, one.event, one.attributes)
            await self.run_until_idle()
            ids += chosen_deliveries(db, Choice(event_id=event.id))
        return view_deliveries(db, ids)

    async def look(self, page: str, attributes: Mapping[str, str]) -> Any:
        """What the receiver shows at a URL, or a path of it, with `<NAME>` for attributes: JSON, or else text.

        An answer that is an error is shown as its status.
        """
        url = page if "://" in page else f"{self._base}/{page.removeprefix('/')}"
        target = template.expand(template.parse(url), attributes, template.Encoding())
        async with (
            ClientSession(timeout=ClientTimeout(total=LOOK_SECONDS)) as session,
            session.get(URL(target, encoded=True)) as answer,
        ):
            text = await answer.text()
            return _decoded(text) if answer.ok else {"status": answer.status}

    def _suggest(self, event: str, base: str) -> dict[str, Any]:
        profile = self._simulation.profile
        return (
            dict(profile.suggest(event, base)) if event in profile.catalogue else {"event": event, "url_template": base}
        )


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Sender]:
    """A sender for as long as the block lasts; its receivers are stopped after it."""
    profile = profile_named("aurora")
    async with AsyncExitStack() as stack:
        ledger = Ledger()
        stack.callback(ledger.close)
        receivers = await stack.enter_async_context(AsyncExitStack())
        wire = live_wire(profile, settings.allowed_hosts)
        simulation = Simulation(profile, Clock(START, PAUSED), wire, ledger, seed=settings.seed)
        stack.push_async_callback(simulation.stop)
        yield Sender(simulation, settings, receivers)


def _with_fresh_ids(attributes: Mapping[str, str], given: Mapping[str, str], seed: int, number: int) -> dict[str, str]:
    """Every id that nobody gave in place of another, the same for the same."""
    return {
        name: seeded_uuid(seed, "fresh", number, value) if is_id(name) and value not in given.values() else value
        for name, value in attributes.items()
    }


def _decoded(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
