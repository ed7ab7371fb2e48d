"""Simulations and receivers that are up for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import pytest
from loopback import Loopback
from stage import Stage, Unhurried, status

from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.wire.live import LiveWire
from simulator.wire.scripted import ScriptedWire
from simulator.wire.targets import Targets
from simulator.wire.wire import Wire


@pytest.fixture
async def receiver() -> AsyncIterator[Loopback]:
    """A receiver over HTTP that answers 200 until it is told otherwise."""
    receiver = Loopback()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def over_http(receiver: Loopback) -> AsyncIterator[Callable[..., Stage]]:
    """Makes a simulation that reaches the receiver over real HTTP."""
    made: list[Stage] = []

    def make(
        *,
        timeout_seconds: float = 10,
        scope: Literal["total", "headers"] = "total",
        unhurried: bool = False,
        **options: Any,
    ) -> Stage:
        """`unhurried`: an answer costs no virtual time, even where a busy machine takes longer than a second for it."""
        wire: Wire = LiveWire(timeout_seconds, targets=Targets(), user_agent="aurora-sim/test", scope=scope)
        made.append(Stage(Unhurried(wire) if unhurried else wire, receiver=receiver.url, **options))
        return made[-1]

    yield make
    for stage in made:
        await stage.close()


@pytest.fixture
async def stage(over_http: Callable[..., Stage]) -> Stage:
    """Aurora as documented, over real HTTP."""
    return over_http()


@pytest.fixture
async def in_memory() -> AsyncIterator[Callable[..., Stage]]:
    """Makes a simulation whose receiver is a function; without one, everything is answered 503."""
    made: list[Stage] = []

    def make(answer: Callable[[Request, Passage], Outcome] = lambda *_: status(503), **options: Any) -> Stage:
        made.append(Stage(ScriptedWire(answer), **options))
        return made[-1]

    yield make
    for stage in made:
        await stage.close()
