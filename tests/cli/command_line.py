"""Runs `aurora-sim` as a user does: a process of its own, its streams and its exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def aurora_sim(*words: str, cwd: os.PathLike[str] | None = None) -> Ran:
    """One call, waited for; a traceback on stderr is never acceptable."""
    done = subprocess.run(
        [sys.executable, "-m", "simulator", *words],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def sample_receiver(*words: str) -> Iterator[str]:
    """`aurora-sim receiver` in the background; its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", "receiver", *words], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        yield process.stdout.readline().strip().removeprefix("listening on ")
    finally:
        process.terminate()
        process.communicate()
        assert process.returncode == 0
