"""`engine/commits`: when a transaction is written, and who is told."""

from __future__ import annotations

import asyncio

import pytest
from specimens_engine import an_event

from simulator.clock.clock import Clock
from simulator.engine.commits import LATEST_SECONDS, Commits
from simulator.errors import StoreUnusable
from simulator.store.ledger import Ledger


class Desk:
    """A ledger with something to record; how many events it held whenever somebody was told."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.failures: list[BaseException] = []
        self.commits = Commits(Clock(), self.ledger, self.failures.append)
        self.told: list[int] = []
        self.commits.followers.append(lambda _: self.told.append(self.recorded()))
        self.ledger.add_event(an_event(1))

    def recorded(self) -> int:
        count: int = self.ledger.db["events"].count
        return count


async def test_at_once_is_at_once_and_tells_what_was_touched() -> None:
    desk = Desk()
    desk.commits.followers.append(lambda changes: desk.told.extend(changes.events))
    desk.commits.now()
    assert (desk.recorded(), desk.told) == (1, [1, 1])


async def test_soon_is_before_this_pass_of_the_loop_is_over_and_once() -> None:
    desk = Desk()
    desk.commits.soon()
    desk.commits.soon()
    assert desk.recorded() == 0
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert desk.told == [1]


async def test_later_waits_for_what_comes_next() -> None:
    desk = Desk()
    desk.commits.later()
    await asyncio.sleep(0)
    assert desk.recorded() == 0
    desk.ledger.add_event(an_event(2))
    desk.commits.soon()
    await asyncio.sleep(0)
    await asyncio.sleep(3 * LATEST_SECONDS)
    assert desk.told == [2], "one transaction for both"


async def test_later_does_not_wait_for_ever() -> None:
    desk = Desk()
    desk.commits.later()
    async with asyncio.timeout(5):
        while not desk.told:
            await asyncio.sleep(LATEST_SECONDS)
    assert desk.told == [1]


async def test_once_stopped_nothing_is_written_by_itself() -> None:
    desk = Desk()
    desk.commits.soon()
    desk.commits.later()
    desk.commits.stop()
    await asyncio.sleep(3 * LATEST_SECONDS)
    assert desk.told == []


async def test_a_ledger_that_cannot_be_written_is_told_loudly_and_nobody_else_is_told() -> None:
    desk = Desk()
    desk.ledger.db.execute("DROP TABLE events")
    with pytest.raises(StoreUnusable):
        desk.commits.now()
    desk.commits.soon()
    await asyncio.sleep(0)
    assert [type(failure) for failure in desk.failures] == [StoreUnusable]
    assert desk.told == []
