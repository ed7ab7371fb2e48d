"""A simulation with its page, and a real Chromium that looks at it; the console must stay silent."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio
from browsing import a_chromium
from playwright.async_api import Browser, Page
from served import Served, served

from simulator.clock.pace import parse_pace
from simulator.dashboard.pages import page_routes

WIDE = (1280, 720)
GONE = ("ERR_CONNECTION", "ERR_INCOMPLETE", "ERR_EMPTY")  # what Chromium says where a test takes the server away
Look = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with a_chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def face() -> AsyncIterator[Served]:
    """A paused simulation whose receivers answer 200, with its page; let go, it runs at 60."""
    async with served(others=page_routes()) as one:
        one.desk.timekeeper.change(speed=parse_pace("60"), paused=True)
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def look(chromium: Browser) -> AsyncIterator[Look]:
    """Opens the page of a face; whatever the console says, or is asked of another host, fails the test.

    `loud` lists words of console lines that the test brings about itself: a refused request is such a line.
    """
    heard: list[str] = []
    async with AsyncExitStack() as stack:

        async def look_at(
            face: Served,
            address: str = "/",
            *,
            size: tuple[int, int] = WIDE,
            theme: str = "light",
            loud: tuple[str, ...] = (),
            **options: Any,
        ) -> Page:
            scheme: Any = theme
            context = await chromium.new_context(
                viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, **options
            )
            stack.push_async_callback(context.close)
            page = await context.new_page()
            page.set_default_timeout(10_000)

            def hear(text: str) -> None:
                if not any(word in text for word in (*GONE, *loud)):
                    heard.append(text)

            page.on("console", lambda message: hear(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: hear(f"error: {error}"))
            page.on("request", lambda one: None if one.url.startswith(face.url) else hear(one.url))
            await page.goto(face.url + address)
            await page.locator("svg.picture").wait_for()
            return page

        yield look_at
    assert heard == []
