"""The go-live part of the report in a real browser: every clause, its verdict, what to do, and how to see it again."""

from __future__ import annotations

import pytest
from looking import OpenReport, Report

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

FIELDS = {"evidence": [], "advice": "", "repeat": "", "measured": "", "scenario": ""}


async def test_every_check_has_its_row_and_markup_of_a_receiver_stays_text(
    open_report: OpenReport, document: Report
) -> None:
    checks = [
        {**FIELDS, "id": "burst", "verdict": "pass", "clause": "R1: in time", "message": "ok", "measured": "p50 1 ms"},
        {
            **FIELDS,
            "id": "convergence",
            "verdict": "fail",
            "clause": "R11: any order",
            "message": "<b>viewed</b>",
            "advice": "Keep the highest.",
            "scenario": "name: replay",
            "repeat": "aurora-sim verify",
        },
    ]
    page = await open_report({**document, "expectations": [], "checks": checks})
    rows = page.locator(".golive tbody tr")
    assert await rows.count() == 2
    assert "p50 1 ms" in await rows.nth(0).inner_text()
    assert "<b>viewed</b>" in await rows.nth(1).inner_text()
    assert await page.locator(".golive h2").inner_text() == "Go-live 1 fail, 1 pass"
    await rows.nth(1).locator("summary").click()
    assert await rows.nth(1).locator("pre").inner_text() == "name: replay"


async def test_a_run_without_checks_has_no_such_part(open_report: OpenReport, document: Report) -> None:
    page = await open_report(document)
    assert await page.locator(".golive").count() == 0
