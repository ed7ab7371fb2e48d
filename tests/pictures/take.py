"""Takes the README's pictures: `make pictures`. Each shows what a command of the README made, in a real browser."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.async_api import ViewportSize, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIZE: ViewportSize = {"width": 1280, "height": 860}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "simulator", "run", "scenarios/weekend-outage.yaml", "--out", folder]
        subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
        asyncio.run(shoot(Path(folder) / "report.html", HERE / "report.png"))


async def shoot(page_file: Path, picture: Path) -> None:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"pictures need a browser: one of {', '.join(BROWSERS)}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = await browser.new_page(viewport=SIZE, color_scheme="light")
        await page.goto(page_file.as_uri())
        await page.wait_for_selector("svg.picture")
        await page.screenshot(path=picture)
        await browser.close()


if __name__ == "__main__":
    main()
