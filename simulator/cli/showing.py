"""One report, shown in full and written where it is wanted."""

from __future__ import annotations

from rich.console import Console

from simulator.cli.outputs import Outputs
from simulator.report.document import report_document
from simulator.report.model import Report
from simulator.report.text import render_report


def show(report: Report, outputs: Outputs) -> bool:
    """Whether its verdict is to pass."""
    console = Console()
    console.print(render_report(report), crop=False)
    for path in outputs.write(report_document(report)):
        console.print(f"written: {path}", markup=False, highlight=False, soft_wrap=True)
    return report.verdict == "pass"
