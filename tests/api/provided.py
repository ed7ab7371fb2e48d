"""A provider put together for a test: a service with its face over real HTTP.

Its clock is paused: nothing happens between two lines of a test that does not say so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aiohttp import ClientSession, web
from customer import Customer

from simulator.api.app import management_routes
from simulator.api.keys import SANDBOX_APPLICATION, Key, Keys, ready_made
from simulator.clock.pace import PAUSED
from simulator.domain.fault import Passage
from simulator.domain.instant import parse_instant
from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.domain.subscription import Owner
from simulator.engine.service import Service, open_service
from simulator.engine.simulation import Simulation
from simulator.providers import AURORA
from simulator.store.database import MEMORY
from simulator.wire.scripted import ScriptedWire

START = parse_instant("2026-03-06T17:00:00Z")
KEYS = (
    ready_made(Owner("demo")),
    ready_made(SANDBOX_APPLICATION),
    Key("rk_sand_demo", Owner("demo")),
    Key("sk_prod_other", Owner("other")),
)


@dataclass
class Provider:
    """The provider as its customers meet it. `requests` are those that its receivers got."""

    service: Service
    customer: Customer
    requests: list[Request]

    @property
    def simulation(self) -> Simulation:
        return self.service.simulation

    async def advance(self, seconds: int) -> None:
        await self.service.clock.advance(seconds * 1_000_000)
        assert self.simulation.failure is None

    def as_(self, key: str | None = None, **more: str) -> Customer:
        """The same API, asked by somebody else."""
        return replace(self.customer, key=key, **more)

    @property
    def partner(self) -> Customer:
        """The partner application `demo-app`."""
        return self.as_(
            "sk_sand_application_demo-app",
            owner="/partner_applications/demo-app",
            envelope="partner_application_webhook",
        )


@asynccontextmanager
async def opened(
    db: str | Path = MEMORY,
    *,
    profile: Profile = AURORA,
    status: int = 200,
    per_minute: int | None = None,
    now: Callable[[], int] | None = None,
) -> AsyncIterator[Provider]:
    """A provider whose receivers answer this status."""
    requests: list[Request] = []

    def answer(request: Request, _: Passage) -> Outcome:
        requests.append(request)
        return Outcome(kind_of_status(status), status, virtual_us=0)

    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(
            open_service(profile, db, ScriptedWire(answer), pace=PAUSED, seed=7, start=START)
        )
        app = web.Application()
        app.add_routes(management_routes(service, Keys(KEYS), per_minute=per_minute, now=now))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        session = await stack.enter_async_context(ClientSession())
        base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield Provider(service, Customer(session, base), requests)
