"""Several runs for a terminal: one table, a row for each, and below it what does not hold, with how to repeat it.

In: reports; their deliveries are not looked at. Out: rich renderables; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.domain.counting import format_count
from simulator.domain.instant import format_duration
from simulator.report.model import Report
from simulator.report.text import render_failures

_COUNTS = ("events", "deliveries", "attempts")


def render_summary(reports: Sequence[Report]) -> RenderableType:
    """The table, the failures, and one line for all."""
    return Group(_table(reports), *_failures(reports), _verdict(reports))


def _table(reports: Sequence[Report]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim")
    table.add_column("", no_wrap=True)
    table.add_column("scenario")
    for column in (*_COUNTS, "virtual", "real"):
        table.add_column(column, justify="right", no_wrap=True)
    for report in reports:
        passed = report.verdict == "pass"
        table.add_row(
            Text("pass", "green") if passed else Text("FAIL", "bold red"),
            Text(report.scenario, "" if passed else "bold"),
            *(f"{getattr(report.totals, count):,}" for count in _COUNTS),
            format_duration(report.clock.virtual_end - report.clock.virtual_start),
            f"{report.clock.real_seconds:.2f}s",
        )
    return table


def _failures(reports: Sequence[Report]) -> Iterator[RenderableType]:
    for report in reports:
        if report.verdict == "fail":
            yield Text.assemble("\n", (report.scenario, "bold"))
            yield render_failures(report)


def _verdict(reports: Sequence[Report]) -> Text:
    failed = sum(report.verdict == "fail" for report in reports)
    if failed:
        return Text.assemble("\n", ("FAILED ", "bold red"), f"{failed} of {format_count(len(reports), 'scenario')}")
    expectations = sum(len(report.expectations) for report in reports)
    told = f"all {format_count(len(reports), 'scenario')}, {format_count(expectations, 'expectation')}"
    return Text.assemble("\n", ("PASSED ", "bold green"), told)
