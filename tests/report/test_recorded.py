"""A report made again from a database: equal to the first one, and honest about a run that was broken off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scripted_run import COMMAND, JUDGEMENTS, REMARKS, START, at, scripted_run

from simulator.errors import Refused
from simulator.report.document import report_document
from simulator.report.noted import course, judged
from simulator.report.recorded import recorded_report
from simulator.store.database import MEMORY, open_database


async def test_what_was_noted_is_told():
    async with scripted_run() as ledger:
        ledger.note(course(REMARKS, at(600)))
        report = recorded_report(ledger.db)
    assert (report.scenario, report.description, report.provider, report.seed) == ("Small", "By hand.", "aurora", 3)
    assert (report.clock.virtual_start, report.clock.virtual_end) == (START, at(600))
    assert report.readings["retry_delay_from"] == "end"
    assert report.remarks == REMARKS
    assert report.command == COMMAND
    assert report.ladder_seconds == (30, 300, 1_800, 10_800, 72_000)
    assert report.disable


async def test_it_equals_the_first_report_digest_included(tmp_path):
    """As `run_scenario` does it: read, judge, note; then the file alone, in a process that knows nothing else."""
    path = tmp_path / "run.sqlite"
    async with scripted_run(path) as ledger:
        ledger.note(course(REMARKS, at(600)))
        read = recorded_report(ledger.db)
        first = replace(read, expectations=JUDGEMENTS, clock=replace(read.clock, real_seconds=0.25))
        ledger.note(judged(first))
    db = open_database(path)
    again = recorded_report(db)
    db.close()
    assert again == first
    assert report_document(again) == report_document(first)


async def test_a_run_that_was_broken_off_tells_what_happened_so_far_and_does_not_pass():
    async with scripted_run() as ledger:
        report = recorded_report(ledger.db)
    assert len(report.deliveries) == 4
    assert report.clock.virtual_end == at(500)  # the last thing that happened
    assert report.verdict == "fail"
    (judgement,) = report.expectations
    assert judgement.actual == "broken off at 2026-03-06T17:08:20Z, its expectations were not judged"


async def test_one_that_was_stopped_in_time_knows_where_its_clock_stood():
    async with scripted_run() as ledger:
        ledger.note(course((), at(555)))
        report = recorded_report(ledger.db)
    assert report.clock.virtual_end == at(555)
    assert report.verdict == "fail"


def test_a_database_without_a_run_is_refused():
    db = open_database(MEMORY)
    with pytest.raises(Refused, match="holds no run of a scenario"):
        recorded_report(db)
    db.close()
