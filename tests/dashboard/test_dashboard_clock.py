"""The clock on the page: it tells virtual time truly, and leads it forward, never back (ui: sections 3, 7, 14)."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from served import START, Served, SilentWire, at, served, status

from simulator.clock.pace import JUMP, parse_pace
from simulator.dashboard.pages import page_routes

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

SAMPLE = """
() => new Promise((done) => {
  const seen = [];
  const look = () => {
    const { now, live } = document.querySelector("sim-clock").props;
    seen.push([now, live.due]);
    if (seen.length < 60) requestAnimationFrame(look);
    else done(seen);
  };
  look();
})
"""


NATURAL = """() => [...document.querySelectorAll("sim-clock select.narrow")].filter((one) => {
  const copy = one.cloneNode(true);
  copy.style.setProperty("max-width", "none");
  one.after(copy);
  const wanted = copy.offsetWidth;
  copy.remove();
  return wanted > one.offsetWidth;
}).map((one) => one.getAttribute("aria-label"))"""


def button(page: Page, name: str) -> object:
    return page.locator("sim-clock").get_by_role("button", name=name)


async def instant(page: Page) -> str:
    return str(await page.locator("sim-clock time").get_attribute("datetime"))


async def test_a_paused_clock_stands_and_says_so(look, face: Served) -> None:
    page = await look(face)
    await expect(page.locator("sim-clock .pace")).to_contain_text("paused")
    before = await page.locator("main").inner_html()
    await page.wait_for_timeout(2000)
    assert await page.locator("main").inner_html() == before
    assert await instant(page) == at(0)


async def test_run_and_pause_by_button_and_by_key(look, face: Served) -> None:
    page = await look(face)
    await page.keyboard.press("Space")
    await expect(page.locator("sim-clock .pace")).not_to_contain_text("paused")
    await button(page, "Pause").click()
    await expect(page.locator("sim-clock .pace")).to_contain_text("paused")


async def test_space_holds_the_clock_after_a_click_on_a_speed(look, face: Served) -> None:
    """ui: section 7. What was clicked keeps the focus, and is not pressed again."""
    page = await look(face)
    for name, word in (("1440×", "running"), ("60×", "paused")):
        await button(page, name).click()
        await page.keyboard.press("Space")
        await expect(page.locator("sim-clock .pace")).to_contain_text(word)
    assert (await face.get("/simulator/clock")).json["speed"] == "60"


async def test_space_presses_the_button_that_keys_led_to(look, face: Served) -> None:
    page = await look(face)
    await button(page, "60×").click()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(button(page, "1×").first).to_be_focused()
    await page.keyboard.press("Space")
    await expect(button(page, "1×").first).to_have_attribute("aria-pressed", "true")
    assert (await face.get("/simulator/clock")).json["paused"] is True


async def test_the_menus_of_a_narrow_clock_are_wide_enough_for_their_words(look, face: Served) -> None:
    page = await look(face, size=(390, 844))
    cut = await page.evaluate(NATURAL)
    assert cut == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_what_is_shown_runs_smoothly_and_never_past_what_is_due(look) -> None:
    async with served(status(500), pace=parse_pace("600"), others=page_routes()) as face:
        face.subscribe()
        await face.emit()
        page = await look(face)
        seen = await page.evaluate(SAMPLE)
    instants = [now for now, _ in seen]
    assert instants == sorted(instants)
    assert len(set(instants)) > 10, "it moves between two words of the server"
    assert all(due is None or now <= due for now, due in seen)


async def test_every_speed_can_be_chosen(look, face: Served) -> None:
    page = await look(face)
    for name, speed in [("1×", "1"), ("60×", "60"), ("1440×", "1440"), ("Jump", "jump")]:
        await button(page, name).click()
        await expect(page.locator("sim-clock").get_by_role("button", name=name, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        assert (await face.get("/simulator/clock")).json["speed"] == speed
    await page.locator("sim-clock select.more").select_option("elastic")
    await expect(page.locator("sim-clock select.more")).to_have_class("more chosen")


@pytest.mark.parametrize(("name", "seconds"), [("+30 s", 30), ("+5 min", 300), ("+3 h", 10_800)])
async def test_a_step_leads_that_far_exactly(look, face: Served, name: str, seconds: int) -> None:
    page = await look(face)
    await button(page, name).click()
    await expect(page.locator("sim-clock time")).to_have_attribute("datetime", at(seconds))


async def test_next_leads_to_the_next_due_attempt_and_says_how_far_it_is(look) -> None:
    async with served(status(500), others=page_routes()) as face:
        face.subscribe()
        await face.emit()
        page = await look(face)
        await button(page, "Next in 30 s").click()
        await expect(button(page, "Next in 5 m")).to_be_visible()
        assert await instant(page) == at(30)


async def test_where_nothing_is_due_next_says_so(look, face: Served) -> None:
    page = await look(face)
    await expect(button(page, "Nothing due")).to_be_disabled()


async def test_an_instant_that_is_pinned_is_where_the_clock_goes(look, face: Served) -> None:
    page = await look(face)
    await page.evaluate("(at) => document.querySelector('sim-timeline').tell('pin', at)", START + 45_000_000)
    await button(page, "Advance to").click()
    await expect(page.locator("sim-clock time")).to_have_attribute("datetime", at(45))
    await expect(button(page, "Nothing due")).to_be_visible()


async def test_a_click_right_of_now_pins_and_escape_lets_go(look, face: Served) -> None:
    face.subscribe()
    await face.advance(3600)
    page = await look(face)
    box = await page.locator("svg.picture").bounding_box()
    await page.mouse.click(box["x"] + box["width"] - 30, box["y"] + box["height"] - 6)
    await expect(button(page, "Advance to")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(button(page, "Nothing due")).to_be_visible()


async def test_the_line_of_now_is_dragged_forward_and_the_clock_walks_there(look, face: Served) -> None:
    face.subscribe()
    await face.advance(3600)
    page = await look(face)
    box = await page.locator(".now-grip").bounding_box()
    x, y = box["x"] + 12, box["y"] + 8
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 15, y)
    told = await page.locator(".hairline.pin span").inner_text()
    await page.mouse.up()
    await page.wait_for_function(f"() => document.querySelector('sim-clock').props.now > {START + 3_600_000_000}")
    assert told.startswith("+")
    clock = (await face.get("/simulator/clock")).json
    assert clock["now"] > at(3600)
    assert clock["paused"]


async def test_backward_is_impossible_and_says_so(look, face: Served) -> None:
    face.subscribe()
    await face.advance(3600)
    page = await look(face)
    box = await page.locator(".now-grip").bounding_box()
    x, y = box["x"] + 12, box["y"] + 8
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 200, y)
    assert await page.locator(".hairline.pin span").inner_text() == "The clock never goes back"
    await page.mouse.up()
    await expect(page.locator("#said")).to_contain_text("never goes back")
    assert await instant(page) == at(3600)


async def test_a_clock_that_is_held_counts_what_is_on_the_wire(look) -> None:
    async with served(wire=SilentWire(), pace=JUMP, others=page_routes()) as face:
        face.subscribe()
        await face.emit()
        page = await look(face)
        await expect(page.locator("sim-clock .pace")).to_have_text("held, 1 on the wire")
        await expect(page.locator(".mark.wire").first).to_be_visible()


async def test_a_walk_that_is_under_way_shows_its_goal_and_can_be_broken_off(look) -> None:
    async with served(wire=SilentWire(), others=page_routes()) as face:
        face.subscribe()
        await face.emit()
        page = await look(face)
        await button(page, "+3 h").click()
        await expect(page.locator("sim-clock .pace")).to_contain_text("advancing to Fri 6 Mar 20:00")
        await button(page, "Cancel").click()
        await expect(page.locator("sim-clock .pace")).not_to_contain_text("advancing")


async def test_the_title_of_the_tab_tells(look, face: Served) -> None:
    page = await look(face)
    await expect(page).to_have_title("paused · Fri 17:00 · Aurora webhook simulator")
