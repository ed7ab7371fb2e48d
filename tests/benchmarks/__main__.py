"""`make bench`: every goal side by side with its limit or its peer, in one run; only ratios are judged."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import asdict
from pathlib import Path

import delivery
import growth
import ladder
import lateness
import pure
import restart
import start
from pairs import Finding
from receiver import receiving

from simulator.cli.garbage import collect_rarely

Part = Callable[[str, Path, argparse.Namespace], Coroutine[object, object, list[Finding]]]

PARTS: dict[str, Part] = {
    "delivery": lambda base, folder, asked: delivery.measure(base, folder, asked.pairs),
    "ladder": lambda base, folder, asked: ladder.measure(base, folder, asked.pairs),
    "pure": lambda base, folder, asked: pure.measure(base, folder, asked.pairs),
    "restart": lambda _, folder, asked: restart.measure(folder, asked.pending, 3),
    "growth": lambda _, folder, asked: growth.measure(folder, asked.pairs),
    "lateness": lambda base, folder, _: lateness.measure(base, folder),
    "start": lambda _, folder, asked: start.measure(folder, asked.pairs),
}


def main() -> int:
    asked = _arguments()
    collect_rarely()  # as `aurora-sim run` does; both sides gain by it
    if asked.uvloop:
        import uvloop

        uvloop.install()
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as folder, receiving(Path(folder)) as receiver:
        machine = _machine(receiver.described, asked)
        print(machine, "\n", sep="")
        print("| what / against what | we | the other | ratio | quartiles | goal | met | |")
        print("|---|---|---|---|---|---|---|---|")
        findings = []
        for name in asked.only or PARTS:
            for finding in asyncio.run(PARTS[name](receiver.url, Path(folder), asked)):
                findings.append(finding)
                print(_line(finding), flush=True)
    if asked.json:
        rows = [{**asdict(finding), "met": finding.met} for finding in findings]
        asked.json.write_text(json.dumps({"machine": machine, "findings": rows}, indent=2, ensure_ascii=False))
    return int(asked.judge and not all(finding.met for finding in findings))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--pairs", type=int, default=8, help="pairs of chunks of about a second")
    parser.add_argument("--pending", type=int, default=1_000_000, help="pending deliveries of the restart")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given again")
    parser.add_argument("--uvloop", action="store_true", help="both sides on uvloop's event loop")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings there as well")
    parser.add_argument("--judge", action="store_true", help="exit with 1 where a goal is not met")
    return parser.parse_args()


def _machine(receiver: str, asked: argparse.Namespace) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    loop = "uvloop" if asked.uvloop else "asyncio"
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {load}; Python {platform.python_version()}, {loop}, "
        f"SQLite {sqlite3.sqlite_version}; receiver: {receiver}; {asked.pairs} pairs of chunks"
    )


def _line(finding: Finding) -> str:
    spread = f"{finding.spread[0]:.2f}–{finding.spread[1]:.2f}" if finding.spread else ""
    cells = (finding.name, finding.ours, finding.other, f"{finding.value:.2f}", spread, finding.goal)
    return f"| {' | '.join(map(str, cells))} | {'yes' if finding.met else 'no'} | {finding.note} |"


if __name__ == "__main__":
    sys.exit(main())
