"""A session to take along: as a scenario file that repeats it, and as a report under a name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from served import Served, served

from simulator.dashboard.pages import page_routes
from simulator.dashboard.session import OPERATIONS
from simulator.scenario.load import load_scenario, parse_scenario

pytestmark = [pytest.mark.asyncio(loop_scope="module")]

PATH = "/simulator/session"


async def lived(face: Served) -> None:
    """A session with a secret, an event, an outage and its end."""
    face.subscribe(name="crm", header_auth_key="X-Token", header_auth_value="hunter2")
    await face.emit()
    await face.advance(3600)
    await face.post("/simulator/faults", {"kind": "refuse", "name": "outage", "for": "6h"})
    await face.emit()
    await face.settle()


async def test_the_session_comes_as_a_scenario_file_to_save() -> None:
    async with served(further=OPERATIONS) as face:
        await lived(face)
        said = await face.get(PATH)
    assert said.status == 200
    assert said.headers["Content-Type"].startswith("application/yaml")
    assert said.headers["Content-Disposition"] == 'attachment; filename="session-2026-03-06.yaml"'
    scenario = parse_scenario(said.json, "session.yaml")
    assert [one.name for one in scenario.subscriptions] == ["crm"]
    assert "hunter2" not in said.json


async def test_a_session_in_which_nothing_happened_is_a_scenario_too() -> None:
    async with served(further=OPERATIONS) as face:
        said = await face.get(PATH)
    assert parse_scenario(said.json, "empty.yaml").timeline == ()


async def test_what_is_too_much_for_one_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.scenario.kept.session.MOST_DELIVERIES", 1)
    async with served(further=OPERATIONS) as face:
        await lived(face)
        said = await face.get(PATH)
    assert said.status == 409
    assert "2 deliveries, more than the 1" in said.words


@pytest.mark.parametrize("form", ["json", "html"])
async def test_the_report_has_a_name_under_which_it_is_saved(form: str) -> None:
    async with served() as face:
        said = await face.get(f"/simulator/report?format={form}")
    assert said.headers["Content-Disposition"] == f'inline; filename="report.{form}"'


@pytest.mark.browser
async def test_the_page_gives_all_three_and_the_commands_that_do_the_same(look: Any, tmp_path: Path) -> None:
    async with served(others=page_routes(), further=OPERATIONS) as face:
        await lived(face)
        page = await look(face)
        await page.get_by_role("button", name="Keep").click()
        menu = page.get_by_role("dialog", name="Keep this session")
        await expect(menu.locator("code").first).to_have_text(f"curl -fsS -OJ '{face.url}{PATH}'")
        for name, file in (
            ("Scenario", "session-2026-03-06.yaml"),
            ("(.html)", "report.html"),
            ("(.json)", "report.json"),
        ):
            async with page.expect_download() as download:
                await menu.get_by_role("link").filter(has_text=name).click()
            saved = await download.value
            assert saved.suggested_filename == file
            await saved.save_as(tmp_path / file)
        await page.close()
    assert load_scenario(tmp_path / "session-2026-03-06.yaml").seed == 7
    assert "<html" in (tmp_path / "report.html").read_text("utf-8")


@pytest.mark.browser
async def test_the_menu_opens_and_closes_with_keys_and_the_focus_goes_back(look: Any) -> None:
    async with served(others=page_routes(), further=OPERATIONS) as face:
        page = await look(face)
        button = page.get_by_role("button", name="Keep")
        await button.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("link", name="Scenario file (.yaml)")).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#keep-menu")).to_be_hidden()
        await expect(button).to_be_focused()
        await page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 720, 1280])
async def test_the_menu_stays_within_the_page(look: Any, width: int) -> None:
    async with served(others=page_routes(), further=OPERATIONS) as face:
        page = await look(face, size=(width, 720))
        await page.get_by_role("button", name="Keep").click()
        box = await page.locator("#keep-menu").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        await page.close()
