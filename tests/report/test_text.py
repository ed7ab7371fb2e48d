"""The report for a terminal, as plain text of a given width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.console import Console, RenderableType
from scripted_run import COMMAND, JUDGEMENTS, SECRET, at, scripted_run

from simulator.report.model import Report
from simulator.report.noted import course
from simulator.report.recorded import recorded_report
from simulator.report.summary import render_summary
from simulator.report.text import render_failures, render_report


@pytest.fixture
async def report() -> Report:
    async with scripted_run() as ledger:
        ledger.note(course((), at(600)))
        return replace(recorded_report(ledger.db), expectations=JUDGEMENTS)


def shown(view: RenderableType, width: int = 120) -> str:
    console = Console(width=width, color_system=None, legacy_windows=False)
    with console.capture() as capture:
        console.print(view, crop=False)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def test_a_retried_delivery_is_a_row_with_a_column_for_each_place_on_the_ladder(report):
    """R3"""
    text = shown(render_report(report))
    rows = [line.split() for line in text.splitlines()]
    assert ["id", "occurred", "first", "+30s", "+5m", "+30m", "+3h", "+20h", "state"] in rows
    assert ["1", "06", "Mar", "17:00:00", "503", "200", "delivered"] in rows
    assert ["3", "06", "Mar", "17:00:00", "refused", "refused", "200", "delivered"] in rows


def test_a_200_that_never_came_to_an_end_is_no_200(report):
    """R1: only a complete 2xx is a success."""
    first = report.deliveries[0]
    broken_off = replace(first.attempts[0], outcome="body_timeout", status=200)
    told = replace(report, deliveries=(replace(first, attempts=(broken_off, *first.attempts[1:])),))
    assert "1 06 Mar 17:00:00 body timeout 200" in " ".join(shown(render_report(told)).split())


def test_a_duplicate_shares_the_place_of_the_attempt_it_repeats(report):
    """R11"""
    assert "200 200 again" in shown(render_report(report))


def test_a_change_of_the_subscription_stands_below_its_rows(report):
    """S14"""
    text = shown(render_report(report))
    assert "Fri 06 Mar 17:01:00  revision 2: header token" in text
    assert "revision 2: disabled by the customer (R6)" in text
    assert SECRET not in text


def test_many_events_of_one_subscription_are_counted_and_few_are_named_on_one_line(report):
    """A1"""
    few, many = (
        replace(one, event=", ".join(f"AN_EVENT_WITH_QUITE_A_LONG_NAME_{number}" for number in range(count)))
        for one, count in zip(report.subscriptions, (2, 3), strict=False)
    )
    lines = shown(render_report(replace(report, subscriptions=(few, many)))).splitlines()
    assert f"{few.name} · AN_EVENT_WITH_QUITE_A_LONG_NAME_0, AN_EVENT_WITH_QUITE_A_LONG_NAME_1" in lines
    assert f"{many.name} · 3 events" in lines


def test_a_failing_expectation_names_the_deliveries_that_show_it(report):
    lines = shown(render_report(report)).splitlines()
    assert any(line.startswith("✗  delivered all delivered") and line.endswith("deliveries 1, 3") for line in lines)
    assert any(line.startswith("✓  duplicates exactly 1 duplicates") for line in lines)


def test_totals_and_verdict_stand_at_the_end(report):
    text = shown(render_report(report))
    assert "4 events, 3 deliveries, 7 attempts: 3 delivered, 0 exhausted, 0 cancelled, 0 pending, 1 filtered" in text
    assert "10m of virtual time in 0.0 s\nFAILED 1 of 2 expectations does not hold\n" in text


def test_a_failed_run_says_how_to_repeat_it_on_one_line_however_narrow_the_terminal(report):
    assert shown(render_report(report), width=30).splitlines()[-1] == f"repeat with: {COMMAND}"


def test_a_run_that_passed_says_nothing_of_repeating(report):
    passed = replace(report, expectations=JUDGEMENTS[1:])
    assert "PASSED the expectation holds" in shown(render_report(passed))
    assert "repeat with" not in shown(render_report(passed))
    assert "PASSED nothing was expected" in shown(render_report(replace(report, expectations=())))


def test_markup_in_names_and_answers_is_text(report):
    odd = replace(JUDGEMENTS[0], name="[bold]x[/bold]", actual="[red]y")
    text = shown(render_failures(replace(report, expectations=(odd,))))
    assert "[bold]x[/bold]" in text
    assert "[red]y" in text


def test_failures_alone_leave_out_what_holds(report):
    text = shown(render_failures(report))
    assert "✗  delivered" in text
    assert "duplicates" not in text
    assert text.endswith(f"repeat with: {COMMAND}")


def test_several_runs_are_one_table_with_a_row_each(report):
    passed = replace(report, scenario="Other", expectations=JUDGEMENTS[1:])
    lines = shown(render_summary([report, passed]), width=80).splitlines()
    assert lines[0].split() == ["scenario", "events", "deliveries", "attempts", "virtual", "real"]
    assert lines[1].split() == ["FAIL", "Small", "4", "3", "7", "10m", "0.00s"]
    assert lines[2].split() == ["pass", "Other", "4", "3", "7", "10m", "0.00s"]
    assert lines[-1] == "FAILED 1 of 2 scenarios"


def test_the_failing_ones_say_below_it_what_does_not_hold_and_how_to_repeat_it(report):
    passed = replace(report, scenario="Other", expectations=JUDGEMENTS[1:])
    text = shown(render_summary([report, passed]))
    assert text.count("✗") == 1
    assert text.count("repeat with: ") == 1
    assert shown(render_summary([passed, passed])).endswith("PASSED all 2 scenarios, 2 expectations")
