"""`aurora-sim report`: the report of a recorded run, made again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from simulator.cli.options import output_option
from simulator.cli.place import Place
from simulator.errors import NotFound

if TYPE_CHECKING:
    from simulator.report.model import Report


@click.command(name="report")
@click.argument("db", type=Place())
@click.option("--out", type=Place(), help="write the report in every form into this folder")
@output_option("json", "write the report as JSON here")
@output_option("html", "write the report as one HTML page here")
@output_option("junit", "write the verdicts as JUnit XML here")
@output_option("ndjson", "write the report as lines of JSON here")
def command(
    db: Path,
    out: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    junit_file: Path | None,
    ndjson_file: Path | None,
) -> None:
    """Make the report of the run that the database DB holds again, as it was made when it ran.

    A run that was broken off gives a report of what happened so far, and fails. The database of `serve` gives one of
    what happened up to now, of which nothing is expected.

    \b
    Exit code 0 when every expectation held, 1 when one did not.

    \b
    Examples:
      aurora-sim run weekend-outage --db weekend.sqlite
      aurora-sim report weekend.sqlite
      aurora-sim report weekend.sqlite --html report.html --junit junit.xml
    """
    from simulator.cli.outputs import Outputs
    from simulator.cli.showing import show

    outputs = Outputs(out, json_file, html_file, junit_file, ndjson_file)
    outputs.check([db])
    sys.exit(0 if show(_recorded(db), outputs) else 1)


def _recorded(path: Path) -> Report:
    """What the file holds; it is not made where it is not there."""
    from simulator.report.recorded import recorded_report
    from simulator.store.database import reading

    if not path.is_file() or not path.stat().st_size:
        raise NotFound(f"there is no database {path}; keep one with: aurora-sim run FILE --db {path}")
    with reading(path) as db:
        return recorded_report(db)
