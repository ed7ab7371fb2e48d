"""`aurora-sim receiver`: a sample receiver in the foreground."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from simulator.cli.options import basic_pair, header_pair, host_option
from simulator.cli.place import Place
from simulator.errors import NotFound, did_you_mean
from simulator.receivers import KINDS


@click.command(name="receiver")
@click.argument("kind", default="robust")
@click.option("--host", default="127.0.0.1", show_default=True, callback=host_option, help="the address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one")
@click.option("--db", type=Place(dir_okay=False), help="keep its state in this SQLite file")
@click.option("--header-auth", metavar="NAME=VALUE", callback=header_pair, help="demand this header, as a token")
@click.option("--basic-auth", metavar="USER:PASSWORD", callback=basic_pair, help="demand these basic credentials")
def command(
    kind: str,
    host: str,
    port: int,
    db: Path | None,
    header_auth: tuple[str, str] | None,
    basic_auth: tuple[str, str] | None,
) -> None:
    """Start a sample receiver, robust unless you name another KIND, and serve until it is stopped.

    What it received and what it made of it is shown at /received and /state.

    \b
    Examples:
      aurora-sim receiver --port 3000
      aurora-sim receiver robust --port 3000 --header-auth X-Aurora-Webhook-Token=secret
      aurora-sim receiver aura-robust --port 3000 --header-auth X-Key=secret
    """
    if kind not in KINDS:
        raise NotFound(f'there is no receiver "{kind}"{did_you_mean(kind, KINDS)}; there are {", ".join(KINDS)}')
    from simulator.receivers.__main__ import main

    words = [kind, "--host", host, "--port", str(port)]
    words += ["--db", os.fspath(db)] if db else []
    words += ["--header-auth", "=".join(header_auth)] if header_auth else []
    words += ["--basic-auth", ":".join(basic_auth)] if basic_auth else []
    sys.exit(main(words))
