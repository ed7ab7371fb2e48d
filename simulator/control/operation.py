"""One thing that can be asked of the simulator: its path, what it reads, who does it, and what it answers.

The table of these is the router and the OpenAPI document at once, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from simulator.control.compression import pack
from simulator.control.desk import Desk
from simulator.control.queries import MOST_DIGITS, Query
from simulator.control.reading import parse_one, parse_one_or_many, parse_query, read_body
from simulator.errors import NotFound


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that has been read: `body` and `query` are the models that the operation names."""

    request: web.Request
    desk: Desk
    body: Any = None
    query: Any = None

    def number(self, what: str) -> int:
        """The id in the path. Raises `NotFound` where it cannot be one."""
        text = self.request.match_info["id"]
        if not (text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS):
            raise NotFound(f"there is no {what} {text[:50]}")
        return int(text)


ENDLESS = "text/event-stream"
Handle = Callable[[Asked], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Operation:
    """`many`: a list of such bodies may be sent as well. `answers` says in words what each status means."""

    method: str
    path: str
    name: str
    summary: str
    handle: Handle
    answers: Mapping[int, str]
    body: type[BaseModel] | None = None
    many: bool = False
    query: type[BaseModel] | None = None
    media: str = field(default="application/json")

    def route(self, desk: Desk) -> web.RouteDef:
        """The route that does it at this desk."""
        handler = partial(self._do, desk)
        if self.method == "GET":
            return web.get(self.path, handler, allow_head=self.media != ENDLESS)
        return web.route(self.method, self.path, handler)

    async def _do(self, desk: Desk, request: web.Request) -> web.StreamResponse:
        """Whatever changes something is written before it is answered."""
        query = parse_query(self.query or Query, request.query)
        body = await self._body(request)
        if self.method == "GET":
            return pack(request, await self.handle(Asked(request, desk, body, query)))
        desk.must_run()
        answer = await self.handle(Asked(request, desk, body, query))
        desk.simulation.commit()
        return pack(request, answer)

    async def _body(self, request: web.Request) -> Any:
        if self.body is None:
            return None
        content = await read_body(request)
        return parse_one_or_many(self.body, content) if self.many else parse_one(self.body, content)
