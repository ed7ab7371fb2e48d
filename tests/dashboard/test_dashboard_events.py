"""The panel of events: what each one fired, and where it fired nothing, why (point 7: explain)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Page, expect
from served import Served

Look = Callable[..., Awaitable[Page]]
NARROW = (390, 844)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AGREEMENT = "agreement_status_changed"


async def history(face: Served) -> None:
    """Six events: one is delivered twice, one is filtered, one missed, three reach nobody for other reasons."""
    face.subscribe(name="crm")
    face.subscribe(name="copy")
    face.subscribe(AGREEMENT, name="deals", filters=[{"url_parameter": "STATUS", "value": ["signed"]}])
    face.subscribe("lead_created", tenant="acme", name="elsewhere")
    jobs = face.subscribe("project_created", name="jobs")
    await face.emit("lead_changed", attributes={"LEAD_ID": "lead-1"})
    await face.emit(AGREEMENT, attributes={"STATUS": "sent"})
    face.sim.subscriptions.disable(jobs.id)
    await face.emit("project_created")
    await face.emit("lead_created")
    await face.emit("asset_created")
    await face.advance(1)


async def events(page: Page) -> None:
    await page.get_by_role("tab", name="Events").click()
    await page.locator("sim-events .events-head").wait_for()


async def test_every_event_that_fired_nothing_says_why(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    rows = page.locator(".happened > li")
    await expect(page.locator(".events-head .found")).to_have_text("5 events, 4 fired nothing")
    said = await rows.locator(".why").all_inner_texts()
    assert said == [
        "nothing · no subscription wants asset_created, in no tenant",
        'nothing · the subscription "elsewhere" is of another tenant, "acme"; the event is of "demo"',
        "nothing · jobs: the subscription was disabled when the event occurred (R8)",
        'nothing · deals: filter STATUS wants "signed"; the event has "sent" (E3)',
    ]
    assert await rows.locator(".number").all_inner_texts() == ["5", "4", "3", "2", "1"]


async def test_what_an_event_fired_leads_to_its_deliveries(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    await page.get_by_role("button", name="2 deliveries").click()
    await expect(page.get_by_role("tab", name="Deliveries")).to_have_attribute("aria-selected", "true")
    await expect(page.locator("sim-list .row")).to_have_count(2)
    assert "id:1,2" in page.url.replace("%3A", ":").replace("%2C", ",")


async def test_only_those_that_fired_nothing_can_be_shown(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    await page.get_by_label("Only those that fired nothing").check()
    await expect(page.locator(".happened > li")).to_have_count(4)
    assert await page.locator(".happened .fired").count() == 0


async def test_a_row_opens_onto_its_attributes_and_deliveries(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    await page.locator(".opens", has_text="lead_changed").click()
    inside = page.locator(".inside")
    await expect(inside.locator("dd code")).to_have_text("lead-1")
    await inside.get_by_role("button", name="Delivery 2").click()
    await expect(page.locator("sim-inspector h2")).to_have_text("Delivery 2 delivered")


async def test_an_event_comes_with_the_stream_whether_it_fires_something_or_not(face: Served, look: Look) -> None:
    page = await look(face)
    await events(page)
    await expect(page.locator("sim-events .empty")).to_contain_text("No event has occurred yet.")
    await face.emit()
    await expect(page.locator(".happened .why")).to_have_text(
        "nothing · no subscription wants lead_changed, in no tenant"
    )
    face.subscribe()
    await face.emit()
    await expect(page.locator(".happened .fired")).to_have_text("1 delivery")
    await expect(page.locator(".happened .number")).to_have_text(["2", "1"])
    await expect(page.get_by_role("tab", name="Events")).to_have_text("Events 2")


async def test_rows_are_walked_by_keys_and_opened(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    await page.locator(".opens").first.focus()
    for key in ("ArrowDown", "End", "ArrowUp", "Home", "ArrowDown"):
        await page.keyboard.press(key)
    await page.keyboard.press("Enter")
    await expect(page.locator('.opens[aria-expanded="true"]')).to_contain_text("lead_created")


async def test_many_events_are_bounded_and_the_panel_says_so(face: Served, look: Look) -> None:
    await face.emit(count=620)
    page = await look(face)
    await events(page)
    rows = page.locator(".happened > li")
    await expect(rows).to_have_count(50)
    await expect(page.locator(".events-head .found")).to_have_text("500 events, 500 fired nothing")
    for count in range(100, 501, 50):
        await page.get_by_role("button", name="Show 50 older").click()
        await expect(rows).to_have_count(count)
    await expect(page.locator(".events-more")).to_have_text(
        "The newest 500 events are shown; all of them: GET /simulator/events"
    )


async def test_an_event_can_be_emitted_again(face: Served, look: Look) -> None:
    await history(face)
    page = await look(face)
    await events(page)
    await page.locator(".opens", has_text="lead_changed").click()
    await page.get_by_role("button", name="Emit it again").click()
    await expect(page.get_by_label("LEAD_ID")).to_have_value("lead-1")
    await page.get_by_role("button", name="Emit", exact=True).last.click()
    await expect(page.locator(".happened > li").first.locator(".what")).to_have_text("lead_changed")


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_on_a_phone_nothing_scrolls_sideways(face: Served, look: Look, theme: str) -> None:
    await history(face)
    page = await look(face, size=NARROW, theme=theme)
    await events(page)
    for row in await page.locator(".opens").all():
        await row.click()
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= NARROW[0]
    assert await page.locator(".happened").evaluate("(one) => one.scrollWidth <= one.clientWidth")


async def test_every_row_has_the_same_columns_whether_it_fired_or_not(face: Served, look: Look) -> None:
    face.subscribe(name="crm")
    await face.emit()
    await face.emit("project_created")
    page = await look(face, "/#p=events")
    await expect(page.locator(".happened .who")).to_have_count(2)
    lefts = await page.evaluate("[...document.querySelectorAll('.happened .who')].map((one) => one.offsetLeft)")
    assert len(set(lefts)) == 1
