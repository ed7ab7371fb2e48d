"""Goal 9: how long the command line takes to begin, as a multiple of an empty Python process.

The scenario's own work is told apart: to read and check the file, with what that imports (YAML, the models, the
provider). It is what a process that has imported aiohttp takes longer if it checks the file as well.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from pairs import Finding, Goal

CLI = (sys.executable, "-m", "simulator")
EMPTY = (sys.executable, "-c", "pass")
IMPORT = (sys.executable, "-c", "import aiohttp")
CHECK = (
    "import aiohttp, sys; from simulator.cli.garbage import collect_rarely; collect_rarely(); "
    "from simulator.cli.selection import select; select(sys.argv[1:])"
)
SCENARIO = """
name: First byte
description: One event for one subscription.
subscriptions:
  - {name: one, event: lead_changed}
timeline: [{at: 0s, emit: {event: lead_changed}}]
"""


async def measure(folder: Path, rounds: int) -> list[Finding]:
    scenario = folder / "first.yaml"
    scenario.write_text(SCENARIO)
    contestants = {
        "--help": lambda: _lasts([*CLI, "--help"]),
        "--version": lambda: _lasts([*CLI, "--version"]),
        "empty": lambda: _lasts(EMPTY),
        "import": lambda: _lasts(IMPORT),
        "checked": lambda: _lasts([sys.executable, "-c", CHECK, str(scenario)]),
        "run": lambda: _first_byte(scenario, folder),
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds + 1):
        for name, contestant in contestants.items():
            times[name].append(contestant())
    took = {name: median(values[1:]) for name, values in times.items()}
    own = max(took["checked"] - took["import"], 0.0)
    return [
        _finding("aurora-sim --help / empty process", took["--help"], took["empty"], Goal(most=6)),
        _finding("aurora-sim --version / empty process", took["--version"], took["empty"], Goal(most=6)),
        Finding(
            "run to first byte, without the scenario's own work / import aiohttp",
            f"{took['run'] * 1000:.0f} − {own * 1000:.0f} ms",
            f"{took['import'] * 1000:.0f} ms",
            (took["run"] - own) / took["import"],
            Goal(most=1.3),
            note=f"with it {took['run'] / took['import']:.2f}",
        ),
    ]


def _finding(name: str, ours: float, other: float, goal: Goal) -> Finding:
    return Finding(name, f"{ours * 1000:.0f} ms", f"{other * 1000:.0f} ms", ours / other, goal)


def _lasts(command: list[str] | tuple[str, ...]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def _first_byte(scenario: Path, folder: Path) -> float:
    """From the start of `run` until a receiver has the first byte of a request."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        target = f"http://127.0.0.1:{server.getsockname()[1]}"
        command = [*CLI, "run", str(scenario), "--target", target, "--out", str(folder / "report")]
        begun = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ) as run:
            server.settimeout(20)
            connection, _ = server.accept()
            connection.recv(1)
            took = time.perf_counter() - begun
            connection.close()
            run.kill()
    return took
