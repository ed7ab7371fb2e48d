"""The page and the server agree whatever happens between them: nothing lost, nothing twice (ui: sections 9, 14)."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from line import a_line_to
from playwright.async_api import Page, expect
from served import Answer, Served, served, status

from simulator.clock.pace import JUMP
from simulator.dashboard.pages import page_routes
from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

REFUSED = ("status of 500",)
STATE = """
() => document.querySelector("sim-timeline").props.scene.deliveries
  .map((one) => [one.id, one.state, one.attempts.map((attempt) => attempt.number)])
"""


class Through:
    """A face as it is reached through a line."""

    def __init__(self, url: str) -> None:
        self.url = url


def wavering(chance: random.Random) -> Answer:
    """A receiver that fails two times in three, and is never disabled for it."""
    well, ill = status(200), status(500)

    def answer(request: Request, passage: Passage) -> Outcome:
        return (well if chance.random() < 1 / 3 else ill)(request, passage)

    return answer


async def told_by_rest(face: Served) -> list[Any]:
    found: list[Any] = []
    cursor = ""
    while True:
        page = (await face.get(f"/simulator/deliveries?limit=200{cursor}")).json
        found += [[one["id"], one["state"], [a["number"] for a in one["attempts"]]] for one in page["deliveries"]]
        if page["next"] is None:
            return found[::-1]
        cursor = f"&cursor={page['next']}"


async def agree(page: Page, face: Served) -> None:
    """Waits until the page shows what the API answers, delivery by delivery, attempt by attempt."""
    told = await told_by_rest(face)
    shown: Any = None
    for _ in range(100):
        shown = await page.evaluate(STATE)
        if shown == told:
            return
        await page.wait_for_timeout(100)
    assert shown == told


async def test_what_happens_appears(look, face: Served) -> None:
    face.subscribe()
    page = await look(face)
    await face.emit()
    await face.advance(1)
    await agree(page, face)
    await expect(page.locator(".row", has_text="200").first).to_be_visible()


async def test_a_stream_that_is_cut_again_and_again_loses_and_doubles_nothing(look) -> None:
    chance = random.Random(9)
    async with served(wavering(chance), pace=JUMP, others=page_routes()) as face, a_line_to(face.url) as line:
        face.subscribe()
        page = await look(Through(line.url))
        for _ in range(8):
            await face.emit(count=chance.randrange(20, 120), every="7m")
            await page.wait_for_timeout(chance.random() * 300)
            line.cut()
        await face.sim.settled()
        await agree(page, face)
        assert sum(len(one[2]) for one in await page.evaluate(STATE)) > 1000


async def test_a_server_that_is_gone_is_said_and_found_again(look, face: Served) -> None:
    async with a_line_to(face.url) as line:
        face.subscribe()
        page = await look(Through(line.url))
        line.dead = True
        line.cut()
        await expect(page.locator("sim-connection")).to_contain_text("Connection lost, retrying in")
        await expect(page.locator("sim-clock .pace")).to_have_text("connection lost")
        line.dead = False
        await face.emit()
        await face.advance(1)
        await page.get_by_role("button", name="Retry now").click()
        await agree(page, face)
        await expect(page.locator("sim-connection")).to_contain_text("Reconnected")


async def test_another_process_at_the_same_place_is_read_from_the_start(look, tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    async with served(path=path, others=page_routes()) as first, a_line_to(first.url) as line:
        first.subscribe()
        await first.emit()
        page = await look(Through(line.url))
        await agree(page, first)
        line.dead = True
        line.cut()
        second_path = tmp_path / "other.sqlite"
        async with served(path=second_path, others=page_routes()) as second:
            second.subscribe()
            for _ in range(3):
                await second.emit()
            line.target = type(line.target)(second.url)
            line.dead = False
            await page.get_by_role("button", name="Retry now").click()
            await agree(page, second)
            await expect(page.locator("sim-connection")).to_contain_text("The server restarted")


async def test_a_stream_that_is_refused_once_is_tried_again(look, face: Served) -> None:
    async with a_line_to(face.url) as line:
        page = await look(Through(line.url), loud=REFUSED)
        line.answer = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        line.cut()
        await expect(page.locator("sim-connection")).to_contain_text("Connection lost")
        line.answer = b""
        face.subscribe()
        await face.emit()
        await agree(page, face)


async def test_six_hidden_pages_do_not_keep_the_seventh_out(look, face: Served) -> None:
    """A browser has six connections for a host: a hidden page lets its own go."""
    page = await look(face)
    hide = "() => Object.defineProperty(document, 'hidden', { get: () => window.away, configurable: true })"
    await page.clock.install()
    await page.reload()
    await page.locator("svg.picture").wait_for()
    await page.evaluate(hide)
    await page.evaluate("() => { window.away = true; document.dispatchEvent(new Event('visibilitychange')); }")
    assert face.desk.feed.readers > 0
    face.subscribe()
    await page.clock.run_for(61_000)
    for _ in range(50):
        if face.desk.feed.readers == 0:
            break
        await face.emit()  # the server notices at its next word
        await asyncio.sleep(0.1)
    assert face.desk.feed.readers == 0
    await face.emit()
    await page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    await page.clock.run_for(1000)
    assert await told_by_rest(face)
    for _ in range(50):
        await page.clock.run_for(100)
        if await page.evaluate(STATE) == await told_by_rest(face):
            break
    assert await page.evaluate(STATE) == await told_by_rest(face)
