"""Looking at a page: what is drawn, in which window, asked of the page's own modules."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from playwright.async_api import Page

Report = Mapping[str, Any]
OpenReport = Callable[..., Awaitable[Page]]


async def settle(page: Page) -> None:
    """Two frames: what was changed is drawn."""
    await page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def asked(page: Page, script: str, argument: Any = None) -> Any:
    """A script over the modules of the page and its timeline."""
    modules = "const sim = (name) => import(`sim/${name}.js`); const timeline = document.querySelector('sim-timeline');"
    return await page.evaluate(f"async (argument) => {{ {modules} {script} }}", argument)


async def drawn(page: Page, where: str = "svg.picture") -> int:
    """The attempts that marks, clusters and columns say they show."""
    return await page.evaluate(
        "(where) => [...document.querySelectorAll(`${where} [data-attempts]`)]"
        ".reduce((sum, one) => sum + Number(one.dataset.attempts), 0)",
        where,
    )


async def nodes(page: Page, where: str) -> int:
    return await page.evaluate("(where) => document.querySelectorAll(`${where} *`).length", where)


async def window(page: Page) -> dict[str, float]:
    return await asked(page, "return timeline.props.window;")


async def look(page: Page, start: float, end: float) -> None:
    """Show a window given as shares of the run."""
    script = """
      const { from, to } = timeline.props.scene.run;
      const at = (share) => Math.round(from + (to - from) * share);
      timeline.tell("window", { from: at(argument[0]), to: at(argument[1]) });
    """
    await asked(page, script, [start, end])
    await settle(page)


def attempts_within(document: Report) -> int:
    return sum(len(one["attempts"]) for one in document["deliveries"])
