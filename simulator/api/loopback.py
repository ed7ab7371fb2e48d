"""The provider's face on a port of its own, on loopback, for as long as a run lasts.

In: a simulation, keys or the tenants that are to have ready-made ones, and a port. Out: where to ask. A web page that
the user visits gets nothing: its requests name another host, or say where they come from.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from simulator.api.answers import because
from simulator.api.app import Running, management_routes
from simulator.api.keys import Keys, ready_made
from simulator.api.runner import Runner
from simulator.domain.subscription import Owner
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld, followed
from simulator.errors import Unavailable
from simulator.wire.targets import parse_host

HOST = "127.0.0.1"


class Access(NamedTuple):
    """What a program needs to read a tenant back: the URL up to and including the tenant, and a key."""

    url: str
    key: str


@asynccontextmanager
async def serve_api(service: Running, keys: Keys, port: int = 0) -> AsyncIterator[str]:
    """Serve and give the base URL; port 0 takes a free one. Raises `Unavailable` where the port is taken.

    Nobody is told to come again later: a run puts days into seconds, and the provider's minute would mean nothing.
    """
    app = web.Application(middlewares=[_only_programs_here])
    app.add_routes(management_routes(service, keys, per_minute=None))
    runner = Runner(app, shutdown_seconds=1.0)
    await runner.setup()
    try:
        await _listen(runner, port)
        yield f"http://{HOST}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def serve_tenants(simulation: Simulation, tenants: Sequence[str], port: int = 0) -> AsyncIterator[Access]:
    """Serve a simulation that nobody keeps, each tenant under its ready-made key; the access to the first tenant."""
    keys = [ready_made(Owner(tenant)) for tenant in tenants]
    with followed(simulation) as world:
        async with serve_api(_Bare(simulation, world), Keys(keys), port) as base:
            face = simulation.profile.keyed_face
            path = face.base if face else f"/tenants/{quote(tenants[0], safe='')}"
            yield Access(f"{base}{path}", keys[0].text)


@dataclass(frozen=True, slots=True)
class _Bare:
    simulation: Simulation
    world: TenantWorld | None


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, HOST, port).start()
    except OSError as error:
        reason = error.strerror or error
        raise Unavailable(f"the API cannot listen on {HOST}:{port}: {reason}; choose another port") from error


@web.middleware
async def _only_programs_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    if "Origin" in request.headers or not _is_this_machine(request.headers.get("Host", "")):
        raise web.HTTPForbidden(**because("only programs on this machine may ask, under its own name"))
    return await handler(request)


def _is_this_machine(header: str) -> bool:
    name = header[1:].partition("]")[0] if header.startswith("[") else header.partition(":")[0]
    host = parse_host(name)
    return host is not None and host.is_loopback
