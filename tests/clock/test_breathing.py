"""`clock/stopwatch`: pauses in real time, for long work in pieces and for programs without a loop."""

from __future__ import annotations

import asyncio

from simulator.clock.stopwatch import Stopwatch, breathe, wait_real


async def test_a_breath_lets_whatever_is_ready_take_its_turn() -> None:
    turns = []
    asyncio.get_running_loop().call_soon(turns.append, "other")
    await breathe()
    turns.append("ours")
    assert turns == ["other", "ours"]


async def test_a_breath_may_be_long() -> None:
    watch = Stopwatch()
    await breathe(0.02)
    assert watch.elapsed_us() >= 20_000


def test_waiting_blocks_for_at_least_so_long() -> None:
    watch = Stopwatch()
    wait_real(0.01)
    assert watch.elapsed_us() >= 10_000
