"""A line between browser and server that can be cut: it forwards bytes until it is told not to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from yarl import URL


class Line:
    """Listens on a port of its own. `cut` ends every connection; while `dead`, new ones are refused at once."""

    def __init__(self, target: str) -> None:
        self.target = URL(target)
        self.dead = False
        self.answer = b""
        """What every new connection gets instead of the server, if anything."""

        self.url = ""
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.dead:
            writer.transport.abort()
            return
        if self.answer:
            writer.write(self.answer)
            await writer.drain()
            writer.close()
            return
        there, back = await asyncio.open_connection(self.target.host, self.target.port)
        self._open |= {writer, back}
        ways = [asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for one in (writer, back):
            self._open.discard(one)
            one.transport.abort()
        for way in ways:
            way.cancel()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while piece := await source.read(65_536):
            sink.write(piece)
            await sink.drain()
    except OSError:
        return


@asynccontextmanager
async def a_line_to(url: str) -> AsyncIterator[Line]:
    line = Line(url)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        line.dead = True
        server.close()
        line.cut()
