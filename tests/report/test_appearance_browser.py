"""How the report looks, measured: widths, themes, contrast, paper, motion (ui: sections 3, 4, 5, 14)."""

from __future__ import annotations

import pytest
from looking import OpenReport, Report, settle

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("width", [320, 390, 720, 1280])
async def test_no_width_scrolls_sideways(open_report: OpenReport, document: Report, width: int) -> None:
    page = await open_report(document, width=width)
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= width
    header = await page.locator("header").bounding_box()
    clock = await page.locator(".clock").bounding_box()
    assert header is not None
    assert clock is not None
    assert header["height"] <= (100 if width < 640 else 64)
    assert clock["height"] <= 24, "the clock stands on one line"
    await page.keyboard.press("j")
    await settle(page)
    assert await page.evaluate("() => document.documentElement.scrollWidth") <= width


async def test_the_first_lane_is_seen_without_scrolling(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    lane = await page.locator(".lane .name").first.bounding_box()
    assert lane is not None
    assert lane["y"] + lane["height"] < 720


async def test_on_a_phone_the_inspector_is_a_sheet_over_everything(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, width=390)
    await page.locator(".row").first.click()
    await settle(page)
    await page.wait_for_function("() => document.querySelector('sim-inspector').getBoundingClientRect().left <= 0")
    sheet = await page.locator("sim-inspector").bounding_box()
    assert sheet == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert await page.locator("sim-list").get_attribute("inert") is not None
    await page.get_by_role("button", name="Close").click()
    await settle(page)
    assert await page.locator("sim-list").get_attribute("inert") is None


TEXT = ["ink", "ink-2", "mute", "accent"]
GRAPHICS = ["track", "ok", "bad", "late", "gone", "neutral"]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_tokens_contrast_as_computed(open_report: OpenReport, document: Report, theme: str) -> None:
    """4.5 for text and 3 for graphics, on cards, on the page and on a selected row (WCAG 1.4.3, 1.4.11)."""
    page = await open_report(document, theme=theme)
    colours = await page.evaluate("""() => {
      const probe = document.body.appendChild(document.createElement("i"));
      const names = "page surface sel ink ink-2 mute track accent on-accent ok bad late gone neutral".split(" ");
      return Object.fromEntries(names.map((name) => {
        probe.style.color = `var(--${name})`;
        return [name, getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number)];
      }));
    }""")

    def luminance(name: str) -> float:
        linear = [c / 3294.6 if c <= 10.31475 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colours[name]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
        return (bright + 0.05) / (dim + 0.05)

    assert (luminance("page") > 0.5) is (theme == "light")
    for ground in ("surface", "page"):
        assert {name: round(contrast(name, ground), 1) for name in TEXT if contrast(name, ground) < 4.5} == {}
    for ground in ("surface", "page", "sel"):
        assert {name: round(contrast(name, ground), 1) for name in GRAPHICS if contrast(name, ground) < 3} == {}
    assert contrast("on-accent", "accent") >= 4.5


async def test_the_theme_can_be_chosen_against_the_system(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, theme="dark")
    ground = "() => getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(ground)
    await page.get_by_role("button", name="Theme: system").click()
    light = await page.evaluate(ground)
    assert (dark, light) == ("rgb(18, 22, 27)", "rgb(246, 247, 249)")
    await page.get_by_role("button", name="Theme: light").click()
    assert await page.evaluate(ground) == dark


async def test_paper_is_light_and_has_the_evidence_open(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, theme="dark")
    await page.emulate_media(media="print")
    await settle(page)
    assert await page.evaluate("() => getComputedStyle(document.documentElement).colorScheme") == "light"
    evidence = {one for judged in document["expectations"] if judged["verdict"] == "fail" for one in judged["evidence"]}
    attempts = sum(len(one["attempts"]) for one in document["deliveries"] if one["id"] in evidence)
    assert await page.locator("#paper article").count() == len(evidence)
    assert await page.locator("#paper .attempts li dl").count() == attempts
    assert await page.locator("sim-list").is_visible() is False
    assert await page.locator("details .judgements li").first.is_visible()


async def test_less_motion_means_none(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    await page.emulate_media(reduced_motion="reduce")
    await page.locator(".row").nth(2).click()
    await page.get_by_role("button", name="Whole run").hover()
    assert await page.evaluate("() => document.getAnimations().length") == 0


@pytest.mark.parametrize("width", [390, 1280])
async def test_everything_that_can_be_pressed_has_a_name_and_a_size(
    open_report: OpenReport, document: Report, width: int
) -> None:
    page = await open_report(document, width=width)
    small = await page.locator("button:visible, a:visible, summary:visible, input:visible").evaluate_all(
        "(all) => all.filter((one) => !(one.textContent.trim() || one.getAttribute('aria-label')) "
        "|| one.offsetHeight < 24 || one.offsetWidth < 24).map((one) => one.outerHTML)"
    )
    assert small == []
