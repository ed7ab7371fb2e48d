"""Takes the pictures: `make pictures`. Each shows what a command of the README made, in a real browser.

The README's stand beside this file; the other states of the live page, for whoever works on it, in `build/pictures/`.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.request import Request, urlopen

from playwright.async_api import Browser, Page, ViewportSize, async_playwright

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STATES = ROOT / "build" / "pictures"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}
Theme = Literal["light", "dark"]

SUBSCRIPTIONS = {
    "crm": "agreement_status_changed",
    "job tracker": "project_changed",
    "design archive": "design_created",
    "lead mailer": "lead_created",
}


def main() -> None:
    STATES.mkdir(parents=True, exist_ok=True)
    asyncio.run(take_all())


async def take_all() -> None:
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit(f"pictures need a browser: one of {', '.join(BROWSERS)}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        await take_report(browser)
        with process("serve", "--port", "0", "--speed", "jump", "--seed", "7") as empty:
            await take(browser, empty, "empty")
        with process("receiver", "--port", "0") as receiver, serving() as page:
            weekend(page, receiver)
            await take_page(browser, page)
        await browser.close()


async def take_report(browser: Browser) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "simulator", "run", "scenarios/weekend-outage.yaml", "--out", folder]
        subprocess.run(run, cwd=ROOT, check=True, capture_output=True)
        page = await browser.new_page(viewport=WIDE, color_scheme="light")
        await page.goto((Path(folder) / "report.html").as_uri())
        await page.wait_for_selector("svg.picture")
        await page.screenshot(path=HERE / "report.png")
        await page.close()


async def take_page(browser: Browser, url: str) -> None:
    """The page in its main states: whole, with one delivery open, panel by panel, and its dialogs."""
    await take(browser, url, "dashboard", folder=HERE)
    await take(browser, url, "dark", theme="dark")
    for theme in ("light", "dark"):
        await take(browser, url, f"phone-{theme}", size=PHONE, theme=theme)  # type: ignore[arg-type] - of two words
    await take(browser, url, "delivery", address="#d=3")
    await take(browser, url, "delivery-phone", address="#d=3", size=PHONE, theme="dark")
    for panel in ("events", "subscriptions", "faults", "receiver"):
        await take(browser, url, f"panel-{panel}", address=f"#p={panel}", scroll=True)
    for name, key in {"keys": "?", "emit": "e", "lessons": "l"}.items():
        await take(browser, url, f"dialog-{name}", press=key)


async def take(
    browser: Browser,
    url: str,
    name: str,
    *,
    folder: Path = STATES,
    address: str = "",
    size: ViewportSize = WIDE,
    theme: Theme = "light",
    press: str = "",
    scroll: bool = False,
) -> None:
    page: Page = await browser.new_page(viewport=size, color_scheme=theme)
    await page.goto(f"{url}/{address}")
    await page.wait_for_selector("svg.picture")
    if scroll:
        await page.locator(".panels").scroll_into_view_if_needed()
    if press:
        await page.keyboard.press(press)
    await page.wait_for_timeout(1500)  # what is asked of the server has come, and nothing is on its way in any more
    await page.screenshot(path=folder / f"{name}.png")
    await page.close()


def weekend(page: str, receiver: str) -> None:
    """An outage of six hours, a wrong URL that is corrected, a receiver that fails until it is disabled."""
    right = templates(page, receiver)
    made = {
        name: ask(page, "subscriptions", {"name": name, "definition": {"event": event, "url_template": right[event]}})
        for name, event in SUBSCRIPTIONS.items()
    }
    tracker = f"subscriptions/{made['job tracker']['id']}"
    ask(page, "events", {"story": "lead_to_signature", "count": 20, "every": "40m"})
    ask(page, "clock/advance", {"by": "18h"})
    wrong = right["project_changed"].replace("project_changed", "project_change")
    ask(page, tracker, {"definition": {"url_template": wrong}}, "PATCH")
    ask(page, "faults", {"kind": "refuse", "subscription": "crm", "for": "6h", "name": "load balancer"})
    ask(page, "faults", {"kind": "status", "status": 500, "subscription": "lead mailer", "name": "mailer"})
    ask(page, "events", {"event": "lead_created", "count": 28, "every": "7m"})
    ask(page, "events", {"event": "agreement_status_changed", "count": 8, "every": "47m"})
    ask(page, "events", {"event": "project_changed", "count": 6, "every": "90m"})
    ask(page, "clock/advance", {"by": "11h"})
    ask(page, tracker, {"definition": {"url_template": right["project_changed"]}}, "PATCH")
    ask(page, "events", {"event": "design_deleted", "tenant": "another"})
    ask(page, "clock/advance", {"by": "4h"})


def templates(page: str, receiver: str) -> dict[str, str]:
    """What the provider suggests for every event, sent to this receiver."""
    with urlopen(f"{page}/simulator/catalogue", timeout=20) as answer:
        events = json.load(answer)["events"]
    return {one["event"]: re.sub(r"^https?://[^/]+", receiver, one["suggested_template"]) for one in events}


def ask(page: str, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    data = json.dumps(body).encode()
    request = Request(f"{page}/simulator/{path}", data, {"Content-Type": "application/json"}, method=method)
    with urlopen(request, timeout=120) as answer:
        return json.load(answer)


@contextmanager
def serving() -> Iterator[str]:
    """A server whose clock only goes where it is led."""
    with process("serve", "--port", "0", "--speed", "60", "--seed", "7") as url:
        ask(url, "clock", {"paused": True}, "PATCH")
        yield url


@contextmanager
def process(*words: str) -> Iterator[str]:
    """A command that stays; its address."""
    command = [sys.executable, "-m", "simulator", *words]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout
        first = next(line for line in running.stdout if "http://" in line)
        try:
            yield "http://" + first.partition("http://")[2].split()[0].rstrip("/")
        finally:
            running.terminate()


if __name__ == "__main__":
    main()
