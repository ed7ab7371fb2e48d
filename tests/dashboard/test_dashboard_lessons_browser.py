"""Lessons on the page: the menu begins one, the strip leads through it, the page shows what it speaks of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from served import Served
from taught import LESSON, begin, go_on, taught

from simulator.dashboard.pages import page_routes
from simulator.scenario.library import shipped_lessons

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

REFUSED = ("409 (Conflict)",)
LATE_CLOCK = """
  const add = EventSource.prototype.addEventListener;
  EventSource.prototype.addEventListener = function (name, act) {
    return add.call(this, name, name === "clock" ? (event) => setTimeout(act, 400, event) : act);
  };
"""

HELD_CHANGES = """
  const add = EventSource.prototype.addEventListener;
  const held = [];
  EventSource.prototype.addEventListener = function (name, act) {
    const keep = (event) => (window.hold ? held.push([act, event]) : act(event));
    return add.call(this, name, name === "changes" ? keep : act);
  };
  window.release = async () => {
    window.hold = false;
    for (const [act, event] of held) {
      act(event);
      for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
    }
    return held.length;
  };
"""


@pytest_asyncio.fixture(loop_scope="module")
async def school() -> AsyncIterator[Served]:
    """Tests ask for it before they ask for `look`: pages are closed before their server is."""
    async with taught(others=page_routes()) as one:
        yield one


async def menu(page: Page) -> None:
    await page.get_by_role("button", name="Lessons", exact=True).click()
    await expect(page.get_by_role("dialog", name="Lessons")).to_be_visible()


async def begin_here(page: Page, title: str = "Retries") -> None:
    await menu(page)
    await page.get_by_role("button", name=f"Begin the lesson {title}").click()
    await expect(strip(page)).to_be_visible()


def strip(page: Page):
    return page.get_by_role("region", name="Lesson", exact=True)


def way(page: Page, name: str):
    return strip(page).get_by_role("button", name=name, exact=True)


async def test_the_menu_lists_every_lesson_with_what_it_shows(school: Served, look) -> None:
    page = await look(school)
    await expect(strip(page)).to_be_hidden()
    await menu(page)
    rows = page.get_by_role("dialog").get_by_role("listitem")
    await expect(rows).to_have_count(len([name for name in shipped_lessons() if "/aura/" not in name]))
    await expect(rows.first).to_contain_text("A CRM is down for half an hour")
    await expect(rows.first).to_contain_text("5 stops · 36 m 30 s of virtual time")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_strip_leads_from_stop_to_stop_and_the_page_shows_what_it_speaks_of(school: Served, look) -> None:
    page = await look(school)
    await begin_here(page)
    filtered = page.get_by_role("searchbox", include_hidden=True)
    await expect(strip(page)).to_contain_text("all is well")
    await expect(strip(page)).to_contain_text("1 of 5")
    await expect(page.get_by_role("tab", name="Subscriptions")).to_have_attribute("aria-selected", "true")
    await expect(filtered).to_have_value("sub:lesson-1-crm")
    await way(page, "Sign the agreement").click()
    await expect(strip(page)).to_contain_text("The first attempt was refused")
    await way(page, "Show me the retry").click()
    await expect(strip(page)).to_contain_text("Refused again")
    await expect(page.locator("sim-inspector h2")).to_contain_text("Delivery 1")
    await way(page, "Wait 5 minutes").click()
    await expect(page.get_by_role("tab", name="Faults")).to_have_attribute("aria-selected", "true")
    await way(page, "Wait 30 minutes").click()
    await expect(strip(page)).to_contain_text("5 of 5")
    await expect(filtered).to_have_value("sub:lesson-1-crm state:delivered")
    await way(page, "Finish").click()
    await expect(strip(page)).to_be_hidden()
    assert (await school.get(LESSON)).json == {"lesson": None}


async def test_its_own_subscriptions_come_first_and_into_view(school: Served, look) -> None:
    """At stop 4 of a corrected URL, beside twenty subscriptions and far down the page."""
    for number in range(20):
        school.subscribe(name=f"own-{number}", tenant=f"t{number}")
    page = await look(school)
    await begin_here(page, "A mistyped path")
    for words in ("Complete a job", "Wait for two retries"):
        await way(page, words).click()
    await expect(strip(page)).to_contain_text("3 of 5")
    await page.get_by_role("tab", name="Subscriptions").click()
    await page.get_by_role("listitem", name="Subscription own-19").scroll_into_view_if_needed()
    await way(page, "Correct the URL").click()
    await expect(strip(page)).to_contain_text("The URL is corrected")
    cards = page.locator("sim-subscriptions li.subscription")
    await expect(cards).to_have_count(21)
    await expect(cards.first).to_have_accessible_name("Subscription lesson-1-jobs")
    await expect(cards.first.get_by_role("heading")).to_be_in_viewport(ratio=1)


async def test_now_is_in_sight_where_the_clock_has_walked_for_hours(school: Served, look) -> None:
    """At stop 4 of an auto-disable nothing is due any more, and the reader is to look right of now."""
    page = await look(school)
    await page.add_init_script(LATE_CLOCK)  # it comes after what happened, and frames may be drawn in between
    await page.reload()
    await begin_here(page, "Disabled and brought back")
    for stop in (2, 3, 4):
        await strip(page).locator(".next").click()
        await expect(strip(page)).to_contain_text(f"{stop} of 7")
    now = (await school.get("/simulator/clock")).json["now"]
    await expect(page.locator("sim-clock time")).to_have_attribute("datetime", now)
    assert await page.evaluate(
        """() => {
          const { window, now } = document.querySelector("sim-timeline").props;
          return window.from < now && now < window.to;
        }"""
    )
    await expect(page.locator("sim-timeline .flag").first).to_be_attached()


async def test_what_floats_in_the_picture_stays_below_the_strip(school: Served, look) -> None:
    page = await look(school, size=(1280, 240))
    await begin_here(page)
    covered = await page.evaluate(
        """() => {
          const [strip, grip] = ["sim-lesson", ".now-grip"].map((name) => document.querySelector(name));
          const far = grip.getBoundingClientRect().top - strip.getBoundingClientRect().top - 10;
          scrollBy({ top: far, behavior: "instant" });
          const { left, top, width } = grip.getBoundingClientRect();
          return document.elementFromPoint(left + width / 2, top + 8).closest("sim-lesson") === strip;
        }"""
    )
    assert covered


async def test_who_leaves_sees_everything_again(school: Served, look) -> None:
    page = await look(school)
    await begin_here(page)
    await way(page, "Sign the agreement").click()
    await way(page, "Leave").click()
    await expect(strip(page)).to_be_hidden()
    await expect(page.get_by_role("searchbox", include_hidden=True)).to_have_value("")
    await expect(page.get_by_role("group", name="Filter by subscription")).to_contain_text("lesson-1-crm · deleted")
    await expect(page.locator("#said")).to_have_text("lesson-1-crm: deleted")


async def test_a_stop_that_is_heard_of_late_points_at_nothing_for_who_has_left(school: Served, look) -> None:
    """The stream may be slower than the answer to leaving, and then still tells of the way there."""
    page = await look(school)
    await page.add_init_script(HELD_CHANGES)
    await page.reload()
    await begin_here(page)
    await page.evaluate("window.hold = true")
    async with page.expect_response("**/simulator/lesson/next"):
        await way(page, "Sign the agreement").click()
    async with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        await way(page, "Leave").click()
    filtered = page.get_by_role("searchbox", include_hidden=True)
    await expect(filtered).to_have_value("")
    assert await page.evaluate("window.release()")
    await expect(strip(page)).to_be_hidden()
    await expect(filtered).to_have_value("")
    await expect(page.locator("sim-inspector h2")).to_have_count(0)


async def test_keys_alone_lead_through_it(school: Served, look) -> None:
    """Who begins a lesson stands on the button that goes on, and stays there from stop to stop."""
    page = await look(school)
    await page.keyboard.press("l")
    await expect(page.get_by_role("button", name="Begin the lesson Why nothing came")).to_be_enabled()
    await page.get_by_role("button", name="Begin the lesson Why nothing came").focus()
    await page.keyboard.press("Enter")
    for words in ("Send an agreement", "Sign in another tenant", "Create a project", "Sign the agreement", "Finish"):
        await expect(way(page, words)).to_be_focused()
        await page.keyboard.press("Enter")
    await expect(strip(page)).to_be_hidden()


async def test_look_again_points_at_what_somebody_turned_away_from(school: Served, look) -> None:
    page = await look(school)
    await begin_here(page)
    await page.get_by_role("tab", name="Faults").click()
    await expect(page.get_by_role("tab", name="Faults")).to_have_attribute("aria-selected", "true")
    await way(page, "Look again").click()
    await expect(page.get_by_role("tab", name="Subscriptions")).to_have_attribute("aria-selected", "true")


async def test_a_lesson_can_be_left_at_any_time(school: Served, look) -> None:
    page = await look(school)
    await begin_here(page)
    await way(page, "Leave").click()
    await expect(strip(page)).to_be_hidden()
    await begin_here(page, "A mistyped path")
    await expect(strip(page)).to_contain_text("A mistyped path")


async def test_the_menu_says_that_one_goes_on_and_leaves_it(school: Served, look) -> None:
    await begin(school)
    page = await look(school)
    await menu(page)
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("“Retries” goes on, at stop 1 of 5.")
    await expect(dialog.get_by_role("button", name="Begin the lesson Retries")).to_be_disabled()
    await dialog.get_by_role("button", name="Leave it").click()
    await expect(dialog.get_by_role("button", name="Begin the lesson Retries")).to_be_enabled()


async def test_somebody_elses_steps_arrive_and_a_reload_keeps_the_view(school: Served, look) -> None:
    page = await look(school)
    await begin(school)
    await expect(strip(page)).to_contain_text("1 of 5")
    await go_on(school)
    await expect(strip(page)).to_contain_text("2 of 5")
    await page.get_by_role("tab", name="Receiver").click()
    await page.wait_for_url("**receiver**")
    await page.reload()
    await expect(strip(page)).to_contain_text("2 of 5")
    await expect(page.get_by_role("tab", name="Receiver")).to_have_attribute("aria-selected", "true")


async def test_a_lesson_that_somebody_else_begins_is_shown_on_a_page_that_is_open(school: Served, look) -> None:
    page = await look(school)
    await begin(school)
    await expect(strip(page)).to_contain_text("1 of 5")
    await expect(page.get_by_role("searchbox", include_hidden=True)).to_have_value("sub:lesson-1-crm")


async def test_without_a_receiver_the_menu_says_how_to_get_one(look) -> None:
    async with taught(receiver=None, others=page_routes()) as face:
        page = await look(face)
        await menu(page)
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text("aurora-sim serve --receiver robust")
        await expect(dialog.get_by_role("button", name="Begin the lesson Retries")).to_be_disabled()
        await page.close()


async def test_what_the_server_refuses_is_said_in_its_words(school: Served, look) -> None:
    page = await look(school, loud=REFUSED)
    with school.sim.clock.holding():
        await school.post("/simulator/clock/advance", {"by": "1h", "wait": False})
        await menu(page)
        await page.get_by_role("button", name="Begin the lesson Retries").click()
        await expect(page.get_by_role("alert")).to_contain_text("the clock is on its way")
        await school.delete("/simulator/clock/advance")
    await page.get_by_role("button", name="Begin the lesson Retries").click()
    await expect(strip(page)).to_contain_text("1 of 5")


async def test_a_lesson_that_a_restart_broke_off_says_so_and_can_only_be_left(look, tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    async with taught(path=path) as face:
        await begin(face)
    async with taught(path=path, others=page_routes()) as face:
        page = await look(face)
        await expect(strip(page)).to_contain_text("started again in the middle of this lesson")
        await expect(strip(page).get_by_role("button")).to_have_count(1)
        await way(page, "Leave").click()
        await expect(strip(page)).to_be_hidden()
        await page.close()


@pytest.mark.parametrize("size", [(1280, 720), (1100, 700), (720, 900), (390, 844), (320, 640)])
async def test_the_strip_fits_and_stays_in_sight(school: Served, look, size: tuple[int, int]) -> None:
    await begin(school)
    page = await look(school, size=size)
    await expect(strip(page)).to_contain_text("1 of 5")
    assert await page.evaluate("document.documentElement.scrollWidth") <= size[0]
    await page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for name in ("Sign the agreement", "Look again", "Leave"):
        await expect(way(page, name)).to_be_in_viewport(ratio=1)
    await menu(page)
    await expect(page.get_by_role("dialog").get_by_role("heading", name="Lessons")).to_be_in_viewport()
    assert await page.evaluate("document.querySelector('dialog.lessons').scrollWidth") <= size[0]
