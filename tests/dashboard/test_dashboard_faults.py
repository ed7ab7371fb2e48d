"""Faults on the page: any of them on and off with one click, on the whole wire or on one subscription."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from served import Served, served, status

from simulator.dashboard.pages import page_routes
from simulator.domain.fault import FaultKind

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

Look = Callable[..., Awaitable[Page]]

PANEL = "/#p=faults"
REFUSED = "Failed to load resource"  # what Chromium says of every answer from 400 on
KINDS = 'return (await import("sim/faultkinds.js")).KINDS'


def toggle(page: Page, name: str) -> Locator:
    return page.locator("sim-faults .fault-grid").get_by_role("button").filter(has=page.get_by_text(name, exact=True))


async def pressed(page: Page, name: str, *, on: bool) -> None:
    await expect(toggle(page, name)).to_have_attribute("aria-pressed", "true" if on else "false")


async def faults(face: Served) -> list[Any]:
    return [one for one in (await face.get("/simulator/faults")).json["faults"] if one["active"]]


async def detail(page: Page, name: str, text: str) -> None:
    if await page.locator(".fault-details:not([open])").count():
        await page.locator(".fault-details summary").click()
    await page.locator(f"[data-name={name}]").fill(text)


async def test_there_is_a_button_for_every_fault_with_a_word_for_what_it_does(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    kinds = await page.evaluate(f"async () => {{ {KINDS} }}")
    assert [one["kind"] for one in kinds] == [str(kind) for kind in FaultKind]
    for one in kinds:
        await expect(toggle(page, one["name"])).to_contain_text(one["does"])
        await pressed(page, one["name"], on=False)
    await expect(page.locator("sim-faults")).to_contain_text("Nothing is broken")
    await expect(page.locator("sim-broken")).to_be_hidden()


async def test_one_click_breaks_the_whole_wire_and_one_click_mends_it(face: Served, look: Look) -> None:
    face.subscribe()
    page = await look(face, PANEL)
    for name, kind in (("Refuse", "refuse"), ("Lost response", "lost_response")):
        await toggle(page, name).click()
        await pressed(page, name, on=True)
        ((told),) = await faults(face)
        assert (told["kind"], told["subscription_id"], told["until"]) == (kind, None, None)
        await toggle(page, name).click()
        await pressed(page, name, on=False)
        assert await faults(face) == []


async def test_a_fault_of_one_subscription_leaves_the_others_and_the_wire_alone(face: Served, look: Look) -> None:
    crm = face.subscribe(name="crm")
    face.subscribe("lead_created", name="jobs")
    page = await look(face, PANEL)
    await page.get_by_label("Break").select_option("crm")
    await toggle(page, "Reset").click()
    await pressed(page, "Reset", on=True)
    assert [one["subscription_id"] for one in await faults(face)] == [crm.id]
    for scope, on in (("jobs", False), ("the whole wire", False), ("crm", True)):
        await page.get_by_label("Break").select_option(scope)
        await pressed(page, "Reset", on=on)
    await page.get_by_label("Break").select_option("the whole wire")
    await toggle(page, "Reset").click()
    await pressed(page, "Reset", on=True)
    await toggle(page, "Reset").click()
    await pressed(page, "Reset", on=False)
    assert [one["subscription_id"] for one in await faults(face)] == [crm.id]


async def test_details_are_given_to_the_kinds_they_belong_to(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    for name, text in (("for", "6h"), ("probability", "25"), ("attempt", "1, 2"), ("status", "502"), ("delay", "7s")):
        await detail(page, name, text)
    await toggle(page, "Status (502)").click()
    await pressed(page, "Status (502)", on=True)
    (told,) = await faults(face)
    assert told["summary"] == "status 502 · 6h · 25% of attempts"
    (fault,) = face.sim.faults
    assert (fault.status, fault.positions, fault.probability) == (502, {1, 2}, 0.25)
    await toggle(page, "Slow (7s)").click()
    await pressed(page, "Slow (7s)", on=True)
    assert face.sim.faults[-1].delay_us == 7_000_000
    await expect(page.locator(".acting")).to_contain_text("25% of attempts")


async def test_what_is_refused_stands_beside_its_detail_and_has_the_focus(face: Served, look: Look) -> None:
    page = await look(face, PANEL, loud=(REFUSED,))
    await detail(page, "for", "a while")
    await page.locator(".fault-details summary").click()
    await toggle(page, "Refuse").click()
    await expect(page.locator("[data-name=for]")).to_be_focused()
    await expect(page.locator("#fault-problem-for")).to_contain_text('"a while" is not a duration')
    await page.keyboard.press("Control+a")
    await page.keyboard.type("1h")
    await expect(page.locator("#fault-problem-for")).to_have_count(0)
    await toggle(page, "Refuse").click()
    await pressed(page, "Refuse", on=True)


@pytest.mark.parametrize("share", ["200", "0", "half"])
async def test_a_share_is_refused_in_percent_as_it_was_typed(face: Served, look: Look, share: str) -> None:
    page = await look(face, PANEL, loud=(REFUSED,))
    await detail(page, "probability", share)
    await toggle(page, "Refuse").click()
    await expect(page.locator("#fault-problem-probability")).to_have_text(
        "must be a number of percent: more than 0, at most 100"
    )
    assert await faults(face) == []


async def test_what_is_no_number_is_refused_and_not_passed_over(face: Served, look: Look) -> None:
    page = await look(face, PANEL, loud=(REFUSED,))
    await detail(page, "status", "many")
    await toggle(page, "Status (many)").click()
    await expect(page.locator("#fault-problem-status")).to_contain_text("valid integer")
    assert await faults(face) == []


async def test_what_acts_is_listed_with_its_length_and_cleared_one_by_one_or_all_at_once(
    face: Served, look: Look
) -> None:
    face.subscribe(name="crm")
    for body in ({"kind": "refuse", "subscription": "crm"}, {"kind": "slow", "for": "6h"}, {"kind": "tls"}):
        await face.post("/simulator/faults", body)
    await face.advance(7_380)
    page = await look(face, PANEL)
    rows = page.locator(".acting li")
    await expect(rows).to_have_count(3)
    await expect(page.get_by_role("tab", name="Faults")).to_have_text("Faults 3")
    await expect(rows.nth(0)).to_contain_text("refuse on crm since Fri 6 Mar 17:00:00 · 2 h 3 m")
    await expect(rows.nth(1)).to_contain_text("slow on the whole wire since Fri 6 Mar 17:00:00 · 3 h 57 m left")
    await rows.nth(0).get_by_role("button", name="Clear refuse on crm").click()
    await expect(rows).to_have_count(2)
    await page.get_by_role("button", name="Clear all").click()
    await expect(page.locator("sim-faults")).to_contain_text("Nothing is broken")
    assert await faults(face) == []
    history = page.locator(".fault-history")
    await expect(history.locator("summary")).to_have_text("3 ended")
    await history.locator("summary").click()
    await expect(history).to_contain_text("refuse · 2 h 3 m on crm, Fri 6 Mar 17:00:00 – Fri 6 Mar 19:03:00")


async def test_a_fault_that_ends_by_itself_releases_its_button(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    await detail(page, "for", "10m")
    await toggle(page, "DNS").click()
    await pressed(page, "DNS", on=True)
    await face.post("/simulator/clock/advance", {"by": "10m"})
    await pressed(page, "DNS", on=False)
    await expect(page.locator("sim-broken")).to_be_hidden()


async def test_chips_say_what_is_broken_on_every_panel_and_clear_it(face: Served, look: Look) -> None:
    face.subscribe(name="crm")
    await face.post("/simulator/faults", {"kind": "refuse", "subscription": "crm"})
    await face.advance(7_380)
    page = await look(face, "/")
    chip = page.locator("sim-broken .chip")
    await expect(chip).to_contain_text("refuse · crm · 2 h 3 m")
    await chip.get_by_role("button", name="Clear").click()
    await expect(page.locator("sim-broken")).to_be_hidden()
    assert await faults(face) == []


async def test_a_broken_wire_fails_the_next_attempts_and_a_mended_one_lets_them_through(look: Look) -> None:
    async with served(others=page_routes()) as face:
        face.subscribe(name="crm")
        page = await look(face, PANEL)
        await toggle(page, "Status").click()
        await pressed(page, "Status", on=True)
        await face.emit()
        await face.advance(1)
        await toggle(page, "Status").click()
        await pressed(page, "Status", on=False)
        await face.advance(30)
        told = (await face.get("/simulator/deliveries/1")).json
        assert [one["status"] for one in told["attempts"]] == [503, 200]


async def test_faults_go_on_and_off_with_keys_alone(face: Served, look: Look) -> None:
    page = await look(face, "/")
    await page.keyboard.press("x")
    await expect(page.get_by_role("tab", name="Faults")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("Break")).to_be_focused()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(toggle(page, "Refuse")).to_be_focused()
    await page.keyboard.press("Space")
    await pressed(page, "Refuse", on=True)
    await expect(toggle(page, "Refuse")).to_be_focused()
    await page.keyboard.press("Enter")
    await pressed(page, "Refuse", on=False)
    assert (await face.get("/simulator/clock")).json["paused"] is True  # Space pressed the button and nothing else


async def test_the_last_thing_cleared_hands_the_focus_on(face: Served, look: Look) -> None:
    await face.post("/simulator/faults", {"kind": "tls"})
    page = await look(face, PANEL)
    await page.get_by_role("button", name="Clear all").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_label("Break")).to_be_focused()


@pytest.mark.parametrize("width", [320, 390, 720, 1280])
async def test_the_panel_fits_every_width(look: Look, width: int) -> None:
    async with served(status(503), others=page_routes()) as face:
        face.subscribe(name="a rather long name of a subscription that somebody chose")
        for kind in ("refuse", "lost_response", "slow"):
            await face.post("/simulator/faults", {"kind": kind, "subscription": next(iter(face.sim.roster)).id})
        page = await look(face, PANEL, size=(width, 844))
        await page.locator(".fault-details summary").click()
        await expect(page.locator(".acting li")).to_have_count(3)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
