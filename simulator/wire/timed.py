"""A wire around a wire that tells the receiver the virtual instant, which no provider does: for receivers under test.

In: a request. Out: the outcome of the wire inside, which was given the same request with one header more.
"""

from __future__ import annotations

from dataclasses import replace

from simulator.domain.fault import Passage
from simulator.domain.instant import format_instant
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.wire.wire import Wire

HEADER = "X-Simulator-Time"


class TimedWire:
    """Adds the instant at which the attempt began, in ISO 8601."""

    def __init__(self, inner: Wire) -> None:
        self._inner = inner

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        """The outcome of the wire inside."""
        told = (HEADER, format_instant(passage.started_at))
        return await self._inner.send(replace(request, headers=(*request.headers, told)), passage)

    async def close(self) -> None:
        """Close the wire inside."""
        await self._inner.close()
