"""A verification for a terminal: a row for each check, what does not hold in full, and one line for all.

In: a `Report` with checks. Out: rich renderables; nothing is printed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from simulator.domain.counting import format_count
from simulator.report.model import CheckVerdict, CheckView, Report

_MARKS: Mapping[CheckVerdict, Text] = {
    "pass": Text("✓ pass", "green"),
    "fail": Text("✗ FAIL", "bold red"),
    "warn": Text("! warn", "yellow"),
    "unknown": Text("? unknown", "magenta"),
    "skipped": Text("– skipped", "dim"),
}
_TO_EXPLAIN = ("fail", "warn")


def render_verification(report: Report) -> RenderableType:
    """The table, what fails with its advice and how to see it again, what is missing, and the verdict."""
    return Group(_table(report), *_explanations(report), *_missing(report), _verdict(report))


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("", "check", "found"):
        table.add_column(column, no_wrap=column != "found")
    for one in report.checks:
        found = Text(one.message, "dim" if one.verdict == "skipped" else "")
        if one.measured:
            found.append(f"\n{one.measured}", "dim")
        table.add_row(_MARKS[one.verdict], Text(one.id, "bold" if one.verdict in _TO_EXPLAIN else ""), found)
    return table


def _explanations(report: Report) -> Iterator[RenderableType]:
    for one in report.checks:
        if one.verdict in _TO_EXPLAIN:
            yield from _explanation(one)


def _explanation(one: CheckView) -> Iterator[RenderableType]:
    yield Text.assemble("\n", _MARKS[one.verdict], " ", (one.id, "bold"), f": {one.message}")
    yield Text(f"  clause   {one.clause}")
    yield Text(f"  advice   {one.advice}")
    if one.evidence:
        yield Text(f"  evidence {', '.join(_evidence(one))}")
    if one.repeat:
        yield Text.assemble("  again    ", (one.repeat, "bold"), no_wrap=True, overflow="ignore")
    if one.scenario:
        yield Text("  as a scenario, for aurora-sim run:\n")
        yield Text("\n".join(f"    {line}" for line in one.scenario.splitlines()), no_wrap=True, overflow="ignore")


def _evidence(one: CheckView) -> Iterator[str]:
    numbers = [piece for piece in one.evidence if isinstance(piece, int)]
    if numbers:
        more = f" and {len(numbers) - 8} more" if len(numbers) > 8 else ""  # noqa: PLR2004 - as many as a line holds
        yield f"deliveries {', '.join(map(str, numbers[:8]))}{more}"
    yield from (piece for piece in one.evidence if isinstance(piece, str))


def _missing(report: Report) -> Iterator[RenderableType]:
    """What would make the unknown known; each thing to give is said once."""
    wanted: dict[str, list[str]] = {}
    for one in report.checks:
        if one.verdict == "unknown" and one.advice:
            wanted.setdefault(one.advice, []).append(one.id)
    if wanted:
        yield Text("\nnot observed:", "magenta")
    for advice, ids in wanted.items():
        yield Text(f"  {advice}\n    for {', '.join(ids)}")


def _verdict(report: Report) -> Text:
    counts = Counter(one.verdict for one in report.checks)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _MARKS if counts[verdict])
    told += (
        f"; {format_count(report.totals.attempts, 'attempt')} in {report.clock.real_seconds:.1f} s (seed {report.seed})"
    )
    if counts["fail"]:
        return Text.assemble("\n", ("NOT READY ", "bold red"), told)
    if counts["unknown"]:
        return Text.assemble("\n", ("NO FAILURE ", "bold yellow"), f"{told}. What is unknown was not proven.")
    if not counts["pass"] and not counts["warn"]:
        return Text.assemble("\n", ("NOTHING WAS CHECKED ", "bold yellow"), told)
    return Text.assemble("\n", ("READY ", "bold green"), told)
