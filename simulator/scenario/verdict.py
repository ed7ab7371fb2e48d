"""The end of a run: its report is made from the ledger, and every expectation is judged on it.

In: a scenario, the ledger of its run, and what the ledger cannot know. Out: the report with its verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from simulator.clock.stopwatch import Stopwatch
from simulator.report.model import Report
from simulator.report.recorded import recorded_report
from simulator.scenario.expect import judge
from simulator.scenario.scenario import Scenario


def judged_report(
    scenario: Scenario, db: Database, answers: Mapping[str, Any], refusals: Mapping[int, str], stopwatch: Stopwatch
) -> Report:
    """`answers`: of the receiver, to the probes; `refusals`: resends by delivery, and why they were refused (R10)."""
    report = recorded_report(db)
    judgements = tuple(
        judge(one, report, scenario, probe_answers=answers, refusals=refusals) for one in scenario.expectations
    )
    clock = replace(report.clock, real_seconds=stopwatch.elapsed_us() / 1_000_000)
    return replace(report, expectations=judgements, clock=clock)
