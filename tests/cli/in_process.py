"""`aurora-sim` within this process: what a user sees, without paying for a new interpreter each time."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest.mock import patch

from command_line import Ran

from simulator.cli import main

ENVIRONMENT = {"NO_COLOR": "1", "COLUMNS": "100"}


def aurora_sim_here(*words: str) -> Ran:
    """One call; a traceback on stderr is never acceptable."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["aurora-sim", *words]),
        patch.dict("os.environ", ENVIRONMENT),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
    assert "Traceback" not in err.getvalue(), err.getvalue()
    return Ran(code, out.getvalue(), err.getvalue())
