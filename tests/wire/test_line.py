"""`wire/line`: when a connection may carry another request. What its answers come to is tested with the wire."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from raw_receiver import OK
from yarl import URL

from simulator.wire.line import Line

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
WHOLE = 1 << 20

Say = Callable[[asyncio.StreamWriter], None]


@asynccontextmanager
async def line_to(say: Say) -> AsyncIterator[Line]:
    """A line to a receiver that says this as soon as it has read a head, and reads nothing more."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        met.append(writer)
        await reader.readuntil(b"\r\n\r\n")
        say(writer)

    met: list[asyncio.StreamWriter] = []
    server = await asyncio.start_server(meet, "127.0.0.1", 0, limit=1024)
    url = URL.build(scheme="http", host="127.0.0.1", port=server.sockets[0].getsockname()[1])
    async with server, TCPConnector() as connector:
        line = Line(await connector.connect(ClientRequest("GET", url), [], ClientTimeout()))
        yield line
        line.close()
        for writer in met:
            writer.close()


def saying(answer: bytes) -> Say:
    return lambda writer: writer.write(answer)


async def test_after_a_whole_answer_it_may_carry_another_request() -> None:
    async with line_to(saying(OK)) as line:
        assert await line.ask("GET", GET) == 200
        await line.read_body(WHOLE)
        assert not line.is_spent
        assert line.is_quiet


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        OK + b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["it said so", "of an old kind", "a second answer came with the first"],
)
async def test_it_is_spent_where_the_receiver_makes_it_so(answer: bytes) -> None:
    async with line_to(saying(answer)) as line:
        assert await line.ask("GET", GET) == 200
        await line.read_body(WHOLE)
        assert line.is_spent


async def test_it_is_spent_while_its_answer_is_not_read() -> None:
    async with line_to(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf of it")) as line:
        assert await line.ask("GET", GET) == 200
        await line.read_body(5)
        assert line.is_spent


async def test_it_is_spent_when_its_answer_was_not_waited_for() -> None:
    async with line_to(saying(b"")) as line:
        with suppress(TimeoutError):
            await asyncio.wait_for(line.ask("GET", GET), 0.05)
        assert line.is_spent


async def test_it_is_spent_when_the_answer_came_before_the_request_had_left() -> None:
    """Another request would wait behind the rest of the first for as long as the receiver does not read."""
    body = bytes(64 << 20)  # more than sockets hold
    async with line_to(saying(OK)) as line:
        assert await line.ask("POST", GET + body) == 200
        await line.read_body(WHOLE)
        assert line.is_spent


async def test_stray_bytes_after_an_answer_are_noticed_before_the_event_loop_sees_them() -> None:
    def babble(writer: asyncio.StreamWriter) -> None:
        writer.write(OK)
        writers.append(writer)

    writers: list[asyncio.StreamWriter] = []
    async with line_to(babble) as line:
        await line.ask("GET", GET)
        await line.read_body(WHOLE)
        assert line.is_quiet
        writers[0].write(b"more")  # reaches the socket at once: this program only has not looked yet
        assert not line.is_quiet
