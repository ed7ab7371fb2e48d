"""Subscriptions on the page: who wants what, how close it is to being disabled, and what can be done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from served import NOBODY, Served, served, status

from simulator.dashboard.pages import page_routes
from simulator.errors import StoreUnusable
from simulator.providers.aura import AURA
from simulator.providers.aurora import AURORA

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

Look = Callable[..., Awaitable[Page]]

PANEL = "/#p=subscriptions"
REFUSED = "Failed to load resource"  # what Chromium says of every answer from 400 on


def suggested(event: str, **more: Any) -> dict[str, Any]:
    return {**AURORA.suggest(event, NOBODY), **more}


async def subscribed(face: Served, event: str = "lead_changed", name: str = "crm", **more: Any) -> str:
    said = await face.post("/simulator/subscriptions", {"name": name, "definition": suggested(event, **more)})
    assert said.status == 201, said.json
    return str(said.json["id"])


async def definition(face: Served, name: str = "crm") -> dict[str, Any]:
    told: dict[str, Any] = (await face.get(f"/simulator/subscriptions/{name}")).json["definition"]
    return told


def card(page: Page, name: str = "crm") -> Locator:
    return page.get_by_role("listitem", name=f"Subscription {name}", exact=True)


def dialog(page: Page) -> Locator:
    return page.locator("dialog.subscribe")


def begin(page: Page) -> Locator:
    """The button that opens the form for a new one."""
    return page.locator("sim-subscriptions").get_by_role("button", name="New subscription")


async def press(page: Page, button: str, name: str = "crm") -> None:
    await card(page, name).get_by_role("button", name=button).click()


async def sent(page: Page) -> str:
    """The URL that the dialog says would be sent, once it can be."""
    await expect(dialog(page).locator(".request:not(.stale)")).to_be_visible()
    return (await dialog(page).locator(".request .url").inner_text()).strip()


# ---- seen


async def test_a_card_says_who_wants_what_and_shows_no_secret(face: Served, look: Look) -> None:
    """S7"""
    filters = [{"url_parameter": "STATUS", "value": ["sent", "signed"]}]
    auth = {"header_auth_key": "X-Token", "header_auth_value": "s3cret"}
    await subscribed(face, "agreement_status_changed", filters=filters, **auth)
    page = await look(face, PANEL)
    for text in (
        "crm",
        "tenant demo",
        "revision 1",
        "agreement_status_changed",
        "STATUS: sent, signed",
        "X-Token: ••••",
    ):
        await expect(card(page)).to_contain_text(text)
    assert await card(page).locator("var").all_inner_texts() == ["<PROJECT_ID>", "<AGREEMENT_ID>", "<STATUS>"]
    assert "s3cret" not in await page.content()


async def test_health_says_how_many_failures_stand_and_when_the_window_slides(look: Look) -> None:
    """R7"""
    async with served(status(503), others=page_routes()) as face:
        await subscribed(face)
        await face.emit(count=29)
        await face.advance(1_680)
        page = await look(face, PANEL)
        await expect(card(page)).to_contain_text("87 of 100 failures, the window slides in 1 d 23 h")
        meter = card(page).get_by_role("meter")
        assert await meter.get_attribute("aria-valuenow") == "87"
        await face.advance(600)
        await expect(card(page)).to_contain_text("disabled since Fri 6 Mar 17:35:30")
        await expect(card(page)).to_contain_text("100 attempts within 48 h and no success among them (R7)")
        await expect(card(page).get_by_role("meter")).to_have_count(0)


async def test_the_words_of_health_follow_the_clock(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    texts = await page.evaluate("""async () => {
      const { healthText } = await import("sim/health.js");
      const health = { failing: 87, limit: 100, window_seconds: 172800, oldest_leaves_at: "1970-01-01T03:12:00Z" };
      return [0, 11_460_000_000, 11_520_000_000].map((now) => healthText(health, now))
        .concat(healthText({ ...health, failing: 0, oldest_leaves_at: null }, 0), healthText(null, 0))
        .concat(healthText({ ...health, last_success_at: "1970-01-01T01:00:00Z" }, 7_200_000_000));
    }""")
    assert texts == [
        "87 of 100 failures, the window slides in 3 h 12 m",
        "87 of 100 failures, the window slides in 1 m",
        "86 or fewer of 100 failures",
        "0 of 100 failures",
        "",
        "87 of 100 failures, the window slides in 1 h 12 m; a success keeps it enabled for 1 d 23 h",
    ]


async def test_nobody_subscribed_says_how_to_begin(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    command = await page.locator("sim-subscriptions .command code").inner_text()
    assert command.startswith(f"curl -X POST {face.url}/simulator/subscriptions ")
    body = re.search(r"-d '(.*)'$", command)
    assert body
    assert (await face.post("/simulator/subscriptions", json.loads(body.group(1)))).status == 201
    await expect(page.locator("sim-subscriptions .subscription")).to_have_count(1)


async def test_pointing_at_a_card_or_reaching_it_by_keys_lights_it(face: Served, look: Look) -> None:
    await subscribed(face)
    await subscribed(face, "lead_created", "jobs")
    page = await look(face, PANEL)
    await card(page, "jobs").hover()
    await expect(card(page, "jobs")).to_have_attribute("data-lit", "")
    await card(page, "crm").get_by_role("button", name="Edit").focus()
    await expect(card(page, "crm")).to_have_attribute("data-lit", "")
    await expect(card(page, "jobs")).not_to_have_attribute("data-lit", "")


async def test_the_count_of_attempts_leads_to_the_deliveries_behind_it(face: Served, look: Look) -> None:
    await subscribed(face)
    await face.emit(count=2)
    await face.advance(0)
    page = await look(face, PANEL)
    await card(page).get_by_role("button", name="2 attempts, 0 failed").click()
    await expect(page.locator("sim-list").get_by_role("option")).to_have_count(2)
    await expect(page.get_by_label("Filter deliveries")).to_have_value("sub:crm")


# ---- disabled, enabled, deleted


async def test_disable_says_what_it_will_cancel_and_does_it_when_pressed_again(look: Look) -> None:
    """R6, R9"""
    async with served(status(503), others=page_routes()) as face:
        await subscribed(face)
        await face.emit(count=26)
        await face.advance(1)
        page = await look(face, PANEL)
        await press(page, "Disable")
        await expect(card(page)).to_contain_text("26 pending deliveries will be cancelled for good.")
        assert (await definition(face))["enabled"]
        await press(page, "Disable")
        await expect(card(page)).to_contain_text("disabled by the customer (R6)")
        assert not (await definition(face))["enabled"]
        await press(page, "Enable")
        await expect(card(page).get_by_role("button", name="Disable")).to_be_visible()
        assert (await definition(face))["enabled"]


async def test_delete_is_said_first_and_may_be_left_undone(face: Served, look: Look) -> None:
    await subscribed(face)
    page = await look(face, PANEL)
    await press(page, "Delete")
    await expect(card(page)).to_contain_text("Nothing is pending, and the subscription does not come back.")
    await begin(page).focus()
    await expect(card(page).locator(".plan")).to_have_count(0)
    await press(page, "Delete")
    await press(page, "Delete")
    await expect(card(page)).to_have_count(0)
    await expect(begin(page)).to_be_focused()
    await expect(page.locator("sim-subscriptions .deleted")).to_contain_text("1 deleted")


async def test_a_refusal_is_told_in_the_servers_own_words(face: Served, look: Look) -> None:
    await subscribed(face)
    page = await look(face, PANEL, loud=(REFUSED,))
    face.sim.fail(StoreUnusable("the disk is full"))
    await press(page, "Delete")
    await press(page, "Delete")
    await expect(page.locator("#said")).to_contain_text("crm: the engine has stopped: the disk is full")
    await expect(card(page)).to_be_visible()


# ---- made and changed


async def test_the_form_begins_with_a_valid_example_and_makes_it(face: Served, look: Look) -> None:
    await subscribed(face, "lead_created", "other")
    page = await look(face, PANEL)
    await begin(page).click()
    assert (await sent(page)).startswith(f"{NOBODY}/agreement_status_changed?project_id=")
    await dialog(page).get_by_label("Event").select_option("lead_changed")
    await expect(dialog(page).get_by_label("URL template")).to_have_value(suggested("lead_changed")["url_template"])
    await dialog(page).get_by_label("Name", exact=True).fill("crm")
    await dialog(page).get_by_role("button", name="Subscribe").click()
    await expect(dialog(page)).to_be_hidden()
    await expect(card(page)).to_be_visible()
    await expect(page.locator("#said")).to_contain_text("crm is subscribed to lead_changed")
    assert await definition(face) == suggested("lead_changed", enabled=True, filters=[])


async def test_a_template_is_checked_and_shown_filled_in_as_it_is_typed(face: Served, look: Look) -> None:
    """S10, E6"""
    page = await look(face, PANEL)
    await begin(page).click()
    await sent(page)
    template = dialog(page).get_by_label("URL template")
    await template.fill(f"{NOBODY}/in?s=<STATSU>")
    problem = dialog(page).locator("#problem-url_template")
    await expect(problem).to_contain_text('holds <STATSU>, which this event does not have (did you mean "STATUS"?)')
    assert await template.get_attribute("aria-invalid") == "true"
    await expect(dialog(page).locator(".request.stale")).to_be_visible()
    await template.fill(f"{NOBODY}/in?s=<STATUS>&x=1")
    await expect(problem).to_have_count(0)
    assert re.fullmatch(rf"{NOBODY}/in\?s=[a-z-]+&x=1", await sent(page))
    assert len(await dialog(page).locator(".request var").all_inner_texts()) == 1


async def test_filters_are_chosen_from_the_catalogue_and_the_sample_passes_them(face: Served, look: Look) -> None:
    """S12, E3"""
    page = await look(face, PANEL)
    await begin(page).click()
    await dialog(page).get_by_role("checkbox", name="signed").check()
    await dialog(page).get_by_role("checkbox", name="declined").check()
    await expect(dialog(page).locator(".request .url")).to_contain_text("status=signed")
    await dialog(page).get_by_label("Name", exact=True).fill("crm")
    await page.keyboard.press("Enter")
    await expect(card(page)).to_contain_text("STATUS: signed, declined")


async def test_a_filter_on_open_text_takes_one_value_a_line(face: Served, look: Look) -> None:
    """S12: a value may hold a comma."""
    (attribute,) = AURORA.catalogue["project_status_changed"].filterable
    page = await look(face, PANEL)
    await begin(page).click()
    await dialog(page).get_by_label("Event").select_option("project_status_changed")
    await dialog(page).get_by_label(f"{attribute}, one value a line").fill("Permitting, submitted\nSold\n")
    await dialog(page).get_by_label("Name", exact=True).fill("crm")
    await dialog(page).get_by_role("button", name="Subscribe").click()
    await expect(card(page)).to_contain_text(f"{attribute}: Permitting, submitted, Sold")
    (one,) = (await definition(face))["filters"]
    assert one["value"] == ["Permitting, submitted", "Sold"]


async def test_what_is_refused_stands_beside_its_field_and_has_the_focus(face: Served, look: Look) -> None:
    page = await look(face, PANEL, loud=(REFUSED,))
    await begin(page).click()
    await dialog(page).get_by_label("URL template").fill("https://example.com/in")
    await dialog(page).get_by_label("Header", exact=True).fill("X-Token")
    await dialog(page).get_by_role("button", name="Subscribe").click()
    await expect(dialog(page).get_by_label("Value")).to_be_focused()
    await expect(dialog(page).locator("#problem-header_auth_value")).to_have_text(
        "is missing; header_auth_key needs it"
    )
    await dialog(page).get_by_label("Value").fill("t")
    await expect(dialog(page).locator("#problem-url_template")).to_contain_text("--allow-host example.com")
    await dialog(page).get_by_role("button", name="Subscribe").click()
    await expect(dialog(page).get_by_label("URL template")).to_be_focused()
    assert (await face.get("/simulator/subscriptions")).json["subscriptions"] == []


async def test_a_name_that_is_taken_is_told_where_it_belongs_to_no_field(face: Served, look: Look) -> None:
    await subscribed(face)
    page = await look(face, PANEL, loud=(REFUSED,))
    await begin(page).click()
    await dialog(page).get_by_label("Name", exact=True).fill("crm")
    await dialog(page).get_by_role("button", name="Subscribe").click()
    await expect(dialog(page).get_by_role("alert")).to_contain_text('there is a subscription called "crm" already')


async def test_an_edit_keeps_a_secret_that_was_not_typed(face: Served, look: Look) -> None:
    """S2, S7: it is neither shown nor sent; typing replaces it, emptying the name takes the pair away."""
    await subscribed(face, header_auth_key="X-Token", header_auth_value="s3cret")
    page = await look(face, PANEL)

    async def edited(label: str, text: str) -> Any:
        await press(page, "Edit")
        await dialog(page).get_by_label(label, exact=True).fill(text)
        await dialog(page).get_by_role("button", name="Save").click()
        await expect(dialog(page)).to_be_hidden()
        (one,) = list(face.sim.roster)
        return one.definition

    await press(page, "Edit")
    value = dialog(page).get_by_label("Value")
    assert (await value.input_value(), await value.get_attribute("placeholder")) == ("", "unchanged")
    await page.keyboard.press("Escape")
    assert [one.header() for one in (await edited("URL template", f"{NOBODY}/new")).headers] == [("X-Token", "s3cret")]
    assert [one.header() for one in (await edited("Value", "rotated")).headers] == [("X-Token", "rotated")]
    assert (await edited("Header", "")).headers == ()
    assert "s3cret" not in await page.content()
    assert "rotated" not in await page.content()
    await expect(card(page)).to_contain_text("revision 4")


async def test_a_move_to_another_event_says_what_it_cancels(look: Look) -> None:
    """R5"""
    async with served(status(503), others=page_routes()) as face:
        await subscribed(face)
        await face.emit(count=3)
        await face.advance(1)
        page = await look(face, PANEL)
        await press(page, "Edit")
        await dialog(page).get_by_label("Event").select_option("lead_created")
        await expect(dialog(page).locator(".plan")).to_have_text(
            "It moves to another event: 3 pending deliveries will be cancelled."
        )


async def test_single_keys_do_nothing_outside_while_the_form_is_open(face: Served, look: Look) -> None:
    await subscribed(face)
    page = await look(face, PANEL)
    await press(page, "Edit")
    await dialog(page).get_by_label("Event").focus()
    for key in ("x", "e", "n"):
        await page.keyboard.press(key)
    assert "p=subscriptions" in page.url
    await page.keyboard.press("Escape")
    await expect(dialog(page)).to_be_hidden()


async def test_a_subscription_is_made_changed_disabled_and_deleted_with_keys_alone(face: Served, look: Look) -> None:
    page = await look(face, PANEL)
    await begin(page).focus()
    await page.keyboard.press("Enter")
    await sent(page)
    await page.keyboard.press("Tab")
    await page.keyboard.type("crm")
    await page.keyboard.press("Enter")
    await expect(card(page)).to_be_visible()
    for button, proof in (("Disable", "disabled by the customer"), ("Enable", "0 of 100 failures")):
        await card(page).get_by_role("button", name=button).focus()
        await page.keyboard.press("Space")
        await page.keyboard.press("Space")
        await expect(card(page)).to_contain_text(proof)
    await card(page).get_by_role("button", name="Delete").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(card(page)).to_have_count(0)


# ---- another provider


async def test_another_providers_form_is_drawn_from_its_fields_alone(look: Look) -> None:
    """A1, A2, A7"""
    async with served(others=page_routes(), profile=AURA.for_this_machine()) as face:
        page = await look(face, PANEL)
        await begin(page).click()
        await dialog(page).get_by_label("URL", exact=True).fill(f"{NOBODY}/aura")
        await dialog(page).get_by_role("checkbox", name="CALLOUT_CLOSED").check()
        await dialog(page).get_by_role("button", name="Add a header").click()
        await dialog(page).get_by_label("Name of header 1").fill("Authorization")
        await dialog(page).get_by_label("Value of header 1").fill("Bearer s3cret")
        await expect(dialog(page).locator(".request pre")).to_contain_text('"message": "NEW_CALLOUT"')
        await dialog(page).get_by_label("for the event").select_option("CALLOUT_CLOSED")
        await expect(dialog(page).locator(".request pre")).to_contain_text('"message": "CALLOUT_CLOSED"')
        await dialog(page).get_by_label("Name", exact=True).fill("first")
        await dialog(page).get_by_role("button", name="Subscribe").click()
        await expect(card(page, "first")).to_contain_text("Authorization: ••••")
        assert await card(page, "first").get_by_role("button").all_inner_texts() == [
            "Edit",
            "Delete",
            "0 attempts, 0 failed",
        ]

        await press(page, "Edit", "first")
        await dialog(page).get_by_role("checkbox", name="NEW_CALLOUT").uncheck()
        await dialog(page).get_by_role("button", name="Save").click()
        await expect(dialog(page)).to_be_hidden()
        (made,) = list(face.sim.roster)
        assert made.definition.events == ("CALLOUT_CLOSED",)
        assert [one.header() for one in made.definition.headers] == [("Authorization", "Bearer s3cret")]

        await begin(page).click()
        await expect(dialog(page).locator(".plan")).to_contain_text("It takes the place of first, which is deleted")


async def test_panel_and_form_fit_every_width(face: Served, look: Look) -> None:
    await subscribed(face, "agreement_status_changed")
    page = await look(face, PANEL)
    await expect(card(page)).to_be_visible()
    for width in (320, 390, 720, 1280):
        await page.set_viewport_size({"width": width, "height": 844})
        await page.wait_for_function("(width) => document.documentElement.scrollWidth <= width", arg=width)
    await press(page, "Edit")
    await sent(page)
    for width in (1280, 720, 390, 320):
        await page.set_viewport_size({"width": width, "height": 844})
        assert await dialog(page).evaluate("(one) => one.scrollWidth <= one.clientWidth")
