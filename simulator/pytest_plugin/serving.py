"""An application of the user's on loopback, as a server would run it: aiohttp, ASGI or WSGI.

In: the application. Out: the base URL under which it answers while the block lasts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from inspect import iscoroutinefunction
from typing import Any

from aiohttp import web

from simulator.errors import Refused
from simulator.pytest_plugin.asgi import as_aiohttp
from simulator.pytest_plugin.wsgi import serve_wsgi

App = Any  # three protocols, and the types of none of them are ours

_SHUTDOWN_SECONDS = 1.0  # real: how long a request that is under way may keep a test from ending


@asynccontextmanager
async def serve(app: App) -> AsyncIterator[str]:
    """Run an application. Raises `Refused` where it is none."""
    if isinstance(app, web.Application):
        served = _serve_aiohttp(app)
    elif iscoroutinefunction(app) or iscoroutinefunction(getattr(app, "__call__", None)):  # noqa: B004 - how it is called
        served = _serve_aiohttp(as_aiohttp(app))
    elif callable(app):
        served = serve_wsgi(app)
    else:
        raise Refused(f"{app!r} is no receiver; give a URL, or an ASGI, WSGI or aiohttp application")
    async with served as url:
        yield url


@asynccontextmanager
async def _serve_aiohttp(app: web.Application) -> AsyncIterator[str]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
