"""Receivers on raw sockets: they keep the exact bytes of every request and answer as they are told."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from ssl import SSLContext

from simulator.domain.fault import Passage
from simulator.wire.live import LiveWire

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
PASSAGE = Passage(1, "sub", "asset_created", number=1, position=1, started_at=0)

Behaviour = Callable[["Caller"], Awaitable[bool | None]]
"""What a receiver does with one request; True: it reads on from the same connection, else it closes it."""


class Caller:
    """One connection to a receiver."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def request(self) -> bytes:
        """The next request, byte for byte; nothing at the end of the connection."""
        try:
            head = await self.reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        return head + (await self.reader.readexactly(int(length[1])) if length else b"")

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Break off with a reset instead of a proper end."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def hung_up(self) -> None:
        """Wait until the other side has closed."""
        with suppress(ConnectionError):
            while await self.reader.read(65536):
                pass


class Receiver:
    """Answers as its behaviour says; `requests` holds what arrived, `connections` counts who came."""

    def __init__(self, behave: Behaviour) -> None:
        self.behave = behave
        self.requests: list[bytes] = []
        self.peers: list[str] = []
        self.port = 0
        self._arrived = asyncio.Event()
        self._visits: set[asyncio.Task[None] | None] = set()
        self._server: asyncio.Server | None = None

    @property
    def connections(self) -> int:
        return len(self.peers)

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    async def start(self, host: str, ssl: SSLContext | None) -> None:
        self._server = await asyncio.start_server(self._meet, host, 0, ssl=ssl, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        visits = [visit for visit in self._visits if visit]
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
        await self._server.wait_closed()

    async def first_request(self) -> bytes:
        """Wait until somebody has asked."""
        await self._arrived.wait()
        return self.requests[0]

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._visits.add(asyncio.current_task())
        self.peers.append(writer.get_extra_info("peername")[0])
        caller = Caller(reader, writer)
        try:
            with suppress(ConnectionError):
                while request := await caller.request():
                    self.requests.append(request)
                    self._arrived.set()
                    if not await self.behave(caller):
                        break
        finally:
            self._visits.discard(asyncio.current_task())
            writer.close()


def answering(answer: bytes, *, keeps_open: bool = True, after: float = 0) -> Behaviour:
    """Say this to every request, so many real seconds later."""

    async def behave(caller: Caller) -> bool:
        await asyncio.sleep(after)
        await caller.say(answer)
        return keeps_open

    return behave


Receive = Callable[..., Awaitable[Receiver]]
MakeWire = Callable[..., LiveWire]
