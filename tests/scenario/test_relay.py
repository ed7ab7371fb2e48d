"""Receivers for one run after the other: fresh ones, started early, and none left behind."""

from __future__ import annotations

import asyncio
import gc

import pytest
from aiohttp import ClientConnectionError, ClientSession

from simulator.errors import Unavailable
from simulator.scenario.relay import Relay
from simulator.scenario.scenario import Demands

NOTHING = Demands()


async def status(url: str) -> int:
    async with ClientSession() as session, session.get(f"{url}/lead_created?lead_id=1") as answer:
        return answer.status


async def test_each_run_gets_a_receiver_of_its_own_and_the_former_is_stopped():
    async with Relay([("robust", NOTHING)] * 2) as relay:
        first = await relay.next()
        assert await status(first) == 200
        second = await relay.next()
        assert second != first
        assert await status(second) == 200
        with pytest.raises(ClientConnectionError):
            await status(first)
    with pytest.raises(ClientConnectionError):
        await status(second)


async def test_a_receiver_demands_what_its_run_wants():
    """E7"""
    async with Relay([("robust", Demands(header_auth=("X-Token", "secret")))]) as relay:
        assert await status(await relay.next()) == 401


async def test_a_url_is_somebody_elses_to_start():
    async with Relay([("http://127.0.0.1:9/base", NOTHING)]) as relay:
        assert await relay.next() == "http://127.0.0.1:9/base"


async def test_one_that_does_not_start_is_told_when_its_turn_comes():
    async with Relay([("robust", NOTHING), ("no such kind", NOTHING)]) as relay:
        assert await status(await relay.next()) == 200
        with pytest.raises(Unavailable, match='"no such kind" did not start'):
            await relay.next()


async def test_one_that_is_still_starting_is_stopped_too():
    """A process that was left behind would warn when it is collected, and warnings are errors here."""
    async with Relay([("robust", NOTHING)] * 2) as relay:
        await relay.next()
    assert asyncio.all_tasks() == {asyncio.current_task()}
    gc.collect()
