"""`report.json`: readable, complete, without secrets, and with a digest that only what is repeatable can change."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from scripted_run import JUDGEMENTS, REMARKS, SECRET, at, scripted_run

from simulator.report.document import report_document
from simulator.report.model import Report
from simulator.report.noted import course
from simulator.report.recorded import recorded_report


async def small_report(**options) -> Report:
    async with scripted_run(**options) as ledger:
        ledger.note(course(REMARKS, at(600)))
        return replace(recorded_report(ledger.db), expectations=JUDGEMENTS)


async def test_it_has_every_part_that_the_interface_names():
    document = report_document(await small_report())
    assert document["schema"] == "aurora-sim/report/1"
    assert document["verdict"] == "fail"
    assert {"scenario", "seed", "version", "clock", "totals", "expectations", "subscriptions"} <= document.keys()
    assert document["clock"]["virtual_seconds"] == 600
    assert document["totals"]["attempts"] == 7
    assert {"id", "event_id", "event", "attributes", "occurred_at", "state", "attempts"} <= document["deliveries"][
        0
    ].keys()
    assert {"due_at", "started_at", "ended_at", "url", "outcome", "status", "fault", "real_ms"} <= document[
        "deliveries"
    ][0]["attempts"][0].keys()


async def test_instants_are_iso_8601_in_utc_wherever_they_stand():
    document = report_document(await small_report())
    assert document["clock"]["virtual_start"] == "2026-03-06T17:00:00Z"
    assert document["deliveries"][0]["attempts"][1]["started_at"] == "2026-03-06T17:00:30Z"
    assert document["subscriptions"][0]["revisions"][1]["at"] == "2026-03-06T17:01:00Z"
    assert document["faults"][0]["until"] == "2026-03-06T17:01:00Z"
    assert document["remarks"][1]["at"] == "2026-03-06T17:08:20Z"


async def test_it_is_plain_json_and_comes_back_as_it_was():
    document = report_document(await small_report())
    assert json.loads(json.dumps(document)) == document


async def test_no_secret_stands_in_it():
    """S7"""
    assert SECRET not in json.dumps(report_document(await small_report()))


async def test_how_fast_the_machine_was_and_which_port_it_got_do_not_change_the_digest():
    first = report_document(await small_report())
    slower = await small_report(receiver="http://127.0.0.1:54321", real_us=900_000)
    slower = replace(slower, clock=replace(slower.clock, real_seconds=12.5), command="other", version="9.9", clauses={})
    second = report_document(slower)
    assert second["deliveries"][0]["attempts"][0]["url"] != first["deliveries"][0]["attempts"][0]["url"]
    assert second["digest"] == first["digest"]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 4},
        {"scenario": "Other"},
        {"readings": {"retry_delay_from": "start"}},
        {"expectations": JUDGEMENTS[:1]},
        {"remarks": ()},
        {"deliveries": ()},
    ],
)
async def test_anything_else_changes_it(change):
    report = await small_report()
    assert report_document(replace(report, **change))["digest"] != report_document(report)["digest"]
