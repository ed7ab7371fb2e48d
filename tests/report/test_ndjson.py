"""Lines of JSON: one record each, in the order that the module names, each understandable by itself."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from scripted_run import JUDGEMENTS, REMARKS, SECRET, at, scripted_run

from simulator.report.document import report_document
from simulator.report.ndjson import ndjson_report
from simulator.report.noted import course
from simulator.report.recorded import recorded_report


@pytest.fixture
async def document() -> dict[str, Any]:
    async with scripted_run() as ledger:
        ledger.note(course(REMARKS, at(600)))
        return report_document(replace(recorded_report(ledger.db), expectations=JUDGEMENTS))


@pytest.fixture
def records(document) -> list[dict[str, Any]]:
    text = ndjson_report(document)
    assert text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def of_type(records, kind: str) -> list[dict[str, Any]]:
    return [one for one in records if one["type"] == kind]


def test_there_is_a_line_for_each_thing_that_is_in_the_report(records):
    assert Counter(one["type"] for one in records) == {
        "run": 1, "subscription": 3, "fault": 2, "remark": 2, "event": 4, "delivery": 4, "attempt": 7, "expectation": 2,
    }  # fmt: skip


def test_the_run_comes_first_with_verdict_totals_and_digest_and_the_expectations_last(records, document):
    assert records[0]["type"] == "run"
    assert records[0]["verdict"] == "fail"
    assert records[0]["totals"] == document["totals"]
    assert records[0]["digest"] == document["digest"]
    assert [one["type"] for one in records[-2:]] == ["expectation", "expectation"]
    assert records[-2]["evidence"] == [1, 3]


def test_every_line_names_its_scenario_and_begins_with_its_type(records):
    assert all(list(one)[:2] == ["type", "scenario"] for one in records)
    assert {one["scenario"] for one in records} == {"Small"}


def test_an_attempt_says_whose_it_is_without_a_join(records):
    one = of_type(records, "attempt")[0]
    assert (one["delivery_id"], one["event_id"], one["event"]) == (1, 1, "lead_created")
    assert (one["subscription"], one["tenant_id"]) == ("leads", "demo")
    assert (one["number"], one["outcome"], one["status"]) == (1, "server_error", 503)
    assert one["started_at"] == "2026-03-06T17:00:00Z"


def test_a_delivery_counts_its_attempts_which_follow_it(records):
    rows = [(one["type"], one.get("delivery_id", one.get("id"))) for one in records]
    start = rows.index(("delivery", 1))
    assert rows[start : start + 4] == [("delivery", 1), ("attempt", 1), ("attempt", 1), ("delivery", 2)]
    assert [one["attempts"] for one in of_type(records, "delivery")] == [2, 0, 3, 2]


def test_an_event_stands_once_with_its_deliveries(records):
    first = of_type(records, "event")[0]
    assert (first["id"], first["event"], first["deliveries"]) == (1, "lead_created", [1])
    assert first["attributes"] == {"LEAD_ID": "Ada", "SOURCE": "api"}


def test_two_deliveries_of_one_event_are_one_event(document):
    twin = {**document["deliveries"][0], "id": 99}
    text = ndjson_report({**document, "deliveries": [*document["deliveries"], twin]})
    events = of_type(map(json.loads, text.splitlines()), "event")
    assert len(events) == 4
    assert events[0]["deliveries"] == [1, 99]


def test_checks_of_a_contract_come_last(document):
    text = ndjson_report({**document, "checks": [{"id": "speed", "verdict": "warn"}]})
    last = json.loads(text.splitlines()[-1])
    assert last == {"type": "check", "scenario": "Small", "id": "speed", "verdict": "warn"}


def test_no_secret_stands_in_it(document):
    """S7"""
    assert SECRET not in ndjson_report(document)
