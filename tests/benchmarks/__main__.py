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
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pairs import Finding

PARTS = ("delivery", "ladder", "pure", "restart", "soak", "growth", "lateness", "start", "stages")
SENDING = {"delivery", "ladder", "soak", "lateness", "stages"}  # to the receiver


def main() -> int:
    sys.path.insert(0, str(Path(__file__).parent))  # also where this is run as `python -m tests.benchmarks`
    asked = _arguments()
    return _show(asked.table) if asked.table else _measure(asked)


def _show(files: list[Path]) -> int:
    """The table of `README.md`, from what earlier runs have written."""
    import table

    machines, findings = table.read(files)
    print(*machines, "", *table.HEAD, *map(table.line, findings), "", *table.remarks(findings), sep="\n")
    return 0


def _measure(asked: argparse.Namespace) -> int:
    import table
    from receiver import beside_the_receiver, receiving

    from simulator.cli.garbage import collect_rarely

    collect_rarely()  # as `aurora-sim run` does; both sides gain by it
    if asked.uvloop:
        import uvloop

        uvloop.install()
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="aurora-bench-") as folder, receiving(Path(folder)) as receiver:
        machine = _machine(receiver.described, asked)
        print(machine, "", *table.HEAD, sep="\n", flush=True)
        for name in asked.only or PARTS:
            with beside_the_receiver() if name in SENDING else nullcontext():
                found = asyncio.run(_part(name, receiver.url, Path(folder), asked))
            findings += found
            print(*map(table.line, found), sep="\n", flush=True)
    print("", *table.remarks(findings), sep="\n")
    if asked.json:
        table.write(asked.json, machine, findings)
    return int(asked.judge and not all(finding.met for finding in findings if finding.value is not None))


def _part(name: str, base: str, folder: Path, asked: argparse.Namespace) -> Coroutine[object, object, list[Finding]]:
    """One part is imported when its turn comes: where its peer is missing, the others do without it."""
    given = {
        "restart": (folder, asked.pending, 5),
        "soak": (base, folder, asked.soak),
        "growth": (folder, asked.pairs),
        "lateness": (base, folder),
        "start": (folder, asked.pairs),
    }
    part: Coroutine[object, object, list[Finding]] = import_module(name).measure(
        *given.get(name, (base, folder, asked.pairs))
    )
    return part


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--pairs", type=_at_least(1), default=8, help="pairs of chunks of about a second")
    parser.add_argument("--pending", type=_at_least(1000), default=1_000_000, help="pending deliveries of the restart")
    parser.add_argument("--soak", type=_at_least(100), default=1_000_000, help="deliveries of the soak")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given again")
    parser.add_argument("--uvloop", action="store_true", help="both sides on uvloop's event loop")
    parser.add_argument("--json", type=_writable, metavar="FILE", help="write the findings there as well")
    parser.add_argument("--judge", action="store_true", help="exit with 1 where a goal is not met")
    parser.add_argument(
        "--table",
        type=_measured,
        nargs="+",
        metavar="FILE",
        help="measure nothing: print the table of these JSON files",
    )
    return parser.parse_args()


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f'"{text}" is not a whole number of at least {least}')
        return int(text)

    return number


def _writable(text: str) -> Path:
    if not Path(text).absolute().parent.is_dir():
        raise argparse.ArgumentTypeError(f'there is no folder for "{text}"')
    return Path(text)


def _measured(text: str) -> Path:
    try:
        found = json.loads(Path(text).read_text(encoding="utf-8"))
    except OSError as error:
        raise argparse.ArgumentTypeError(f'"{text}" cannot be read: {error.strerror}') from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not {"machine", "findings"} <= found.keys():
        raise argparse.ArgumentTypeError(f'"{text}" was not written by --json')
    return Path(text)


def _machine(receiver: str, asked: argparse.Namespace) -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    loop = "uvloop" if asked.uvloop else "asyncio"
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), load {load}; Python {platform.python_version()}, {loop}, "
        f"SQLite {sqlite3.sqlite_version}; receiver: {receiver}; {asked.pairs} pairs of chunks"
    )


if __name__ == "__main__":
    sys.exit(main())
