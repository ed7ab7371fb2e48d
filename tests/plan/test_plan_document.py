"""`simulator.plan.document`: the plan for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from plan_inquiries import inquire

from simulator.cli.planning import make_plan
from simulator.plan.document import plan_document

INQUIRY = {"rate": "6/h", "length": "6d", "recover": "1d"}


@pytest.fixture(scope="module")
def document() -> dict:
    return plan_document(make_plan(inquire("60h", **INQUIRY)))


def entries(value: object) -> Iterator[tuple[str, object]]:
    """Every key with what it holds, however deep."""
    if isinstance(value, dict):
        yield from value.items()
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from entries(inner)


def test_it_is_plain_json_with_its_schema_in_front(document):
    assert json.loads(json.dumps(document)) == document
    assert next(iter(document.items())) == ("schema", "aurora-sim/plan/1")


def test_instants_are_iso_8601_and_durations_are_seconds(document):
    assert document["start"] == "2026-01-05T09:00:00Z"
    assert document["outages"][0]["until"] == "2026-01-08T21:00:00Z"
    assert document["subscriptions"][0]["disablings"][0]["enabled_at"] == "2026-01-09T21:00:00Z"
    assert [rung["delay_seconds"] for rung in document["rungs"]] == [0, 30, 300, 1_800, 10_800, 72_000]
    assert document["load_step_seconds"] == 3_600
    assert not [key for key, _ in entries(document) if key.endswith("_us")]
    assert not [key for key, value in entries(document) if isinstance(value, int) and value > 10**12]


def test_a_duration_that_is_no_whole_number_of_seconds_keeps_its_fraction():
    document = plan_document(make_plan(inquire("1h", rate="6/h", poisson=True, switches=["retry_jitter=0.3"], seed=2)))
    assert document["lateness"]["max_seconds"] % 1


def test_what_is_missed_is_summed_up(document):
    for counts in (document["counts"], document["subscriptions"][0]["counts"]):
        assert counts["missed"] == counts["exhausted"] + counts["cancelled"] > 0


def test_the_same_inquiry_gives_the_same_document(document):
    assert plan_document(make_plan(inquire("60h", **INQUIRY))) == document
