"""Which connections serve a second attempt.

A kept-alive connection saves more than half of what an attempt costs. But a receiver may close after an answer without
having said so, and the next request then runs into a closing door: it fails, although the receiver never saw it.
Nobody can tell that from a receiver that died at work, and sending again would be a second hit. So reuse is earned:

    new receiver ──► on trial: one idle connection is watched, every attempt gets a fresh one
                         ├── still open after the trial ──► KEEPS: connections are used again while they are quiet
                         └── closed by the receiver     ──► CLOSES: every attempt gets a fresh one
    KEEPS ── a connection is found closed, or breaks under a request ──► CLOSES

In: origins. Out: lines to them that are fresh, or that their receivers have left open. What remains is a receiver that
passes the trial and then closes just as a request is on its way: that one attempt is a reset, and the last one.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from enum import Enum
from typing import Any

from aiohttp import ClientRequest, ClientTimeout, TCPConnector
from yarl import URL

from simulator.clock.stopwatch import Stopwatch, after_real
from simulator.wire.line import Line

TRIAL_SECONDS = 0.05
IDLE_SECONDS = 0.5  # shorter than any receiver's patience, so that both ends do not part at the same moment

# The deadline is ours. aiohttp's own would be rounded up to a whole second of the event loop.
_NO_TIMEOUT = ClientTimeout(total=None, sock_connect=None, ceil_threshold=math.inf)


class Standing(Enum):
    """What a receiver has shown so far."""

    UNKNOWN = "unknown"
    ON_TRIAL = "on trial"
    KEEPS = "keeps connections open"
    CLOSES = "closes them"


class Receiver:
    """What answers at one origin: opens lines to it, and hands out used ones once it has proven to keep them open."""

    def __init__(self, origin: str, connector: TCPConnector) -> None:
        self._connector = connector
        self._way = ClientRequest("GET", URL(origin, encoded=True), loop=asyncio.get_running_loop())
        self._standing = Standing.UNKNOWN
        self._idle: deque[tuple[Line, Stopwatch]] = deque()  # the longest idle first
        self._watched: Line | None = None
        self._look: asyncio.TimerHandle | None = None  # the end of the trial, or the next sweep

    @property
    def host(self) -> str:
        """The header by which it is asked for."""
        return self._way.headers["Host"]

    async def take(self) -> Line:
        """A fresh line, or a used one that may be trusted. Raises ClientConnectorError."""
        while self._idle:
            line, idle = self._idle.popleft()
            if _is_young(idle) and self._may_serve_again(line):
                return line
            line.close()
        return Line(await self._connector.connect(self._way, [], _NO_TIMEOUT))

    def give_back(self, line: Line) -> None:
        """An attempt is over: its line waits for another one, if it can serve one."""
        if line.is_spent or self._standing is Standing.CLOSES:
            line.close()
        elif self._standing is Standing.UNKNOWN:
            self._standing, self._watched = Standing.ON_TRIAL, line
            self._look = after_real(TRIAL_SECONDS, self._end_trial)
        else:
            self._idle.append((line, Stopwatch()))
            if self._look is None:
                self._look = after_real(IDLE_SECONDS, self._sweep)

    def distrust(self) -> None:
        """A line broke. If it may have been a used one, each attempt gets a fresh one now."""
        if self._standing is Standing.KEEPS:
            self._standing = Standing.CLOSES

    def close(self) -> None:
        """Close what nobody uses, a watched line included."""
        if self._look:
            self._look.cancel()
        for line, _ in self._idle:
            line.close()
        if self._watched:
            self._watched.close()

    def _may_serve_again(self, line: Line) -> bool:
        if self._standing is not Standing.KEEPS:
            return False
        if line.is_quiet:
            return True
        if line.is_open:  # what the event loop has seen closed was seen in time; this would not have been
            self._standing = Standing.CLOSES
        return False

    def _end_trial(self) -> None:
        assert self._watched is not None, "a trial has somebody to watch"
        self._standing = Standing.KEEPS if self._watched.is_quiet else Standing.CLOSES
        self._watched.close()  # a receiver that serves one connection at a time is waiting for that
        self._watched = None
        self._sweep()

    def _sweep(self) -> None:
        """Close what has been idle for long, and look again while anything is."""
        while self._idle and not _is_young(self._idle[0][1]):
            self._idle.popleft()[0].close()
        self._look = after_real(IDLE_SECONDS, self._sweep) if self._idle else None


class Receivers:
    """Everybody who was ever connected to."""

    def __init__(self, **options: Any) -> None:
        self._connector = TCPConnector(limit=0, use_dns_cache=False, **options)
        self._by_origin: dict[str, Receiver] = {}

    def at(self, origin: str) -> Receiver:
        """Who answers at this origin, known from the first attempt on."""
        receiver = self._by_origin.get(origin)
        if receiver is None:
            receiver = self._by_origin[origin] = Receiver(origin, self._connector)
        return receiver

    async def close(self) -> None:
        """Close every line."""
        await self._connector.close()
        for receiver in self._by_origin.values():
            receiver.close()


def _is_young(idle: Stopwatch) -> bool:
    return idle.elapsed_us() < IDLE_SECONDS * 1_000_000
