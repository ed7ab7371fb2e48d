"""An ASGI application as an aiohttp application: HTTP and the lifespan protocol, no WebSockets.

In: requests of the aiohttp server. Out: what the ASGI application answers. It is answered as soon as the application
has sent the whole body; work it does after that goes on, as it would behind a real server.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import web
from multidict import CIMultiDict

Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
AsgiApp = Callable[[Event, Receive, Send], Awaitable[None]]

_ASGI: Final = {"version": "3.0", "spec_version": "2.3"}
# The server writes these itself, from the body it was given.
_SERVERS_OWN: Final = frozenset({"content-length", "transfer-encoding", "connection", "date", "server"})


def as_aiohttp(app: AsgiApp) -> web.Application:
    """The application for an aiohttp runner."""
    bridge = _Bridge(app)
    outer = web.Application()
    outer.router.add_route("*", "/{path:.*}", bridge.answer)
    outer.cleanup_ctx.append(bridge.live)
    return outer


class _Bridge:
    def __init__(self, app: AsgiApp) -> None:
        self._app = app
        self._state: dict[str, Any] = {}
        self._working: set[asyncio.Task[None]] = set()

    async def answer(self, request: web.Request) -> web.Response:
        """One request; raises what the application raises before its answer is whole, which makes a 500."""
        exchange = _Exchange(await request.read())
        work = asyncio.ensure_future(self._app(self._scope(request), exchange.receive, exchange.send))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        try:
            await asyncio.wait([work, exchange.answered], return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:  # the server stops, and nobody waits for this answer any more
            work.cancel()
            raise
        if exchange.answered.done():
            return exchange.response()
        await work
        raise web.HTTPInternalServerError(text="the application returned without an answer")

    async def live(self, _: web.Application) -> AsyncIterator[None]:
        """Tell the application when it starts and when it ends, if it wants to know."""
        lifespan = _Lifespan(self._app, self._state)
        await lifespan.start()
        yield
        await asyncio.gather(*self._working, return_exceptions=True)
        await lifespan.stop()

    def _scope(self, request: web.Request) -> Event:
        raw_path, _, query = request.raw_path.partition("?")
        return {
            "type": "http",
            "asgi": _ASGI,
            "http_version": f"{request.version.major}.{request.version.minor}",
            "method": request.method,
            "scheme": "http",
            "path": unquote(raw_path),
            "raw_path": raw_path.encode("ascii", "surrogateescape"),
            "query_string": query.encode("ascii", "surrogateescape"),
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in request.raw_headers],
            "client": (request.remote, 0),
            "server": (request.url.host, request.url.port),
            "state": dict(self._state),
        }


class _Exchange:
    """One request and its answer, in the application's words."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._status = 0
        self._headers: CIMultiDict[str] = CIMultiDict()
        self._written = bytearray()
        self.answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def receive(self) -> Event:
        if self._body is None:
            await asyncio.shield(self.answered)
            return {"type": "http.disconnect"}
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, event: Event) -> None:
        if event["type"] == "http.response.start":
            self._status = event["status"]
            for name, value in event.get("headers", ()):
                if name.decode("latin-1").lower() not in _SERVERS_OWN:
                    self._headers.add(name.decode("latin-1"), value.decode("latin-1"))
        elif event["type"] == "http.response.body":
            self._written += event.get("body", b"")
            if not event.get("more_body") and not self.answered.done():
                self.answered.set_result(None)

    def response(self) -> web.Response:
        return web.Response(status=self._status, headers=self._headers, body=bytes(self._written))


class _Lifespan:
    """The application's own start and end. One that raises where it is told of a lifespan has none."""

    def __init__(self, app: AsgiApp, state: dict[str, Any]) -> None:
        self._app, self._state = app, state
        self._asked: asyncio.Queue[Event] = asyncio.Queue()
        self._told: asyncio.Queue[Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Raises RuntimeError where the application says that it cannot start."""
        scope: Event = {"type": "lifespan", "asgi": _ASGI, "state": self._state}
        self._task = asyncio.ensure_future(self._app(scope, self._asked.get, self._told.put))
        await self._ask("startup")

    async def stop(self) -> None:
        """Raises RuntimeError where the application says that it could not end."""
        await self._ask("shutdown")
        if self._task:
            await asyncio.gather(self._task, return_exceptions=True)

    async def _ask(self, phase: str) -> None:
        assert self._task
        if self._task.done():
            return
        await self._asked.put({"type": f"lifespan.{phase}"})
        told = asyncio.ensure_future(self._told.get())
        await asyncio.wait([told, self._task], return_when=asyncio.FIRST_COMPLETED)
        if not told.done():
            told.cancel()
        elif told.result()["type"] == f"lifespan.{phase}.failed":
            raise RuntimeError(f"the application failed at its {phase}: {told.result().get('message', '')}")
