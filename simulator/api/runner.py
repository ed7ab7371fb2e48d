"""How our servers run: as aiohttp's, but what is no request is answered in our own words.

In: an application. Out: a runner of it. Whoever sends bytes that cannot be read as a request (a header of 100 KB, say)
is told so and no more: aiohttp would repeat some of them, to the sender and to its log, and they may hold a secret.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from aiohttp import web

from simulator.api.answers import because

NO_REQUEST = "this is no HTTP request that can be read: a line of it is malformed, or longer than 8190 bytes"


_NOBODY: Any = None  # who logs each access; typed as a logger, but aiohttp's own runner hands on None as well


class Runner(web.AppRunner):
    """Nobody's access is logged, and who is not done `shutdown_seconds` (real) after the end is broken off."""

    def __init__(self, app: web.Application, *, shutdown_seconds: float) -> None:
        super().__init__(app, shutdown_timeout=shutdown_seconds)

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Handler(self, loop=asyncio.get_running_loop(), access_log=_NOBODY)


class _Handler(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What the parser refuses is the sender's fault; anything else is answered as aiohttp does."""
        if status != HTTPStatus.BAD_REQUEST:
            return super().handle_error(request, status, exc, message)
        answer = web.Response(status=status, **because(NO_REQUEST))
        answer.force_close()
        return answer
