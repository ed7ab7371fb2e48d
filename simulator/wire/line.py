"""An open connection: the bytes of a request go out, an answer comes in.

aiohttp opens the connection and reads HTTP. Its session is left out: it would build anew for each request what is the
same for all, and send a GET a second time by itself where a used connection breaks. Here the receiver is hit exactly
as often as the record says.
"""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from http import HTTPStatus
from socket import socket

from aiohttp import ClientError, ClientOSError, ClientPayloadError, ServerDisconnectedError, StreamReader
from aiohttp.connector import Connection
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import RawResponseMessage

_OK = int(HTTPStatus.OK)
_INTERIM = frozenset(range(100, 200)) - {HTTPStatus.SWITCHING_PROTOCOLS}  # after which the answer itself is to come
_BODILESS = frozenset(map(int, (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)))


class Broken(ClientError):
    """The connection broke before the answer was complete; `__cause__` says how.

    `interim`: an answer of class 1xx had come, and no other.
    """

    def __init__(self, *, interim: bool = False) -> None:
        super().__init__()
        self.interim = interim


class Garbled(ClientError):
    """What came is not the head of an HTTP answer; the text is the parser's."""


class Line:
    """One connection to a receiver: one request and its answer after the other."""

    __slots__ = ("_answered", "_connection", "_is_readable", "_message", "_payload", "_protocol", "_transport")

    def __init__(self, connection: Connection) -> None:
        protocol, transport = connection.protocol, connection.transport
        assert protocol is not None, "a connection is handed out open"
        assert transport is not None, "a connection is handed out open"
        self._connection, self._protocol, self._transport = connection, protocol, transport
        self._is_readable = _readable(transport.get_extra_info("socket"))
        self._answered = False
        self._message: RawResponseMessage
        self._payload: StreamReader

    @property
    def is_open(self) -> bool:
        return not self._transport.is_closing() and self._protocol.connected

    @property
    def is_spent(self) -> bool:
        """Whether it can serve no other request: an answer or a request stands half way, or its receiver said so."""
        return (
            not self._answered
            or self._protocol.should_close
            or not self.is_open
            or self._transport.get_write_buffer_size() > 0
        )

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has come since the answer, not even unread by the event loop.

        A close that the loop has not seen yet makes the socket readable; so do stray bytes, which would be taken for
        the next answer.
        """
        return not (self.is_spent or self._is_readable())

    def close(self) -> None:
        self._connection.close()

    async def ask(self, method: str, request: bytes) -> int:
        """Send a request and wait for the head of its answer: the status. Raises Broken or Garbled."""
        self._protocol.set_response_params(skip_payload=method == "HEAD", read_until_eof=True, auto_decompress=False)
        interim = self._answered = False
        try:
            if self.is_open:
                self._transport.write(request)
            self._message, self._payload = await self._protocol.read()
            while self._message.code in _INTERIM:
                interim = True
                self._message, self._payload = await self._protocol.read()
        except (ServerDisconnectedError, ClientOSError) as lost:
            raise Broken(interim=interim) from lost
        except HttpProcessingError as garbled:
            raise Garbled(garbled.message) from garbled
        self._answered = True
        return self._message.code

    async def read_body(self, bound: int) -> None:
        """Read the body up to `bound` bytes. Raises Broken, or another ClientError where it is garbled."""
        if self._message.code < _OK or self._is_there(bound):
            return
        try:
            while bound > 0 and not self._payload.at_eof():
                bound -= len(await self._payload.readany())
        except ClientPayloadError:
            self._raise_if_reset()
            raise
        if not self._has_length:
            self._raise_if_reset()

    def _is_there(self, bound: int) -> bool:
        """Whether the whole body came with the head: nothing is left that could go wrong."""
        payload = self._payload
        return payload.is_eof() and payload.exception() is None and payload.total_bytes < bound and self._has_length

    @property
    def _has_length(self) -> bool:
        """Whether the answer itself tells where it ends; otherwise the end of the connection does."""
        return (
            self._message.code in _BODILESS
            or "Content-Length" in self._message.headers
            or "Transfer-Encoding" in self._message.headers
        )

    def _raise_if_reset(self) -> None:
        lost = self._protocol.exception()
        if isinstance(lost, OSError):
            raise Broken from lost


def _readable(connected: socket) -> Callable[[], bool]:
    if sys.platform == "win32":  # which has no poll; elsewhere select knows only the first 1024 files
        return lambda: bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return lambda: bool(poll.poll(0))
