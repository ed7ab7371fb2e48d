"""Runs `aurora-sim` as a user does: a process of its own, its streams and its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

FORKER = Path(__file__).with_name("forker.py")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def aurora_sim(*words: str, cwd: os.PathLike[str] | None = None) -> Ran:
    """One call, waited for; a traceback on stderr is never acceptable."""
    with NamedTemporaryFile("r", encoding="utf-8") as out, NamedTemporaryFile("r", encoding="utf-8") as err:
        wanted = {
            "words": words,
            "cwd": str(cwd or Path.cwd()),
            "env": {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
            "out": out.name,
            "err": err.name,
        }
        forker = _forker()
        assert forker.stdin
        assert forker.stdout
        forker.stdin.write(json.dumps(wanted) + "\n")
        forker.stdin.flush()
        code = int(forker.stdout.readline())
        ran = Ran(code, out.read(), err.read())
    assert "Traceback" not in ran.err, ran.err
    return ran


@cache
def _forker() -> subprocess.Popen[str]:
    """Lives as long as the tests: at the end of its input it ends."""
    return subprocess.Popen([sys.executable, str(FORKER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


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
