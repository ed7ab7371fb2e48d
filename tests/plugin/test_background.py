"""The thread in which simulations run: work goes in from a test, and comes back, or its error does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from simulator.pytest_plugin.background import Background


@pytest.fixture
def background() -> Iterator[Background]:
    one = Background()
    yield one
    one.close()


async def double(number: int) -> int:
    await asyncio.sleep(0)
    return 2 * number


def test_work_gives_what_it_returns(background: Background) -> None:
    assert background.run(double(21)) == 42


async def test_work_can_be_awaited_on_another_loop(background: Background) -> None:
    assert await asyncio.wrap_future(background.submit(double(21))) == 42


def test_work_raises_what_it_raises(background: Background) -> None:
    async def fail() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        background.run(fail())


def test_a_context_is_entered_and_left_in_one_task(background: Background) -> None:
    tasks = []

    @asynccontextmanager
    async def context() -> AsyncIterator[str]:
        tasks.append(asyncio.current_task())
        yield "value"
        tasks.append(asyncio.current_task())

    with background.within(context()) as value:
        assert (value, len(tasks)) == ("value", 1)
    assert len(tasks) == 2
    assert tasks[0] is tasks[1]


def test_a_context_that_cannot_be_entered_raises_why(background: Background) -> None:
    @asynccontextmanager
    async def context() -> AsyncIterator[str]:
        raise LookupError("shut")
        yield ""

    with pytest.raises(LookupError, match="shut"), background.within(context()):
        pass
