"""A receiver on real sockets whose answers are written for each request by the test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from inspect import isawaitable


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it arrived: the target exactly as it was written, headers by lower-case name."""

    number: int
    target: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Say this, then nothing more, and keep the connection open."""

    said: bytes = b""


Reply = int | bytes | Unfinished | None
"""A status; or the bytes to say before hanging up; or the beginning of an answer; or None: never answer."""

Answer = Callable[[Hit], Reply | Awaitable[Reply]]


class Loopback:
    """Asks `answer` about every request. `hits` holds what arrived, in order; connections stay open."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _: 200
        self.hits: list[Hit] = []
        self._open: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    def script(self, *replies: Reply) -> None:
        """Give these answers one after the other from now on, the last one for ever."""
        left = list(replies)
        self.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def targets(self) -> list[str]:
        return [hit.target for hit in self.hits]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0, backlog=2048)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for meeting in self._open:
            meeting.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await self._server.wait_closed()

    def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meeting = asyncio.create_task(self._serve(reader, writer))
        self._open.add(meeting)
        meeting.add_done_callback(self._open.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._answer(await reader.readuntil(b"\r\n\r\n"), writer):
                    pass
        finally:
            writer.transport.abort() if writer.transport.is_closing() else writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays open."""
        first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        hit = Hit(len(self.hits) + 1, first.split(" ")[1], headers)
        self.hits.append(hit)
        reply = self.answer(hit)
        if isawaitable(reply):
            reply = await reply
        if reply is None or isinstance(reply, Unfinished):
            writer.write(reply.said if reply else b"")
            await asyncio.Event().wait()
        if isinstance(reply, bytes):
            writer.write(reply)
            return False
        writer.write(f"HTTP/1.1 {reply} Scripted\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()
        return True
