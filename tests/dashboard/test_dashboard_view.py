"""What is shown of the state, at every width, by mouse and by key, and in the address (ui: sections 3, 7, 14)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, expect
from served import START, Served, at, served, status

from simulator.clock.pace import parse_pace
from simulator.dashboard.pages import page_routes
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND, format_instant, parse_instant

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

WINDOW = "() => document.querySelector('sim-timeline').props.window"
DRAWN = """
() => [...document.querySelectorAll("svg.picture [data-attempts]")]
  .reduce((sum, one) => sum + Number(one.dataset.attempts), 0)
"""


async def nodes(page: Page, where: str) -> int:
    return int(await page.evaluate("(where) => document.querySelectorAll(`${where} *`).length", where))


async def ladders(face: Served, count: int = 3) -> None:
    """A few failing ladders, some way up."""
    face.subscribe(name="crm")
    face.subscribe(name="jobs", event="project_created")
    await face.emit(count=count, every="7m")
    await face.advance(4000)


SIZES = {(320, 640): 110, (390, 844): 100, (720, 800): 110, (1020, 700): 110, (1280, 720): 64}
"""Widths and heights, and how tall the header may be."""


async def test_it_fits_without_scrolling_sideways(look, face: Served) -> None:
    await ladders(face)
    page = await look(face)
    for (width, height), tallest in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)
        clock = await page.locator("sim-clock time").bounding_box()
        assert clock["height"] <= 30, "the clock stands on one line"
        header = await page.locator("header").bounding_box()
        assert header["height"] <= tallest, (width, header)
        lane = await page.locator("g.lane").first.bounding_box()
        assert height < 700 or lane["y"] + 20 < height, "the first lane is seen without scrolling"


async def test_every_attempt_is_drawn_and_a_fault_and_a_disabled_stretch_are_shown(look) -> None:
    async with served(status(500), others=page_routes()) as face:
        made = face.subscribe(name="crm")
        await face.emit(count=3, every="7m")
        await face.advance(600)
        face.sim.inject(Fault("outage", FaultKind.REFUSE, since=face.sim.clock.now()))
        await face.advance(3000)
        face.sim.subscriptions.disable(made.id)
        await face.advance(600)
        page = await look(face)
        told = (await face.get("/simulator/snapshot")).json["totals"]
        assert await page.evaluate(DRAWN) == told["attempts"] > 5
        await expect(page.locator("svg.picture .fault").first).to_be_visible()
        await expect(page.locator("svg.picture .disabled").first).to_be_visible()
        assert await page.locator("svg.picture .mark.due").count() == 0, "no ring right of now in a disabled lane"


async def test_follow_keeps_now_in_its_place_and_a_drag_lets_go(look) -> None:
    async with served(status(500), pace=parse_pace("600"), others=page_routes()) as face:
        await ladders(face)
        page = await look(face)
        await page.keyboard.press("g")
        await page.get_by_role("button", name="10 min").click()
        for _ in range(3):
            await page.wait_for_timeout(150)
            share = await page.evaluate(
                "() => { const { window, now } = document.querySelector('sim-timeline').props;"
                " return (now - window.from) / (window.to - window.from); }"
            )
            assert abs(share - 0.72) < 0.02
        assert "f=600" in page.url
        await page.get_by_role("button", name="Earlier").click()
        await expect(page.get_by_role("button", name="Follow now")).to_have_attribute("aria-pressed", "false")


async def test_reload_and_back_come_to_the_same_view(look, face: Served) -> None:
    await ladders(face)
    page = await look(face)
    await page.locator(".row").first.click()
    await expect(page.locator("sim-inspector h2")).to_contain_text("Delivery")
    await page.get_by_role("button", name=re.compile("delivered")).first.click()
    await page.get_by_role("tab", name="Subscriptions").click()
    address = page.url
    assert "d=" in address
    assert "p=subscriptions" in address
    await page.reload()
    await page.locator("svg.picture").wait_for()
    assert page.url == address
    await expect(page.get_by_role("tab", name="Subscriptions")).to_have_attribute("aria-selected", "true")
    await page.go_back()
    await expect(page.get_by_role("tab", name="Deliveries")).to_have_attribute("aria-selected", "true")


async def test_a_count_is_a_filter_and_the_rest_stays_in_sight(look, face: Served) -> None:
    await ladders(face)
    page = await look(face)
    await page.get_by_role("button", name=re.compile(r"\d+ pending")).click()
    await expect(page.get_by_text("No delivery matches")).to_be_visible()
    await expect(page.locator("svg.picture .rest .mark").first).to_be_attached()
    await page.get_by_role("button", name="Clear filter").click()
    await expect(page.locator(".row").first).to_be_visible()


async def test_new_rows_do_not_move_what_is_read(look, face: Served) -> None:
    face.subscribe()
    await face.emit(count=200)
    await face.advance(1)
    page = await look(face)
    rows = page.locator(".rows")
    await rows.evaluate("(one) => { one.scrollTop = 1400; }")
    await page.wait_for_function("() => document.querySelector('.row').id !== 'row-200'")
    first = await page.locator(".row").first.get_attribute("id")
    await face.emit(count=12)
    await face.advance(1)
    await expect(page.get_by_role("button", name="12 new")).to_be_visible()
    assert await page.locator(".row").first.get_attribute("id") == first
    await page.get_by_role("button", name="12 new").click()
    await expect(page.locator("#row-212")).to_be_visible()


def shifted(record: Any, by: int, number: int) -> Any:
    """The same delivery, so many microseconds later and under another number."""
    instants = {"occurred_at", "due_at", "started_at", "ended_at", "next_due_at"}

    def moved(one: dict[str, Any]) -> dict[str, Any]:
        return {
            name: format_instant(parse_instant(value) + by) if name in instants and value else value
            for name, value in one.items()
        }

    return {**moved(record), "id": number, "attempts": [moved(one) for one in record["attempts"]]}


async def test_fifty_thousand_attempts_are_few_nodes_and_all_of_them_are_counted(look) -> None:
    async def show(_: web.Request) -> web.Response:
        return web.json_response(snapshot)

    large = web.get("/simulator/snapshot", show)
    async with served(status(500), others=page_routes()) as small:
        for name in ("crm", "jobs", "mail"):
            small.subscribe(name=name)
        await small.emit()
        await small.settle()
        snapshot = (await small.get("/simulator/snapshot")).json
    three = snapshot["deliveries"]
    snapshot["deliveries"] = [shifted(three[number % 3], number * 60 * SECOND, number + 1) for number in range(8_400)]
    snapshot["live"]["now"] = format_instant(START + 10_000 * 60 * SECOND)
    async with served(others=[large, *page_routes()]) as face:
        page = await look(face)
        assert await page.evaluate(DRAWN) == 50_400
        assert await nodes(page, "svg.picture") <= 400
        assert await nodes(page, ".rows") <= 400
        await page.get_by_role("button", name="6 h").click()
        await page.wait_for_function(
            f"() => {{ const drawn = ({DRAWN.strip()})(); return 0 < drawn && drawn < 10000; }}"
        )
        assert await nodes(page, "svg.picture") <= 400


async def test_a_first_success_with_keys_alone(look) -> None:
    async with served(status(500), others=page_routes()) as face:
        face.desk.timekeeper.change(speed=parse_pace("60"), paused=True)
        face.subscribe(name="crm")
        await face.emit()
        page = await look(face)
        await page.keyboard.press("n")
        await expect(page.locator("sim-clock time")).to_have_attribute("datetime", at(30))
        await page.keyboard.press("j")
        await expect(page.locator("sim-inspector h2")).to_contain_text("Delivery 1")
        await page.keyboard.press("Enter")
        await expect(page.locator("sim-inspector h2")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.get_by_text("Select a delivery")).to_be_attached()
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox", name="Filter deliveries")).to_be_focused()
        await page.keyboard.type("state:pending n")
        assert (await face.get("/simulator/clock")).json["now"] == at(30), "a key in a text field is a letter"


async def test_the_help_lists_every_key_and_can_turn_them_off(look, face: Served) -> None:
    page = await look(face)
    await page.keyboard.press("?")
    shown = await page.locator("dialog.keys dt").all_inner_texts()
    assert "".join(shown).count("n") >= 1
    await page.get_by_label("Single keys act").uncheck()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await expect(page.get_by_role("button", name="Follow now")).to_have_attribute("aria-pressed", "false")


async def test_tabs_are_walked_with_arrows_and_focus_is_seen(look, face: Served) -> None:
    page = await look(face)
    await page.get_by_role("tab", name="Deliveries").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("tab", name="Events")).to_be_focused()
    outline = await page.get_by_role("tab", name="Events").evaluate("(one) => getComputedStyle(one).outlineStyle")
    assert outline == "solid"


async def test_with_reduced_motion_nothing_moves(look, face: Served) -> None:
    await ladders(face)
    page = await look(face, reduced_motion="reduce")
    assert await page.evaluate("() => document.getAnimations().length") == 0


async def test_what_a_receiver_or_a_tenant_says_stays_text(look, face: Served) -> None:
    evil = "</script><img src=x onerror=alert(1)>"
    face.subscribe(name=evil)
    await face.emit(attributes={"LEAD_ID": evil}, lenient=True)
    await face.advance(1)
    page = await look(face)
    await page.locator(".row").first.click()
    await expect(page.locator("sim-inspector")).to_contain_text("onerror=alert(1)")
    assert await page.locator("img[src=x]").count() == 0
