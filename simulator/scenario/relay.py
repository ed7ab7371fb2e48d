"""Receivers for one run after the other, each a fresh process: while one is in use the next is starting.

In: what each run wants: a URL, or a kind and what it is to demand. Out: base URLs. A receiver takes longer to start
than most runs take.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Self

from simulator.errors import SimulatorError
from simulator.scenario.embedded import embedded_receiver
from simulator.scenario.scenario import Demands

Wanted = tuple[str, Demands]
"""A URL or a kind of receiver, and what it is to demand of webhooks if it is embedded."""


class Relay:
    """`async with Relay(wanted) as relay`, then `await relay.next()` before each run; in the end all are stopped."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._wanted = iter(wanted)
        self._present: _Host | None = None
        self._upcoming: _Host | None = None

    async def __aenter__(self) -> Self:
        self._upcoming = self._begin()
        return self

    async def next(self) -> str:
        """Stop the present receiver and give the base URL of the next. Raises `Unavailable` if it does not start."""
        assert self._upcoming, "asked for more receivers than were wanted"
        if self._present:
            await self._present.stop()
        self._present, self._upcoming = self._upcoming, self._begin()
        return await self._present.url()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for host in (self._present, self._upcoming):
            if host:
                await host.stop()

    def _begin(self) -> _Host | None:
        wanted = next(self._wanted, None)
        return None if wanted is None else _Host(*wanted)


class _Host:
    """A receiver from the moment it begins to start until it is stopped. A URL is somebody else's to start."""

    def __init__(self, wanted: str, demands: Demands) -> None:
        self._stack = AsyncExitStack()
        self._starting = asyncio.create_task(self._start(wanted, demands))

    async def url(self) -> str:
        return await self._starting

    async def stop(self) -> None:
        self._starting.cancel()
        with suppress(asyncio.CancelledError, SimulatorError):  # it was `url` that told what went wrong
            await self._starting
        await self._stack.aclose()

    async def _start(self, wanted: str, demands: Demands) -> str:
        if "://" in wanted:
            return wanted
        return await self._stack.enter_async_context(embedded_receiver(wanted, demands))
