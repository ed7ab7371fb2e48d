"""Which connections serve a second attempt.

A kept-alive connection saves more than half of what an attempt costs. But a receiver may close after an answer without
having said so, and the next request then runs into a closing door: it fails, although the receiver never saw it.
Nobody can tell that from a receiver that died at work, and sending again would be a second hit. So reuse is earned:

    new receiver ──► on trial: one idle connection is watched, every attempt gets a fresh one
                         ├── still open after the trial ──► KEEPS: connections are used again while they are quiet
                         └── closed by the receiver     ──► CLOSES: every attempt gets a fresh one
    KEEPS ── a connection is found closed, or breaks under a request ──► CLOSES

In: requests for a connection. Out: one that is fresh, or that its receiver has left open. What remains is a receiver
that passes the trial and then closes just as a request is on its way: that one attempt is a reset, and the last one.
"""

from __future__ import annotations

import select
import sys
from asyncio import TimerHandle
from enum import Enum
from socket import socket
from typing import Any, NamedTuple
from weakref import WeakSet

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection
from aiohttp.tracing import Trace
from yarl import URL

from simulator.clock.stopwatch import after_real

TRIAL_SECONDS = 0.05
IDLE_SECONDS = 0.5  # shorter than any receiver's patience, so that both ends do not part at the same moment


class Origin(NamedTuple):
    """Who is connected to."""

    host: str | None
    port: int | None
    secure: bool


class Standing(Enum):
    """What a receiver has shown so far."""

    ON_TRIAL = "on trial"
    KEEPS = "keeps connections open"
    CLOSES = "closes them"


class ProvenConnector(TCPConnector):
    """Opens connections, and hands out used ones only to receivers that have proven to keep them open."""

    def __init__(self, **options: Any) -> None:
        super().__init__(limit=0, keepalive_timeout=IDLE_SECONDS, use_dns_cache=False, **options)
        self._used: WeakSet[ResponseHandler] = WeakSet()
        self._standing: dict[Origin, Standing] = {}
        self._trials: dict[Connection, TimerHandle] = {}

    async def connect(
        self,
        req: ClientRequest,
        traces: list[Trace],
        timeout: ClientTimeout,  # noqa: ASYNC109 - aiohttp's signature
    ) -> Connection:
        """A fresh connection, or a used one that may be trusted."""
        while True:
            connection = await super().connect(req, traces, timeout)
            if self._is_fresh(connection) or self._may_serve_again(connection, _origin_of(req)):
                return connection

    def distrust(self, target: URL) -> None:
        """A connection to this receiver broke. If it may have been a used one, each attempt gets a fresh one now."""
        origin = Origin(target.raw_host, target.port, target.scheme == "https")
        if self._standing.get(origin) is Standing.KEEPS:
            self._standing[origin] = Standing.CLOSES

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close every connection, watched ones included."""
        for connection, trial in self._trials.items():
            trial.cancel()
            connection.close()
        self._trials.clear()
        await super().close(abort_ssl=abort_ssl)

    def _is_fresh(self, connection: Connection) -> bool:
        protocol = connection.protocol
        assert protocol is not None, "a connection is handed out open"
        if protocol in self._used:
            return False
        self._used.add(protocol)
        return True

    def _may_serve_again(self, connection: Connection, origin: Origin) -> bool:
        standing = self._standing.get(origin)
        if standing is None:
            self._watch(connection, origin)
            return False
        if standing is Standing.KEEPS and _is_quiet(connection):
            return True
        if standing is Standing.KEEPS:
            self._standing[origin] = Standing.CLOSES
        connection.close()
        return False

    def _watch(self, connection: Connection, origin: Origin) -> None:
        def end_trial() -> None:
            del self._trials[connection]
            self._standing[origin] = Standing.KEEPS if _is_quiet(connection) else Standing.CLOSES
            connection.close()  # a receiver that serves one connection at a time is waiting for that

        self._standing[origin] = Standing.ON_TRIAL
        self._trials[connection] = after_real(TRIAL_SECONDS, end_trial)


def _origin_of(request: ClientRequest) -> Origin:
    key = request.connection_key
    return Origin(key.host, key.port, key.is_ssl)


def _is_quiet(connection: Connection) -> bool:
    """Whether the connection is open and nothing has come since the answer, not even unread by the event loop.

    A close that the loop has not seen yet makes the socket readable; so do stray bytes, which would be taken for
    the next answer.
    """
    protocol, transport = connection.protocol, connection.transport
    if protocol is None or transport is None or protocol.should_close or transport.is_closing():
        return False
    return not _is_readable(transport.get_extra_info("socket"))


def _is_readable(connected: socket) -> bool:
    if sys.platform == "win32":  # which has no poll; elsewhere select knows only the first 1024 files
        return bool(select.select([connected], [], [], 0)[0])
    poll = select.poll()
    poll.register(connected, select.POLLIN)
    return bool(poll.poll(0))
