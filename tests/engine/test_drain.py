"""A clean end: nothing more is sent, and what is on the wire finishes and is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from loopback import Loopback
from stage import HOUR, Stage, instant, status

from simulator.clock.pace import ELASTIC, JUMP, PAUSED, Pace, compressed


@pytest.mark.parametrize("pace", [PAUSED, JUMP, ELASTIC, compressed(60)], ids=str)
async def test_what_is_on_the_wire_finishes(over_http: Callable[..., Stage], receiver: Loopback, pace: Pace) -> None:
    may_answer = asyncio.Event()

    async def answer_later(_: object) -> int:
        await may_answer.wait()
        return 200

    receiver.answer = answer_later
    stage = over_http(pace=pace)
    stage.subscribe()
    delivery = stage.emit().id
    while not receiver.hits:
        await asyncio.sleep(0)
    draining = asyncio.create_task(stage.sim.drain())
    await asyncio.sleep(0)
    may_answer.set()
    await draining
    assert stage.standing(delivery)[0] == "delivered"
    assert stage.rows("SELECT * FROM on_wire") == []


async def test_no_retry_leaves_any_more(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory(lambda *_: status(503))
    stage.subscribe()
    stage.emit()
    await stage.now()
    await stage.sim.drain()
    await stage.clock.advance_to(instant(24 * HOUR))
    assert stage.starts() == [0]


async def test_what_occurs_meanwhile_is_recorded_and_waits_for_the_next_process(
    in_memory: Callable[..., Stage],
) -> None:
    stage = in_memory(lambda *_: status(200))
    stage.subscribe()
    await stage.sim.drain()
    stage.emit()
    await stage.clock.advance_to(instant(1))
    assert stage.states() == ["pending"]
    await stage.start_again()
    await stage.now()
    assert stage.states() == ["delivered"]


async def test_without_anything_on_the_wire_it_is_over_at_once_and_the_clock_stands(
    in_memory: Callable[..., Stage],
) -> None:
    stage = in_memory()
    await stage.sim.drain()
    assert stage.seconds == 0
