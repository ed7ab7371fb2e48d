"""Findings as the table of `README.md`, and as JSON that such a table can be made of later."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from pairs import Finding, Goal

HEAD = (
    "| what / against what | we | the other | ratio | quartiles | goal | met |",
    "|---|---|---|---|---|---|---|",
)


def line(finding: Finding) -> str:
    """One row of the table."""
    value = "" if finding.value is None else f"{finding.value:.2f}"
    spread = f"{finding.spread[0]:.2f}–{finding.spread[1]:.2f}" if finding.spread else ""
    met = "not measured" if finding.value is None else "yes" if finding.met else "no"
    met = met if str(finding.goal) else ""
    cells = (finding.name, finding.ours, finding.other, value, spread, finding.goal, met)
    return f"| {' | '.join(map(str, cells))} |"


def remarks(findings: Iterable[Finding]) -> list[str]:
    """What is to be said of single rows."""
    return [f"- {finding.name}: {finding.note}" for finding in findings if finding.note]


def write(path: Path, machine: str, findings: Iterable[Finding]) -> None:
    rows = [{**asdict(finding), "met": finding.met} for finding in findings]
    text = json.dumps({"machine": machine, "findings": rows}, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def read(paths: Iterable[Path]) -> tuple[list[str], list[Finding]]:
    """The machines and findings of several runs; of what was measured twice, the later one."""
    machines, findings = [], {}
    for path in paths:
        run = json.loads(path.read_text(encoding="utf-8"))
        machines.append(run["machine"])
        for row in run["findings"]:
            row.pop("met")
            finding = Finding(**{**row, "goal": Goal(**row["goal"]), "spread": row["spread"] and tuple(row["spread"])})
            findings[finding.name] = finding
    return list(dict.fromkeys(machines)), list(findings.values())
