"""`aurora-sim run`: scenarios, run and judged."""

from __future__ import annotations

import asyncio
import shlex
import sys
from pathlib import Path

import click

from simulator.cli.options import output_option, pace_option, source_address_option, url_option
from simulator.cli.place import Place
from simulator.clock.pace import Pace


@click.command(name="run")
@click.argument("words", nargs=-1, required=True, metavar="FILE|FOLDER|NAME...")
@click.option(
    "--target", metavar="URL", callback=url_option, help="send to this receiver instead of the scenario's own"
)
@click.option("--seed", type=click.IntRange(0, 2**53), help="use this seed instead of the file's")
@click.option("--speed", "pace", callback=pace_option, metavar="jump|elastic|N", help="how virtual time passes")
@click.option("--out", type=Place(), help="write the report in every form into this folder")
@output_option("json", "write the report as JSON here")
@output_option("html", "write the report as one HTML page here")
@output_option("junit", "write the verdicts as JUnit XML here")
@output_option("ndjson", "write the report as lines of JSON here")
@click.option("--db", type=Place(), help="keep the ledger in this SQLite file")
@click.option(
    "--api-port",
    type=click.IntRange(0, 65535),
    help="serve the simulated tenants here meanwhile, each under its key: sk_sand_demo for the tenant demo",
)
@source_address_option
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="allow a receiver outside loopback, by name"
)
def command(
    words: tuple[str, ...],
    target: str | None,
    seed: int | None,
    pace: Pace | None,
    out: Path | None,
    json_file: Path | None,
    html_file: Path | None,
    junit_file: Path | None,
    ndjson_file: Path | None,
    db: Path | None,
    api_port: int | None,
    source_address: str | None,
    allowed: tuple[str, ...],
) -> None:
    """Run scenarios over real HTTP and judge what they expect.

    Give files, folders (every *.yaml within), or names of the library. One scenario is shown in full; several get one
    table, and with --out a folder each.

    \b
    Exit code 0 when every expectation holds, 1 when one does not.

    \b
    Examples:
      aurora-sim run weekend-outage
      aurora-sim run scenarios/weekend-outage.yaml --target http://localhost:3000
      aurora-sim run scenarios/ --out reports --junit junit.xml
      aurora-sim run my-outage.yaml --seed 11 --html report.html --db run.sqlite
    """
    from simulator.cli.ahead import import_ahead
    from simulator.cli.garbage import collect_rarely

    collect_rarely()  # from here on, for most of what is made now is made by imports, and stays
    import_ahead("aiohttp")  # while the scenarios are read and checked
    from simulator.cli.outputs import Outputs
    from simulator.cli.runs import Run
    from simulator.cli.selection import select

    selected = select(words)
    if len(selected) > 1:
        _refuse_single({"--json": json_file, "--html": html_file, "--ndjson": ndjson_file, "--db": db})
    run = Run(
        selected=selected,
        outputs=Outputs(out, json_file, html_file, junit_file, ndjson_file),
        target=target,
        seed=seed,
        pace=pace,
        db=db,
        api_port=api_port,
        allowed_hosts=allowed,
        source_address=source_address,
        options=_repeat(target, pace, api_port, source_address, allowed),
    )
    collect_rarely()
    sys.exit(0 if asyncio.run(run.all()) else 1)


def _refuse_single(options: dict[str, Path | None]) -> None:
    for name, given in options.items():
        if given:
            raise click.UsageError(f"{name} holds one run, and several scenarios are meant; use --out FOLDER")


def _repeat(
    target: str | None, pace: Pace | None, api_port: int | None, source_address: str | None, allowed: tuple[str, ...]
) -> str:
    """The options that repeat this run; scenario and seed are added for each."""
    options = [
        ("--target", target),
        ("--speed", pace),
        ("--api-port", api_port),
        ("--source-address", source_address),
        *(("--allow-host", host) for host in allowed),
    ]
    return shlex.join(word for name, value in options if value is not None for word in (name, str(value)))
