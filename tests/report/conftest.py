"""A real Chromium with the network off, and reports opened from disk in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio
from browsing import a_chromium
from looking import OpenReport, Report
from playwright.async_api import Browser, ConsoleMessage, Page
from sample_report import big_report, sample_report

from simulator.report.html import html_report

TALL = 844
WIDE = 720


@pytest.fixture(scope="session")
def document() -> Report:
    return sample_report()


@pytest.fixture(scope="session")
def big() -> Report:
    return big_report()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with a_chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def on_disk(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Report], Path]:
    """Where a report lies on disk; the same document is written once."""
    folder = tmp_path_factory.mktemp("reports")
    written: list[tuple[Report, Path]] = []

    def write(document: Report) -> Path:
        for known, path in written:
            if known is document:
                return path
        path = folder / f"report-{len(written)}.html"
        path.write_text(html_report(document), encoding="utf-8")
        written.append((document, path))
        return path

    return write


@pytest_asyncio.fixture(loop_scope="module")
async def open_report(chromium: Browser, on_disk: Callable[[Report], Path]) -> AsyncIterator[OpenReport]:
    """Opens a report from disk; whatever the console says or the page asks of a network fails the test."""
    contexts, heard = [], []

    def listen(message: ConsoleMessage) -> None:
        heard.append(f"{message.type}: {message.text}")

    async def open_(document: Report, width: int = 1280, theme: str = "light", address: str = "") -> Page:
        height = TALL if width < 640 else WIDE
        context = await chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if theme == "dark" else "light",
            offline=True,
        )
        contexts.append(context)
        page = await context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on("request", lambda request: heard.append(request.url) if request.url.startswith("http") else None)
        await page.goto(on_disk(document).as_uri() + address)
        await page.locator("svg.picture").wait_for()
        return page

    yield open_
    for context in contexts:
        await context.close()
    assert heard == []
