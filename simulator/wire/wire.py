"""The seam to the outside world: whoever carries a request to a receiver."""

from __future__ import annotations

from typing import Protocol

from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request


class Wire(Protocol):
    """Carries one request, once, and says what came of it.

    Whatever a receiver or the network does is an outcome. `send` raises only an `Environment` error, where this side
    cannot or may not send at all: such an attempt says nothing about the receiver, so the run ends with exit code 3.
    """

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        """Send the request; `passage` tells which attempt it is and is never sent."""
        ...

    async def close(self) -> None:
        """Give back what the wire holds."""
        ...
