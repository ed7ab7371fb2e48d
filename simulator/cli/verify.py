"""`aurora-sim verify`: is this receiver ready for go-live?"""

from __future__ import annotations

import asyncio
import secrets
import sys
from collections.abc import Callable
from typing import Any

import click

from simulator.cli.options import (
    basic_pair,
    filled_option,
    header_pair,
    output_option,
    seconds_option,
    source_address_option,
    url_option,
)
from simulator.cli.place import Place
from simulator.providers import PROFILES


def _probe_options(name: str, shows: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--NAME-url`, `--NAME-cmd` and `--NAME-sql`."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command = click.option(
            f"--{name}-sql",
            metavar="FILE:QUERY",
            callback=filled_option,
            help=f"or: a query on its SQLite file, {shows}",
        )(command)
        command = click.option(
            f"--{name}-cmd", metavar="COMMAND", callback=filled_option, help=f"or: a shell command that prints {shows}"
        )(command)
        return click.option(f"--{name}-url", metavar="URL", callback=url_option, help=f"where a GET shows {shows}")(
            command
        )

    return add


@click.command(name="verify")
@click.argument("url", required=False)
@click.option(
    "--events", metavar="NAME,NAME…", callback=filled_option, help="the events the receiver is for; left out: all"
)
@click.option("--header-auth", metavar="NAME=VALUE", callback=header_pair, help="the header that it demands")
@click.option("--basic-auth", metavar="USER:PASSWORD", callback=basic_pair, help="the basic credentials it demands")
@_probe_options("state", "what the receiver knows")
@_probe_options("repeat", "what changes at each genuine repeat")
@click.option(
    "--reset-url", metavar="URL", callback=url_option, help="where a POST makes the receiver forget everything"
)
@click.option("--reset-cmd", metavar="COMMAND", callback=filled_option, help="or: a shell command that does")
@click.option(
    "--reconcile-url", metavar="URL", callback=url_option, help="where a GET makes it poll <API> with the key <KEY>"
)
@click.option(
    "--reconcile-cmd",
    metavar="COMMAND",
    callback=filled_option,
    help="or: a shell command that does, with $API and $KEY",
)
@click.option("--api-port", type=click.IntRange(0, 65535), help="serve what it may poll here; left out: a free port")
@click.option(
    "--settle",
    type=float,
    metavar="SECONDS",
    default=0.0,
    callback=seconds_option(60),
    help="how long it may work on after an answer, 60 at most",
)
@click.option("--ignore", multiple=True, metavar="KEY", help="a key of the probe's JSON that does not count")
@click.option("--only", multiple=True, metavar="CHECK", help="carry out this check alone; may be repeated")
@click.option("--skip", multiple=True, metavar="CHECK", help="leave this check out; may be repeated")
@click.option("--list", "listing", is_flag=True, help="list the checks and what each of them needs")
@click.option("--matrix", is_flag=True, help="every check against every flawed sample receiver; takes minutes")
@click.option(
    "--fail-on", multiple=True, type=click.Choice(["warn", "unknown"]), help="exit with 1 for these verdicts as well"
)
@click.option("--seed", type=click.IntRange(0, 2**53), help="send the same once more")
@click.option("--out", type=Place(), help="write the report in every form, and the scenarios, here")
@output_option("html", "write the go-live report as one HTML page here")
@output_option("junit", "write the verdicts as JUnit XML here")
@output_option("json", "write the report as JSON here")
@click.option("--allow-host", "allowed", multiple=True, metavar="HOST", help="allow a host outside loopback, by name")
@source_address_option
@click.option("--provider", default="aurora", show_default=True, help=f"one of {', '.join(PROFILES)}")
def command(url: str | None, *, listing: bool, matrix: bool, **given: Any) -> None:
    """Check a receiver against everything the provider documents, over real HTTP.

    URL is a base, to which each event's suggested path and query are added, or a template of its own. Without a probe,
    checks of effects are unknown: an answer says nothing about what was done. In a probe an attribute is named as is
    usual there: <AGREEMENT_ID> in a URL, $AGREEMENT_ID in a command, :AGREEMENT_ID in a query.

    \b
    Exit code 0 when no check failed, 1 when one did, 2 for wrong use, 3 when nobody answers at the URL.

    \b
    Examples:
      aurora-sim verify http://localhost:3000
      aurora-sim verify http://localhost:3000 --header-auth X-Token=secret --state-url http://localhost:3000/state
      aurora-sim verify 'http://localhost:3000/hook?id=<AGREEMENT_ID>&status=<STATUS>' --state-sql \\
          'app.sqlite:SELECT status FROM agreements WHERE id = :AGREEMENT_ID'
      aurora-sim verify http://localhost:3000 --only convergence --seed 7 --html go-live.html
      aurora-sim verify http://localhost:3000 --provider aura --header-auth X-Key=secret
      aurora-sim verify --list
    """
    from simulator.cli import verification

    if listing:
        verification.show_list(given["provider"])
    elif matrix:
        asyncio.run(verification.show_matrix())
    elif url is None:
        raise click.UsageError("the URL of the receiver is missing, such as http://localhost:3000")
    else:
        given["seed"] = secrets.randbits(32) if given["seed"] is None else given["seed"]
        sys.exit(0 if asyncio.run(verification.run(url, **given)) else 1)
