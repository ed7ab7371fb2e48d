"""The report in a real browser: verdict, filter, list, inspector, keys, address (ui: sections 3, 6, 7)."""

from __future__ import annotations

import pytest
from looking import OpenReport, Report, settle, window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


# ---- filter, list, inspector, links


async def test_every_count_is_a_filter_and_says_so(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    for state, count in [("delivered", 41), ("pending", 2), ("exhausted", 4), ("cancelled", 17), ("filtered", 7)]:
        chip = page.locator("sim-counts button", has_text=state)
        assert (await chip.inner_text()).split() == [str(count), state]
        await chip.click()
        await settle(page)
        assert await chip.get_attribute("aria-pressed") == "true"
        assert await page.locator(".found").inner_text() == f"{count} of 71 deliveries"
    await page.locator("sim-counts button", has_text="jobs").click()
    await page.locator("sim-counts button", has_text="exhausted").click()
    await settle(page)
    assert await page.locator("input[type=search]").input_value() == "sub:jobs state:exhausted"
    await page.locator("sim-counts button", has_text="jobs").click()
    await page.locator("sim-counts button", has_text="exhausted").click()
    await settle(page)
    assert await page.locator(".found").inner_text() == "71 deliveries"


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("outcome:refused", 3),
        ("outcome:gone", 5),
        ("outcome:500", 19),
        ("fault:crm-outage", 3),
        ("id:1,2,70", 3),
        ("is:duplicate", 1),
        ("is:resent", 1),
        ("evidence:3", 4),
        ("sub:crm declined", 7),
        ("sub:crm signed", 7),
        ("JOB-0003", 1),
        ("/v2/jobs", 4),
        ("state:delivered sub:nobody", 0),
    ],
)
async def test_words_of_the_filter_box(open_report: OpenReport, document: Report, query: str, count: int) -> None:
    page = await open_report(document)
    await page.get_by_role("searchbox").fill(query)
    await settle(page)
    total = f"{count} of 71 deliveries"
    assert await page.locator(".found").inner_text() == total
    if not count:
        await page.get_by_role("button", name="Clear filter").click()
        await settle(page)
        assert await page.locator(".found").inner_text() == "71 deliveries"


async def test_rows_are_recycled_while_the_list_scrolls(open_report: OpenReport, big: Report) -> None:
    page = await open_report(big)
    first = await page.locator(".row").first.element_handle()
    await page.locator(".rows").evaluate("(rows) => { rows.scrollTop = 7000 * 28; }")
    await page.wait_for_function("() => document.querySelector('.row').getAttribute('aria-posinset') > 6900")
    assert first is not None
    assert await first.evaluate("(row) => row.isConnected")
    labels = await page.locator(".row").evaluate_all("(rows) => rows.map((row) => row.getAttribute('aria-label'))")
    assert any(label.startswith("7001, ") for label in labels)
    assert len(labels) < 30


async def test_a_verdict_links_into_the_picture(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    assert await page.locator("h1").inner_text() == "Failed Weekend outage"
    assert await page.locator(".reason").inner_text() == "2 of 4 expectations failed. First: jobs is never disabled."
    failed = await page.locator("sim-verdict > ul > li h3").all_text_contents()
    assert [text.split(" failed")[0] for text in failed] == ["jobs is never disabled", "no delivery is exhausted"]
    await page.get_by_role("link", name="Show all 4").click()
    await settle(page)
    assert await page.locator(".found").inner_text() == "4 of 71 deliveries"
    ids = [one["id"] for one in document["deliveries"] if one["state"] == "exhausted"]
    await page.get_by_role("link", name=f"Delivery {ids[0]}, exhausted").click()
    await settle(page)
    assert await page.locator("sim-inspector h2").inner_text() == f"Delivery {ids[0]} exhausted"
    assert await page.locator('.row[aria-selected="true"]').get_attribute("data-id") == str(ids[0])


async def test_the_inspector_tells_an_attempt_in_full(open_report: OpenReport, document: Report) -> None:
    one = next(one for one in document["deliveries"] if "crm-outage" in {a["fault"] for a in one["attempts"]})
    page = await open_report(document, address=f"#d={one['id']}.2")
    current = page.locator('.attempts [aria-current="true"]')
    names = await current.locator("dt").all_text_contents()
    values = await current.locator("dd").all_text_contents()
    told = dict(zip(names, values, strict=True))
    assert told["Planned"].endswith(" · +30 s")
    assert told["Actual"].endswith(" · as planned")
    assert told["Sent"] == f"GET {one['attempts'][1]['url']}"
    assert told["Fault"] == "crm-outage, injected"
    assert told["Then"] == "failed: retry 2 of 5 (R3)"
    assert "real" in told["Ended"]
    assert await page.locator("svg.ladder .slot").count() == 1
    delays = await page.locator("svg.ladder > text:not(.instant)").all_text_contents()
    assert delays == ["30 s", "5 m", "30 m", "3 h", "20 h"]


async def test_a_changed_definition_is_named_and_ticked_on_the_ladder(
    open_report: OpenReport, document: Report
) -> None:
    changes_at = document["subscriptions"][0]["revisions"][1]["at"]
    one = next(
        one
        for one in document["deliveries"]
        if one["event"] == "agreement_status_changed" and one["occurred_at"] < changes_at and len(one["attempts"]) > 4
    )
    page = await open_report(document, address=f"#d={one['id']}")
    definition = page.locator('.attempts [aria-current="true"] dd', has_text="revision")
    assert await definition.inner_text() == "revision 2 (header token); at the event it was 1"
    assert await page.locator("svg.ladder .revision text").all_text_contents() == ["r2"]


async def test_credentials_are_copied_as_dots(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, address="#d=9")
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.get_by_role("button", name="Copy as curl").click()
    await page.get_by_text("Copied").wait_for()
    copied = await page.evaluate("() => navigator.clipboard.readText()")
    assert copied.startswith("curl -i -H 'X-Aurora-Webhook-Token: ••••' 'http://127.0.0.1")


async def test_what_a_receiver_answered_stays_text(open_report: OpenReport, document: Report) -> None:
    one = next(one for one in document["deliveries"] if any("onerror" in a["error"] for a in one["attempts"]))
    page = await open_report(document, address=f"#d={one['id']}.1")
    assert "</script><img src=x onerror=alert(1)>" in await page.locator("sim-inspector").inner_text()
    assert await page.locator("img").count() == 0


# ---- the keyboard and the address


async def test_a_walk_with_keys_alone(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    focused = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
    for _ in range(60):
        await page.keyboard.press("Tab")
        if await page.evaluate("() => document.activeElement.className") == "cursor":
            break
    assert await page.evaluate(focused) == "Attempts: arrow keys walk, Enter opens"
    await page.keyboard.press("ArrowRight")
    await settle(page)
    first = await page.evaluate(focused)
    assert first.startswith("crm, attempt 1 of 6, 200, Fri 6 Mar")
    for _ in range(2):
        await page.keyboard.press("ArrowRight")
        await settle(page)
    assert "crm, attempt 2 of 6, refused" in await page.evaluate(focused)
    assert "after 30 s" in await page.evaluate(focused)
    for _ in range(4):
        await page.keyboard.press("ArrowDown")
        await settle(page)
    assert (await page.evaluate(focused)).startswith("jobs, attempt")
    ring = await page.evaluate("() => getComputedStyle(document.activeElement).outlineWidth")
    assert ring == "2px"
    await page.keyboard.press("Enter")
    await settle(page)
    assert (await page.evaluate(focused)).startswith("Delivery ")
    await page.keyboard.press("Escape")
    await settle(page)
    assert await page.evaluate("() => document.activeElement.className") == "cursor"
    assert await page.locator("sim-inspector", has_text="Select a delivery.").count() == 1
    await page.keyboard.press("/")
    assert await page.evaluate(focused) == "Filter deliveries"
    await page.keyboard.type("fj0")
    await settle(page)
    assert await page.locator(".found").inner_text() == "0 of 71 deliveries"


async def test_the_list_is_walked_with_j_and_k_and_arrows(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    selected = page.locator('.row[aria-selected="true"]')
    for key, expected in [("j", 1), ("j", 2), ("j", 3), ("k", 2)]:
        await page.keyboard.press(key)
        await settle(page)
        assert await selected.get_attribute("data-id") == str(expected)
    await page.locator(".rows").focus()
    for key, expected in [("ArrowDown", 3), ("PageDown", 13), ("End", 71), ("Home", 1)]:
        await page.keyboard.press(key)
        await settle(page)
        assert await selected.get_attribute("data-id") == str(expected)
        assert await page.locator(".rows").get_attribute("aria-activedescendant") == f"row-{expected}"


async def test_help_lists_every_key_that_acts_and_single_keys_can_be_turned_off(
    open_report: OpenReport, document: Report
) -> None:
    page = await open_report(document)
    await page.keyboard.press("?")
    listed = await page.locator("dialog kbd").all_text_contents()
    assert " ".join(listed) == "← → ↑ ↓ Shift+← Shift+→ + – 0 f j k Enter Esc / ?"
    await page.get_by_label("Single keys act").uncheck()
    await page.get_by_role("button", name="Close").click()
    await page.keyboard.press("j")
    await settle(page)
    assert await page.locator('.row[aria-selected="true"]').count() == 0
    await page.keyboard.press("Control+j")
    assert await page.locator("dialog[open]").count() == 0


async def test_reload_and_back_come_to_the_same_view(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    await page.locator("sim-counts button", has_text="exhausted").click()
    await page.locator(".row").nth(1).click()
    await page.get_by_role("button", name="1 h", exact=True).click()
    await page.wait_for_function("() => location.hash.includes('w=')")
    seen, shown = page.url, await window(page)
    await page.reload()
    await page.locator("svg.picture").wait_for()
    assert page.url == seen
    assert (await window(page))["from"] == pytest.approx(shown["from"], abs=1_000_000)
    assert await page.locator(".found").inner_text() == "4 of 71 deliveries"
    assert await page.locator("sim-inspector h2").count() == 1
    await page.go_back()
    await settle(page)
    assert await page.locator("sim-inspector h2").count() == 0
    assert await page.locator(".found").inner_text() == "4 of 71 deliveries"
    await page.go_back()
    await settle(page)
    assert await page.locator(".found").inner_text() == "71 deliveries"


async def test_an_address_that_makes_no_sense_shows_the_whole_run(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document, address="#d=999.7&w=yesterday/tomorrow&q=%3C")
    assert await page.locator("sim-inspector").inner_text() != ""
    assert "There is no delivery 999" in await page.locator("sim-inspector").inner_text()
    assert await page.get_by_role("button", name="Whole run").get_attribute("aria-pressed") == "true"


# ---- other runs


async def test_a_run_in_which_nothing_happened(open_report: OpenReport, document: Report) -> None:
    empty = {
        **document, "verdict": "pass", "expectations": [], "deliveries": [], "subscriptions": [], "faults": [],
        "totals": {**document["totals"], "events": 0, "duplicates": 0}, "readings": {},
    }  # fmt: skip
    page = await open_report(empty)
    assert await page.locator(".reason").inner_text() == "Nothing was expected; 0 of 0 deliveries delivered."
    assert await page.locator(".found").inner_text() == "0 deliveries"


async def test_checks_of_a_contract_are_judged_like_expectations(open_report: OpenReport, document: Report) -> None:
    checks = [
        {"id": "answers-in-time", "verdict": "fail", "clause": "R1", "message": "took 12 s", "evidence": [1]},
        {"id": "reads-back", "verdict": "warn", "clause": "E10", "message": "never asked", "evidence": []},
        {"id": "keeps-token", "verdict": "pass", "clause": "E7", "message": "401 without it", "evidence": []},
    ]
    page = await open_report({**document, "expectations": [], "checks": checks})
    assert await page.locator(".reason").inner_text() == "1 of 3 checks failed; 1 warn, 1 pass. First: answers-in-time."
    shown = await page.locator("sim-verdict > ul h3").all_text_contents()
    assert shown == ["answers-in-time failed", "reads-back warning"]


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ({"pass": 2}, ["Passed", "All 2 checks hold", "2 of 2 hold"]),
        ({"pass": 22, "skipped": 5}, ["Passed", "22 of 27 checks hold, 5 skipped", "22 of 27 hold", "5 skipped"]),
        (
            {"pass": 22, "unknown": 1, "skipped": 5},
            ["No failure", "22 of 28 checks hold, 1 unknown, 5 skipped", "22 of 28 hold", "5 skipped"],
        ),
        (
            {"pass": 1, "unknown": 4},
            ["No failure", "1 of 5 checks holds, 4 unknown", "More: 1 unknown", "1 of 5 holds"],
        ),
        ({"skipped": 3}, ["Nothing was checked", "0 of 3 checks hold, 3 skipped", "3 skipped"]),
    ],
)
async def test_unknown_and_skipped_are_never_counted_as_pass(
    open_report: OpenReport, document: Report, verdicts: dict[str, int], told: list[str]
) -> None:
    headline, reason, *folded = told
    named = [verdict for verdict, count in verdicts.items() for _ in range(count)]
    checks = [
        {"id": f"check-{number}", "verdict": verdict, "clause": "R1", "message": "", "evidence": []}
        for number, verdict in enumerate(named)
    ]
    page = await open_report({**document, "verdict": "pass", "expectations": [], "checks": checks})
    assert (await page.locator("sim-verdict h1").inner_text()).startswith(f"{headline} ")
    assert (await page.title()).startswith(f"{headline.lower()} · ")
    assert (await page.locator(".reason").inner_text()).startswith(f"{reason}; ")
    assert await page.locator("sim-verdict summary").all_inner_texts() == folded


async def test_a_provider_without_retries_has_one_slot(open_report: OpenReport, document: Report) -> None:
    """AURA sends once (A9): the ladder is a single place."""
    once = [one for one in document["deliveries"] if len(one["attempts"]) == 1]
    page = await open_report({**document, "ladder_seconds": [], "deliveries": once}, address=f"#d={once[0]['id']}")
    assert "attempt 1 of 1" in await page.locator("sim-inspector").inner_text()
    assert await page.locator("svg.ladder > text:not(.instant)").count() == 0
