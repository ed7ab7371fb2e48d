"""`aurora-sim scenarios`: what ships, whether a file is valid, the schema for editors, and a file to begin with."""

from __future__ import annotations

import json
import re
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.place import Place
from simulator.errors import NotFound

if TYPE_CHECKING:
    from simulator.cli.selection import Found
    from simulator.scenario.library import Shipped

LONGEST_NAME = 100


@click.group(name="scenarios", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List, check, begin and keep scenario files; without a command: list.

    \b
    Examples:
      aurora-sim scenarios
      aurora-sim scenarios list --json
      aurora-sim scenarios validate my-outage.yaml
      aurora-sim scenarios schema > scenario.schema.json
      aurora-sim scenarios new "My outage"
    """
    if context.invoked_subcommand is None:
        context.invoke(list_shipped)


@command.command(name="list", short_help="the scenarios and lessons that ship")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def list_shipped(*, as_json: bool) -> None:
    """The scenarios that ship, each with what it shows and the clauses it covers; run one by its name.

    Lessons, the guided walks of the page, stand apart; they run like any other scenario.

    \b
    Examples:
      aurora-sim scenarios list
      aurora-sim run weekend-outage
      aurora-sim run lessons/retries
      aurora-sim run aura/down-then-polled
    """
    from simulator.scenario.library import shipped_lessons, shipped_scenarios

    scenarios, lessons = shipped_scenarios(), shipped_scenarios(shipped_lessons())
    if as_json:
        _print_json([asdict(one) | {"file": str(one.file)} for one in scenarios + lessons])
        return
    _print_table("name", scenarios)
    if lessons:
        click.echo()
        _print_table("lesson", lessons)


@command.command(short_help="check files, and tell every problem with its place")
@click.argument("words", nargs=-1, required=True, metavar="FILE|FOLDER|NAME...")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def validate(words: tuple[str, ...], *, as_json: bool) -> None:
    """Check scenario files; every problem is told with its line and column, and nothing is sent.

    Exit code 0 when all are valid, 2 when one is not.

    \b
    Examples:
      aurora-sim scenarios validate my-outage.yaml
      aurora-sim scenarios validate scenarios/ --json
    """
    from simulator.cli.selection import find

    checked = [(one, _problems(one)) for one in find(words)]
    if as_json:
        _print_json([{"file": str(one.file), "valid": not found, "problems": found} for one, found in checked])
    else:
        for one, found in checked:
            _tell(one, found)
    sys.exit(2 if any(found for _, found in checked) else 0)


@command.command(short_help="the JSON Schema of scenario files, for editors")
def schema() -> None:
    """The JSON Schema of scenario files, for completion and help in an editor.

    \b
    Examples:
      aurora-sim scenarios schema > scenario.schema.json
    """
    from simulator.scenario.schema import json_schema

    _print_json(json_schema())


@command.command(short_help="write a commented scenario to begin with")
@click.argument("name")
@click.option("--file", "path", type=Place(), help="write it here instead of NAME.yaml")
def new(name: str, path: Path | None) -> None:
    """Write a commented scenario to begin with, called NAME; a file that is there is never overwritten.

    \b
    Examples:
      aurora-sim scenarios new "My outage"
      aurora-sim scenarios new "My outage" --file scenarios/outage.yaml
    """
    from simulator.cli.outputs import write_file
    from simulator.errors import Refused
    from simulator.scenario.new import new_scenario

    if not name.strip() or len(name) > LONGEST_NAME:
        raise click.BadParameter(f"a name has 1 to {LONGEST_NAME} characters", param_hint="NAME")
    path = path or Path(f"{_slug(name)}.yaml")
    if path.exists():
        raise Refused(f"{path} is there already; choose another name, or another --file")
    write_file(path, new_scenario(name))
    click.echo(f"{path} is written; run it with: aurora-sim run {shlex.quote(str(path))}")


@command.command(name="from", short_help="keep what a database holds as a scenario")
@click.argument("db", type=Place())
@click.option("--file", "path", type=Place(), help="write it here instead of printing it")
def from_(db: Path, path: Path | None) -> None:
    """Keep the session that the database DB of `serve` or `run` holds, as a scenario that brings about the same.

    What the file cannot hold is said in its head. Secrets are never in it. A file that is there is never overwritten.

    \b
    Examples:
      aurora-sim scenarios from staging.sqlite > staging.yaml
      aurora-sim scenarios from staging.sqlite --file staging.yaml
    """
    from simulator.cli.outputs import write_file
    from simulator.errors import Refused
    from simulator.scenario.kept.keep import kept_scenario
    from simulator.store.database import reading

    if not db.is_file() or not db.stat().st_size:
        raise NotFound(f"there is no database {db}; keep one with: aurora-sim serve --db {db}")
    if path and path.exists():
        raise Refused(f"{path} is there already; choose another --file")
    with reading(db) as opened:
        kept = kept_scenario(opened)
    if path is None:
        click.echo(kept.text, nl=False)
        return
    write_file(path, kept.text)
    for remark in kept.remarks:
        click.echo(remark, err=True)
    click.echo(f"{path} is written; run it with: aurora-sim run {shlex.quote(str(path))}")


def _problems(one: Found) -> list[dict[str, Any]]:
    from simulator.errors import Misuse, dotted
    from simulator.scenario.invalid import InvalidScenario
    from simulator.scenario.load import load_scenario

    try:
        load_scenario(one.file)
    except InvalidScenario as invalid:
        return [
            {"line": at.mark.line, "column": at.mark.column, "path": dotted(at.problem.path), "text": at.problem.text}
            for at in invalid.located
        ]
    except Misuse as unreadable:
        return [{"line": 1, "column": 1, "path": "", "text": str(unreadable)}]
    return []


def _tell(one: Found, problems: list[dict[str, Any]]) -> None:
    for at in problems:
        path = f"{at['path']}: " if at["path"] else ""
        click.echo(f"{one.file}:{at['line']}:{at['column']}: {path}{at['text']}")
    if not problems:
        click.echo(f"{one.file}: valid")


def _print_table(head: str, scenarios: list[Shipped]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(head, no_wrap=True)
    table.add_column("provider", no_wrap=True)
    table.add_column("what it shows")
    table.add_column("clauses")
    for one in scenarios:
        clauses = Text(", ".join(one.clauses), "dim")
        table.add_row(Text(one.name, "bold"), Text(one.provider), Text(one.description), clauses)
    Console().print(table)


def _slug(name: str) -> str:
    """`My outage!` as the name of a file: `my-outage`."""
    return re.sub(r"[\W_]+", "-", name.lower()).strip("-") or "scenario"


def _print_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, ensure_ascii=False))
