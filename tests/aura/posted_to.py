"""A receiver of POSTs on real sockets, plain or under TLS, that keeps what arrived byte for byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any

from aiohttp import web

Answer = Callable[[int], int | None]
"""The status for the n-th request; None: never answer."""


@dataclass(frozen=True, slots=True)
class Post:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    peer: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class PostedTo:
    """Asks `answer` about every request; `posts` holds what arrived, in order."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _: 200
        self.posts: list[Post] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    def messages(self) -> list[str]:
        return [post.json["message"] for post in self.posts]

    async def start(self, ssl: SSLContext | None = None) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._receive)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=ssl).start()
        port = self._runner.addresses[0][1]
        self.url = f"https://localhost:{port}" if ssl else f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        peer = request.transport.get_extra_info("peername")[0] if request.transport else ""
        body = await request.read()
        self.posts.append(Post(request.method, request.raw_path, dict(request.headers), body, peer))
        status = self.answer(len(self.posts))
        if status is None:
            await asyncio.Event().wait()
        headers = {"Location": f"{self.url}/elsewhere"} if status and 300 <= status < 400 else {}
        return web.Response(status=status or 200, headers=headers)
