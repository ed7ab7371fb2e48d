"""AURA's sender and a receiver of its POSTs, up for one test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from ssl import SSLContext
from typing import Any

import pytest
from posted_to import PostedTo
from sender import Sender

from simulator.providers.aura import AURA
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets


@pytest.fixture
async def receiver() -> AsyncIterator[PostedTo]:
    receiver = PostedTo()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def make_sender(receiver: PostedTo) -> AsyncIterator[Callable[..., Sender]]:
    """Makes a sender towards the receiver; `readings` are switches."""
    made: list[Sender] = []

    def make(
        *,
        url: str = "",
        timeout_seconds: float = 10,
        ssl: SSLContext | None = None,
        source_address: str | None = None,
        **readings: Any,
    ) -> Sender:
        wire = LiveWire(
            timeout_seconds,
            targets=Targets(),
            user_agent="aurora-sim/test",
            ssl=ssl,
            source_address=source_address,
        )
        profile = replace(AURA, readings=replace(AURA.readings, **({"allow_http": True} | readings)))
        made.append(Sender(profile, wire, url or receiver.url))
        return made[-1]

    yield make
    for sender in made:
        await sender.close()


@pytest.fixture
def sender(make_sender: Callable[..., Sender]) -> Sender:
    """AURA as documented, but for plain http towards this machine."""
    return make_sender()
