"""What the page fetches at first, what comes with its part, and what all of it weighs (ui: section 10)."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, Route, expect
from served import served

from simulator.dashboard.pages import page, page_routes
from simulator.dashboard.pieces import first_modules, first_sheets, imports, pieces

in_a_browser = pytest.mark.asyncio(loop_scope="module")
Look = Callable[..., Awaitable[Page]]

FIRST_LOOK = 66_000
"""Bytes on the wire of page, modules and stylesheets; headers, and what the API answers, are not counted."""

EMPTY_LOOK = 70_000
"""The same where nothing happened yet: the page also says how to begin."""

FIRST = {*first_modules(), *first_sheets(), "icon.svg"}
MODULES = [name for name in pieces() if name.endswith(".js")]
IN_PARTS = set(re.findall(r'"(\w+\.(?:js|css))"', pieces()["parts.js"].content.decode()))
DYNAMIC = re.compile(r'import\("sim/(\w+\.js)"\)')
FETCHED = """() => {
  const first = performance.getEntriesByType("navigation");
  const all = performance.getEntriesByType("resource").filter((one) => one.name.includes("/static/"));
  return Object.fromEntries([...first, ...all].map((one) => [new URL(one.name).pathname, one.encodedBodySize]));
}"""


def later() -> set[str]:
    """What may be fetched after the first look: the files of the parts, and what hangs on them."""
    found = [*IN_PARTS, *(one for name in MODULES for one in DYNAMIC.findall(pieces()[name].content.decode()))]
    for name in found:
        found += [one for one in (imports(name) if name.endswith(".js") else ()) if one not in found]
    return set(found)


def test_every_file_is_there_at_first_or_comes_with_a_part() -> None:
    assert FIRST | later() == pieces().keys()


def test_no_part_that_comes_later_is_there_at_first() -> None:
    assert IN_PARTS.isdisjoint(FIRST)


OWN = {"events.css": "event|happened", "lessons.css": "lesson", "faults.css": "fault"}
"""The names by which the stylesheet of a part keeps to itself, where the part's own would not do."""


@pytest.mark.parametrize("sheet", sorted(name for name in IN_PARTS if name.endswith(".css")))
def test_the_stylesheet_of_a_part_touches_no_other_part(sheet: str) -> None:
    text = re.sub(r"/\*.*?\*/", "", pieces()[sheet].content.decode(), flags=re.DOTALL)
    own = re.compile(OWN.get(sheet, sheet.removesuffix(".css")))
    rules = [one.strip() for one in re.findall(r"([^{}]+)\{", text) if not one.strip().startswith("@")]
    selectors = [one for rule in rules for one in re.split(r",\s+(?![^(]*\))", rule)]
    assert selectors
    assert selectors
    assert [one for one in selectors if not own.search(one)] == []


def test_a_first_look_weighs_no_more_than_this() -> None:
    weights = {"/": len(page().packed)} | {name: len(pieces()[name].packed) for name in FIRST}
    heaviest = sorted(weights.items(), key=lambda one: -one[1])
    assert sum(weights.values()) <= FIRST_LOOK, f"{sum(weights.values())} bytes: {heaviest}"


@in_a_browser
@pytest.mark.browser
async def test_a_browser_fetches_what_the_first_look_needs_and_nothing_else(look: Look) -> None:
    async with served(others=page_routes()) as face:
        face.subscribe(name="crm")
        await face.emit()
        await face.advance(1)
        shown = await look(face)
        await shown.locator(".row").first.wait_for()
        fetched = await shown.evaluate(FETCHED)
    assert fetched.keys() == {"/", *(f"/static/{name}" for name in FIRST)}
    assert sum(fetched.values()) <= FIRST_LOOK


@in_a_browser
@pytest.mark.browser
async def test_a_page_on_which_nothing_happened_yet_fetches_how_to_begin_as_well(look: Look) -> None:
    async with served(others=page_routes()) as face:
        shown = await look(face)
        await expect(shown.get_by_role("heading", name="No subscription yet")).to_be_visible()
        fetched = await shown.evaluate(FETCHED)
    assert {name.rpartition("/")[2] for name in fetched} - FIRST == {"", "empty.js", "definition.js"}
    assert sum(fetched.values()) <= EMPTY_LOOK


@in_a_browser
@pytest.mark.browser
async def test_what_is_typed_while_a_dialog_is_fetched_is_no_key_of_the_page(look: Look) -> None:
    async with served(others=page_routes()) as face:
        face.subscribe(name="crm")
        await face.emit()
        shown = await look(face)
        typed = asyncio.Event()

        async def late(route: Route) -> None:
            await typed.wait()
            await route.continue_()

        await shown.route("**/static/emit.js", late)
        await shown.keyboard.press("e")
        await shown.keyboard.type("lead")
        typed.set()
        await expect(shown.get_by_role("dialog", name="Emit an event")).to_be_visible()
        await expect(shown.get_by_role("dialog")).to_have_count(1)
        await shown.keyboard.press("Escape")
        await expect(shown.get_by_role("dialog")).to_have_count(0)
        await shown.keyboard.press("?")
        await expect(shown.get_by_role("dialog", name="Keys")).to_be_visible()


@in_a_browser
@pytest.mark.browser
async def test_a_key_right_after_a_dialog_is_closed_is_no_text_for_a_field_of_it(look: Look) -> None:
    """The field keeps the focus until the page is drawn again."""
    async with served(others=page_routes()) as face:
        shown = await look(face)
        await shown.keyboard.press("e")
        await expect(shown.get_by_role("dialog", name="Emit an event")).to_be_visible()
        await shown.evaluate("""() => {
            const field = document.activeElement;
            field.closest("dialog").close();
            field.dispatchEvent(new KeyboardEvent("keydown", { key: "?", bubbles: true }));
        }""")
        await expect(shown.get_by_role("dialog", name="Keys")).to_be_visible()


@in_a_browser
@pytest.mark.browser
async def test_a_part_whose_file_cannot_be_had_is_said_and_comes_when_it_is_wanted_again(look: Look) -> None:
    async with served(others=page_routes()) as face:
        face.subscribe(name="crm")
        await face.emit()
        shown = await look(face, loud=("ERR_FAILED",))

        refused: list[str] = []

        async def refuse_each_once(route: Route) -> None:
            file = route.request.url
            if file in refused:
                await route.continue_()
                return
            refused.append(file)
            await asyncio.sleep(0.3 if file.endswith(".css") else 0)  # one fails after the other
            await route.abort()

        await shown.route("**/static/emit.*", refuse_each_once)
        await shown.keyboard.press("e")
        said = shown.locator("#said")
        await expect(said).to_have_text("the file of emit could not be read; is the simulator still running?")
        await shown.keyboard.press("e")
        await expect(shown.get_by_role("dialog", name="Emit an event")).to_be_visible()


@in_a_browser
@pytest.mark.browser
async def test_a_panel_that_could_not_be_had_comes_when_its_tab_is_pressed_again(look: Look) -> None:
    async with served(others=page_routes()) as face:
        face.subscribe(name="crm")
        await face.emit()
        shown = await look(face, loud=("ERR_FAILED",))
        await shown.route("**/static/subscriptions.js", lambda route: route.abort())
        tab = shown.get_by_role("tab", name="Subscriptions")
        await tab.click()
        await expect(shown.locator("#said")).to_contain_text("the file of subscriptions could not be read")
        await shown.unroute("**/static/subscriptions.js")
        await tab.click()
        await expect(shown.get_by_role("heading", name="crm")).to_be_visible()
