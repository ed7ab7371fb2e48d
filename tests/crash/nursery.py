"""Forks processes that run `aurora-sim` from one that has imported everything already, so that a life costs little.

On stdin a line of JSON: the words of the command and the file for what it prints; or a database to open, and the SQL
statement at which to be killed. On stdout the process id. Each child is a process of its own with everything that
`aurora-sim` does; only the interpreter's start is shared.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any, NoReturn

import simulator.cli.serve
import simulator.cli.serving
from simulator.cli import main
from simulator.store.database import open_database

assert simulator.cli.serve
assert simulator.cli.serving


def run(words: list[str], out: str) -> NoReturn:
    """Become `aurora-sim WORDS…`."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["aurora-sim", *words]
    try:
        main()
    except SystemExit as done:
        sys.stdout.flush()
        os._exit(int(done.code or 0))
    os._exit(0)


def open_and_die(path: str, statement: int) -> NoReturn:
    """Open a database, and be killed just before its n-th SQL statement; where there are fewer, live."""
    ordinary, seen = sqlite3.connect, 0

    def before_each(_: str) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def connect(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = ordinary(*given, **named)
        connection.set_trace_callback(before_each)
        return connection

    sqlite3.connect = connect
    open_database(path)
    Path(f"{path}.lived").touch()
    os._exit(0)


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead are buried at once
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0 and "words" in wanted:
            run(wanted["words"], wanted["out"])
        if child == 0:
            open_and_die(wanted["open"], wanted["statement"])
        print(child, flush=True)


if __name__ == "__main__":
    serve()
