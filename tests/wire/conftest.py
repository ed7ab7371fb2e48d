"""Receivers that are stopped and wires that are closed when a test is over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from ssl import SSLContext
from typing import Any

import pytest
from raw_receiver import OK, Behaviour, MakeWire, Receive, Receiver, answering

from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets


@pytest.fixture
async def receive() -> AsyncIterator[Receive]:
    """Start a receiver with a behaviour; by default it answers 200 and keeps the connection open."""
    started: list[Receiver] = []

    async def start(
        behave: Behaviour | bytes = OK, *, host: str = "127.0.0.1", ssl: SSLContext | None = None
    ) -> Receiver:
        receiver = Receiver(answering(behave) if isinstance(behave, bytes) else behave)
        await receiver.start(host, ssl)
        started.append(receiver)
        return receiver

    yield start
    for receiver in started:
        await receiver.stop()


@pytest.fixture
async def live() -> AsyncIterator[MakeWire]:
    """Make a live wire; one that nobody tells otherwise waits for two seconds and reaches loopback alone."""
    made: list[LiveWire] = []

    def make(timeout_seconds: float = 2.0, *, allowed: tuple[str, ...] = (), **options: Any) -> LiveWire:
        options = {"targets": Targets(allowed), "user_agent": "aurora-sim/test"} | options
        made.append(LiveWire(timeout_seconds, **options))
        return made[-1]

    yield make
    for wire in made:
        await wire.close()
