"""The dialog in which something is made to occur (point 6: any event, any story, a burst)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from served import Served, at

from simulator.providers import AURORA

Look = Callable[..., Awaitable[Page]]
WIDE, NARROW = (1280, 720), (390, 844)

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

AGREEMENT = "agreement_status_changed"


async def dialog(page: Page, name: str = "") -> Locator:
    """The dialog, opened by its key, with this event or story chosen."""
    await page.keyboard.press("e")
    found = page.get_by_role("dialog", name="Emit an event")
    await found.wait_for()
    if name:
        await found.get_by_role("combobox", name="Event or story").fill(name)
        await found.get_by_role("option", name=name).first.click()
        await expect(found.locator("h3 code")).to_have_text(name)
    if not name or name in AURORA.catalogue:  # the values that are filled in have come
        await expect(found.locator('[data-field^="attributes."]').first).not_to_have_value("")
    return found


async def emit(opened: Locator) -> None:
    await opened.get_by_role("button", name="Emit", exact=True).click()


async def all_events(face: Served) -> list[dict[str, Any]]:
    told = await face.get("/simulator/events")
    return list(told.json["events"])


async def test_every_event_and_every_story_can_be_chosen(face: Served, look: Look) -> None:
    page = await look(face)
    opened = await dialog(page)
    names = await opened.get_by_role("option").locator("code").all_inner_texts()
    assert names == [*AURORA.catalogue, *AURORA.stories]
    await opened.get_by_role("combobox", name="Event or story").fill("agreement decl")
    await expect(opened.get_by_role("option").locator("code")).to_have_text(["agreement_declined"])
    await opened.get_by_role("combobox", name="Event or story").fill("nothing of this kind")
    await expect(opened.get_by_text("Nothing has such a name.")).to_be_visible()


async def test_an_event_is_emitted_as_it_is_shown_by_keys_alone(face: Served, look: Look) -> None:
    face.subscribe(AGREEMENT, name="crm")
    page = await look(face)
    opened = await dialog(page)
    status = opened.get_by_label("STATUS")
    await expect(opened.locator("h3 code")).to_have_text(AGREEMENT)  # what somebody listens to is chosen at first
    await expect(status).not_to_have_value("")
    await page.keyboard.press("Enter")
    await expect(opened.get_by_label("PROJECT_ID")).to_be_focused()
    await page.keyboard.press("Control+a")
    await page.keyboard.type("p 1/ü")
    shown = {name: await opened.get_by_label(name).input_value() for name in ("PROJECT_ID", "AGREEMENT_ID", "STATUS")}
    assert shown["PROJECT_ID"] == "p 1/ü"
    await page.keyboard.press("Enter")
    await expect(page.locator("#said")).to_have_text("1 event accepted")
    await expect(opened).to_be_hidden()
    (event,) = await all_events(face)
    assert (event["event"], event["attributes"], event["tenant_id"]) == (AGREEMENT, shown, "demo")


async def test_a_burst_draws_anew_what_nobody_typed(face: Served, look: Look) -> None:
    page = await look(face)
    opened = await dialog(page, AGREEMENT)
    await opened.get_by_label("How many").fill("3")
    await opened.get_by_label("One every").fill("1h")
    await opened.get_by_label("STATUS").select_option("signed")
    await expect(opened.locator("label", has_text="PROJECT_ID")).to_contain_text("drawn anew for each")
    await emit(opened)
    await expect(page.locator("#said")).to_have_text("3 events accepted, the last one for Fri 6 Mar 19:00:00")
    await face.advance(7_200)
    events = await all_events(face)
    assert [one["occurred_at"] for one in events] == [at(7_200), at(3_600), at(0)]
    assert {one["attributes"]["STATUS"] for one in events} == {"signed"}
    assert len({one["attributes"]["PROJECT_ID"] for one in events}) == 3


async def test_a_story_begins(face: Served, look: Look) -> None:
    page = await look(face)
    opened = await dialog(page, "agreement_signed")
    await opened.locator("summary").click()
    await opened.get_by_label("AGREEMENT_ID").fill("a-1")
    await emit(opened)
    await expect(page.locator("#said")).to_contain_text("3 events accepted, the last one for ")
    await face.settle()
    told = [(one["attributes"]["STATUS"], one["attributes"]["AGREEMENT_ID"]) for one in await all_events(face)]
    assert told == [("signed", "a-1"), ("viewed", "a-1"), ("sent", "a-1")]


async def test_what_is_refused_stands_beside_its_field(face: Served, look: Look) -> None:
    page = await look(face, loud=("422",))
    opened = await dialog(page, "lead_changed")
    await opened.get_by_label("How many").fill("0")
    await opened.get_by_label("One every").fill("soon")
    await emit(opened)
    await expect(opened.get_by_label("How many")).to_be_focused()
    await expect(opened.locator(".wrong:visible")).to_have_count(2)
    await expect(opened.locator(".field", has=page.get_by_label("One every")).locator(".wrong")).to_contain_text(
        "is not a duration"
    )
    await opened.get_by_label("How many").fill("1")
    await emit(opened)
    await expect(page.locator("#said")).to_have_text("1 event accepted")


async def test_the_unfamiliar_passes_on_purpose_only(face: Served, look: Look) -> None:
    """E1"""
    page = await look(face)
    opened = await dialog(page, AGREEMENT)
    await expect(opened.get_by_label("STATUS")).to_have_js_property("localName", "select")
    await opened.get_by_label("Lenient").check()
    await expect(opened.get_by_label("STATUS")).to_have_js_property("localName", "input")
    await opened.get_by_label("STATUS").fill("brand-new")
    await opened.get_by_label("Further attribute", exact=True).fill("NOVELTY")
    await opened.get_by_label("Its value").fill("1")
    await emit(opened)
    await expect(page.locator("#said")).to_have_text("1 event accepted")
    (event,) = await all_events(face)
    assert {"STATUS": "brand-new", "NOVELTY": "1"}.items() <= event["attributes"].items()


async def test_it_stays_open_where_that_is_wanted_with_other_ids(face: Served, look: Look) -> None:
    page = await look(face)
    opened = await dialog(page, "lead_changed")
    lead = opened.get_by_label("LEAD_ID")
    await expect(lead).not_to_have_value("")
    first = await lead.input_value()
    await opened.get_by_role("button", name="Emit", exact=True).click(modifiers=["Shift"])
    await expect(opened.get_by_role("status")).to_have_text("1 event accepted")
    await expect(lead).not_to_have_value(first)
    second = await lead.input_value()
    await opened.get_by_label("Keep open").check()
    await emit(opened)
    await expect(lead).not_to_have_value(second)
    await expect(opened).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(opened).to_be_hidden()
    assert len({one["attributes"]["LEAD_ID"] for one in await all_events(face)}) == 2


async def test_it_says_what_will_come_of_it(face: Served, look: Look) -> None:
    face.subscribe(AGREEMENT, name="crm", filters=[{"url_parameter": "STATUS", "value": ["signed"]}])
    face.subscribe("lead_changed", name="other", tenant="acme")
    jobs = face.subscribe("lead_changed", name="jobs", tenant="off")
    face.sim.subscriptions.disable(jobs.id)
    page = await look(face)
    opened = await dialog(page, AGREEMENT)
    plan = opened.locator(".plan")
    await opened.get_by_label("STATUS").select_option("signed")
    await expect(plan).to_have_text("Wanted by crm.")
    await opened.get_by_label("STATUS").select_option("sent")
    await expect(plan).to_have_text("Filtered out by crm: STATUS must be signed.")
    await opened.get_by_label("Tenant").fill("acme")
    await expect(plan).to_contain_text("No subscription of the tenant acme wants it, but crm elsewhere.")
    await opened.get_by_role("combobox", name="Event or story").fill("lead changed")
    await opened.get_by_role("option", name="lead_changed").click()
    await expect(plan).to_have_text("Wanted by other.")
    await opened.get_by_label("Tenant").fill("off")
    await expect(plan).to_have_text("Missed by jobs: disabled.")


async def test_the_command_does_the_same(face: Served, look: Look) -> None:
    page = await look(face)
    opened = await dialog(page, "lead_changed")
    command = opened.locator(".command code")
    await opened.get_by_label("LEAD_ID").fill("it's 1")
    await expect(command).to_have_text(f"aurora-sim emit lead_changed 'LEAD_ID=it'\\''s 1' --server {face.url}")
    await opened.get_by_label("How many").fill("2")
    await expect(command).to_have_text(
        f"curl -X POST {face.url}/simulator/events -H 'Content-Type: application/json' "
        '-d \'{"event":"lead_changed","tenant":"demo","attributes":{"LEAD_ID":"it\'\\\'\'s 1"},"count":2}\''
    )


@pytest.mark.parametrize(("size", "theme"), [(WIDE, "light"), (NARROW, "dark")])
async def test_it_fits_the_screen_and_everything_has_a_name(
    face: Served, look: Look, size: tuple[int, int], theme: str
) -> None:
    page = await look(face, size=size, theme=theme)
    opened = await dialog(page, "asset_created")
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= size[0]
    box = await opened.bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["y"] >= 0, box["x"] + box["width"] <= size[0]) == (True, True, True)
    await expect(opened.get_by_role("button", name="Emit", exact=True)).to_be_in_viewport()
    unnamed = await opened.locator("input, select, button").evaluate_all(
        "(all) => all.filter((one) => !(one.labels?.length || one.ariaLabel || one.textContent.trim()))"
        ".map((one) => one.outerHTML)"
    )
    assert unnamed == []
