"""One delivery in the live page: when it comes again, and how it is sent again (point 4)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect
from served import NOBODY, Served, SilentWire, served, status

from simulator.dashboard.pages import page_routes
from simulator.domain.instant import DAY
from simulator.providers.aura import AURA

Look = Callable[..., Awaitable[Page]]

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module")
async def failing() -> AsyncIterator[Served]:
    """A paused simulation whose receivers answer 503, one attempt made."""
    async with served(status(503), others=page_routes()) as face:
        face.subscribe(name="crm")
        await face.emit()
        await face.advance(10)
        yield face


async def test_it_says_how_far_the_next_attempt_is(failing: Served, look: Look) -> None:
    page = await look(failing, "/#d=1")
    await expect(page.locator(".next-due")).to_have_text(
        "Next due in 20 s, at Fri 6 Mar 17:00:30 · attempt 2 of 6, with revision 1"
    )
    await failing.advance(25)
    await expect(page.locator(".next-due")).to_contain_text("in 4 m 55 s")
    await expect(page.locator(".attempts > li")).to_have_count(2)


async def test_a_corrected_definition_takes_effect_at_the_next_attempt(failing: Served, look: Look) -> None:
    """R5"""
    (crm,) = failing.sim.roster
    failing.sim.subscriptions.update(crm.id, {"url_template": "http://127.0.0.1:9/corrected?id=<LEAD_ID>"})
    page = await look(failing, "/#d=1")
    await expect(page.locator(".next-due")).to_contain_text("with revision 2")
    await failing.advance(25)
    await expect(page.locator(".attempts ins")).to_have_text("corrected?id=<LEAD_ID>")
    await expect(page.locator(".attempts del")).to_have_text("in")
    sent = page.locator(".attempts dd", has_text="GET http")
    lead = failing.sim.ledger.db.query("SELECT json_extract(attributes, '$.LEAD_ID') AS id FROM events")
    await expect(sent.locator("mark")).to_have_text(next(lead)["id"])


async def test_how_much_of_the_time_limit_was_used_is_shown(failing: Served, look: Look) -> None:
    page = await look(failing, "/#d=1")
    await expect(page.locator(".attempts .real")).to_have_text(" · 0 ms real of 10 s")
    assert await page.locator(".used .part").count() == 1


async def test_resend_by_button_and_by_key(failing: Served, look: Look) -> None:
    """R10"""
    page = await look(failing, "/#d=1")
    await page.get_by_role("button", name="Resend").click()
    await expect(page.locator("#said")).to_have_text("delivery 1 is sent again")
    await expect(page.locator(".details h3", has_text="Resend 1")).to_be_visible()
    await failing.advance(1)
    await page.keyboard.press("r")
    await expect(page.locator(".details h3", has_text="Resend 2")).to_be_visible()


async def test_where_it_cannot_be_resent_it_says_why(failing: Served, look: Look) -> None:
    """R10"""
    page = await look(failing, "/#d=1")
    await expect(page.get_by_role("button", name="Resend")).to_be_enabled()
    (crm,) = failing.sim.roster
    failing.sim.subscriptions.disable(crm.id)
    await expect(page.locator(".resend p")).to_have_text("No resend: its subscription is disabled; enable it.")
    assert await page.get_by_role("button", name="Resend").count() == 0


async def test_a_refusal_is_told_in_the_words_of_the_simulator(failing: Served, look: Look) -> None:
    """R10"""
    await failing.sim.clock.advance(31 * DAY)
    page = await look(failing, "/#d=1", loud=("409",))
    await page.get_by_role("button", name="Resend").click()
    await expect(page.locator(".resend p")).to_contain_text("its event occurred more than 30 days ago")


async def test_what_is_on_the_wire_has_no_answer_yet(look: Look) -> None:
    async with served(wire=SilentWire(), others=page_routes()) as face:
        face.subscribe()
        await face.emit()
        page = await look(face, "/#d=1")
        current = page.locator('.attempts [aria-current="true"]')
        await expect(current).to_contain_text("the answer decides")
        assert await current.get_by_role("button", name="Copy as curl").count() == 0
        await expect(page.locator(".resend p")).to_have_text("No resend: an attempt is on the wire.")


async def test_a_filtered_delivery_names_filter_and_clause(face: Served, look: Look) -> None:
    """E3"""
    face.subscribe("agreement_status_changed", filters=[{"url_parameter": "STATUS", "value": ["signed"]}])
    await face.emit("agreement_status_changed", attributes={"STATUS": "sent"})
    page = await look(face, "/#d=1")
    said = page.locator("sim-inspector")
    await expect(said).to_contain_text('filter STATUS wants "signed"; the event has "sent" (E3)')
    await expect(said).to_contain_text("E3: Filters are decided once, when the event occurs")
    await expect(said).to_contain_text("No resend: a filter refused the event, so it was never to be sent.")


async def test_a_reason_names_the_clause_of_the_provider_whose_event_it_was(look: Look) -> None:
    """A9"""
    async with served(others=page_routes(), profile=AURA.for_this_machine()) as face:
        face.sim.subscriptions.register("demo", AURA.suggest("NEW_CALLOUT", NOBODY))
        await face.emit("NEW_CALLOUT")
        await face.advance(1)
        page = await look(face, "/#d=1")
        said = page.locator("sim-inspector")
        await expect(said).to_contain_text("a complete 2xx in time (A9)")
        await expect(said).to_contain_text("A9: Each event is attempted once")
        assert "R1" not in await said.inner_text()


async def test_the_clock_alone_draws_nothing_again_but_what_it_moves(failing: Served, look: Look) -> None:
    """A page that runs for hours beside an editor costs little."""
    page = await look(failing, "/#d=1")
    await page.locator(".attempts").wait_for()
    await page.evaluate("""() => {
      window.changed = 0;
      const count = (all) => { window.changed += all.length; };
      const watched = { childList: true, subtree: true, characterData: true, attributes: true };
      new MutationObserver(count).observe(document.querySelector(".attempts"), watched);
    }""")
    await failing.post("/simulator/clock/advance", {"by": "5s"})
    await expect(page.locator(".next-due")).to_contain_text("in 15 s")
    assert await page.evaluate("() => window.changed") == 0
