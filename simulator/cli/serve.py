"""`aurora-sim serve`: the simulator as a server, for days, for several people."""

from __future__ import annotations

import asyncio
import os
import secrets
from pathlib import Path
from typing import Any

import click

from simulator.cli.options import (
    duration_option,
    filled_option,
    host_option,
    pace_option,
    source_address_option,
    switches_option,
)
from simulator.cli.place import Place
from simulator.clock.pace import Pace
from simulator.domain.instant import MINUTE
from simulator.errors import Misuse, NotFound, did_you_mean
from simulator.providers import PROFILES
from simulator.receivers import KINDS, SPOKEN, kind_for

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, callback=host_option, help="the address to listen on")
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="0 takes a free one")
@click.option("--db", type=Place(dir_okay=False), help="keep everything in this SQLite file")
@click.option(
    "--speed",
    "pace",
    callback=pace_option,
    default="60",
    show_default=True,
    metavar="jump|elastic|N",
    help="how fast virtual time passes",
)
@click.option("--receiver", metavar="KIND", help=f"start a sample receiver as well: {', '.join(KINDS)}")
@click.option(
    "--story",
    metavar="NAME",
    callback=filled_option,
    help="let this story begin, for the tenant demo, in a new simulation",
)
@click.option("--count", type=click.IntRange(1, 10_000), help="so many times  [default: 1]")
@click.option("--every", callback=duration_option, metavar="DURATION", help="and so far apart  [default: 30m]")
@click.option("--provider", default="aurora", show_default=True, help=f"one of {', '.join(PROFILES)}")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="allow a receiver outside loopback, by name"
)
@source_address_option
@switches_option
@click.option("--seed", type=click.IntRange(0, 2**53), help="draw the same ids and values again (new files only)")
@click.option(
    "--token",
    envvar="AURORA_SIM_TOKEN",
    metavar="TEXT",
    callback=filled_option,
    help="ask everybody for this token ($AURORA_SIM_TOKEN)",
)
@click.option("--api-key", "--key", "api_keys", multiple=True, metavar="TENANT=KEY", help="a key of the provider's API")
@click.option("--api-key-file", type=Place(dir_okay=False), help="such keys, one a line")
@click.option("--time-header", is_flag=True, help="tell receivers the virtual instant, in X-Simulator-Time")
@click.option("--log-json", is_flag=True, help="log one JSON object a line")
def command(
    host: str,
    port: int,
    db: Path | None,
    pace: Pace,
    receiver: str | None,
    story: str | None,
    count: int | None,
    every: int | None,
    provider: str,
    allowed: tuple[str, ...],
    source_address: str | None,
    switches: dict[str, Any],
    seed: int | None,
    token: str | None,
    api_keys: tuple[str, ...],
    api_key_file: Path | None,
    *,
    time_header: bool,
    log_json: bool,
) -> None:
    """Serve the provider's API, the control API and the page on one port, until it is stopped.

    Without --db everything is kept in a temporary file and gone afterwards. With it, the next start goes on where this
    one ended, however it ended: events, retries and the clock.

    \b
    Examples:
      aurora-sim serve
      aurora-sim serve --receiver robust --story lead_to_signature --count 20 --every 2h
      aurora-sim serve --db staging.sqlite --allow-host staging.example.com --api-key acme=sk_sand_acme1
      aurora-sim serve --provider aura --receiver robust
      aurora-sim serve --provider aura --switch allow_http=true
      aurora-sim serve --host 0.0.0.0 --token "$AURORA_SIM_TOKEN"
    """
    if story is None:
        _refuse_without_story({"--count": count, "--every": every})
    if receiver is not None:
        receiver = _kind(provider, receiver)
    from simulator.api.keys import collect_keys
    from simulator.cli.logs import log_to_stderr
    from simulator.cli.serving import Opening, Serving

    on_loopback = host in LOOPBACK
    serving = Serving(
        host=host,
        port=port,
        db=db,
        pace=pace,
        receiver=receiver,
        opening=Opening(story, count or 1, 30 * MINUTE if every is None else every) if story else None,
        provider=provider,
        switches=switches,
        allowed_hosts=allowed,
        source_address=source_address,
        seed=secrets.randbits(32) if seed is None else seed,
        token=token or (None if on_loopback else secrets.token_urlsafe(24)),
        token_is_ours=not token,
        keys=collect_keys(api_keys, api_key_file, os.environ),
        time_header=time_header,
    )
    log_to_stderr(as_json=log_json)
    asyncio.run(serving.run())


def _refuse_without_story(options: dict[str, int | None]) -> None:
    for name, given in options.items():
        if given is not None:
            raise click.UsageError(f"{name} belongs to --story NAME, which says what is to begin")


def _kind(provider: str, wanted: str) -> str:
    """The kind of sample receiver that takes this provider's events."""
    kinds = SPOKEN.get(provider, KINDS)
    kind = kind_for(provider, wanted)
    if kind not in KINDS:
        raise NotFound(f'there is no receiver "{wanted}"{did_you_mean(wanted, kinds)}; there are {", ".join(kinds)}')
    if kind not in kinds:
        raise Misuse(f'the receiver "{wanted}" takes other events than those of {provider}; use {", ".join(kinds)}')
    return kind
