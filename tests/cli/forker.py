"""Forks processes that run `aurora-sim` from one that has imported what commands import, so that a call costs little.

On stdin a line of JSON: the words, the folder, the environment, and the files for what is printed. On stdout the exit
code. Each child is a process of its own with its own streams; only the interpreter's start is shared. What a start
imports, and what it does not, is tested with interpreters of their own.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from typing import Any, NoReturn

COMMANDS = ("emit", "emission", "plan", "planning", "report", "run", "runs", "scenarios", "serve", "serving", "verify")
NEEDED = ("verification", "foresee", "outputs", "board")


def become(wanted: dict[str, Any]) -> NoReturn:
    """Run the command, and end as it does."""
    for number, (path, mode) in enumerate(
        ((os.devnull, os.O_RDONLY), (wanted["out"], os.O_WRONLY), (wanted["err"], os.O_WRONLY))
    ):
        os.dup2(os.open(path, mode), number)
    os.chdir(wanted["cwd"])
    os.environ.clear()
    os.environ.update(wanted["env"])
    sys.argv = ["aurora-sim", *wanted["words"]]
    code: object = 0
    try:
        import_module("simulator.cli").main()
    except SystemExit as done:
        code = done.code
    except BaseException:  # noqa: BLE001 - whatever an interpreter would have shown
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1 if code else 0)


def serve() -> None:
    for name in (*COMMANDS, *NEEDED):
        import_module(f"simulator.cli.{name}")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
