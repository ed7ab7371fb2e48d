"""The objects of a simulation over HTTP, as little as a polling receiver needs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

from simulator.engine.simulation import Simulation
from simulator.engine.world import followed
from simulator.providers.aura.world import BASE

TOKEN = "a token & more"


@asynccontextmanager
async def served_world(simulation: Simulation, tenants: Sequence[str]) -> AsyncIterator[tuple[str, str]]:
    """The base URL of the API and its token, for the first tenant."""
    with followed(simulation) as world:
        assert world

        async def show(request: web.Request) -> web.Response:
            assert request.headers["Authorization"] == f"Bearer {TOKEN}"
            body = await world.read(tenants[0], request.rel_url.raw_path, request.query)
            return web.json_response(body, status=404 if body is None else 200)

        app = web.Application()
        app.add_routes([web.get(path, show) for path in world.paths])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}{BASE}", TOKEN
        finally:
            await runner.cleanup()
