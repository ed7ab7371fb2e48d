"""A real Chromium for tests, or the reason why there is none."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
EXECUTABLE = next(filter(None, map(shutil.which, NAMES)), None)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,InitialWebUI",
)


@asynccontextmanager
async def a_chromium() -> AsyncIterator[Browser]:
    """Runs while the block lasts; skips the test where the machine has none."""
    if EXECUTABLE is None:
        pytest.skip(f"no Chromium on this machine (looked for {', '.join(NAMES)}): browser tests are left out")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=EXECUTABLE, args=list(ARGUMENTS))
        yield browser
        await browser.close()
