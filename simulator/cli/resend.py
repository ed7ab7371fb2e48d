"""`aurora-sim resend`: past deliveries of a running server, sent again."""

from __future__ import annotations

import json
from typing import Any

import click

from simulator.cli.remote import Remote, to_server
from simulator.clock.stopwatch import wait_real
from simulator.errors import Misuse

_PATH = "/simulator/resend"
_LOOK_SECONDS = 0.2  # real


@click.command(name="resend")
@click.argument("deliveries", nargs=-1, type=click.IntRange(1), metavar="[DELIVERY]...")
@click.option("--from", "since", metavar="INSTANT", help="only for events that occurred then or later")
@click.option("--to", "until", metavar="INSTANT", help="only for events that occurred before then")
@click.option("--subscription", metavar="NAME", help="only of this subscription, by name or id")
@click.option("--event", metavar="EVENT", help="only of this event")
@click.option("--tenant", metavar="TENANT", help="only of this tenant")
@to_server
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def command(
    deliveries: tuple[int, ...],
    since: str | None,
    until: str | None,
    subscription: str | None,
    event: str | None,
    tenant: str | None,
    url: str,
    token: str | None,
    *,
    as_json: bool,
) -> None:
    """Send deliveries again: those you name, or all that were missed.

    Without a DELIVERY, everything exhausted or cancelled is meant, as far as the options let it. Each goes out with
    the latest definition and a fresh chain of attempts.

    \b
    Examples:
      aurora-sim resend 17
      aurora-sim resend --from 2026-03-06T18:00:00Z --to 2026-03-07T00:00:00Z
      aurora-sim resend --subscription crm --json
    """
    remote = Remote(url, token)
    given = {"from": since, "to": until, "subscription": subscription, "event": event, "tenant": tenant}
    wanted = {name: value for name, value in given.items() if value is not None}
    if deliveries and wanted:
        raise Misuse("name deliveries, or say by options which ones are meant; not both")
    answers = [remote.ask("POST", f"/simulator/deliveries/{one}/resend") for one in deliveries]
    if deliveries:
        click.echo(
            json.dumps(answers, indent=2) if as_json else "\n".join(f"delivery {one['id']}: resent" for one in answers)
        )
        return
    progress = _finished(remote, remote.ask("POST", _PATH, wanted))
    click.echo(json.dumps(progress, indent=2) if as_json else _told(progress))


def _finished(remote: Remote, progress: dict[str, Any]) -> dict[str, Any]:
    """A long one is followed to its end."""
    while not progress["finished"]:
        click.echo(f"{progress['resent']} resent so far", err=True)
        wait_real(_LOOK_SECONDS)
        progress = remote.ask("GET", f"{_PATH}/{progress['id']}")
    return progress


def _told(progress: dict[str, Any]) -> str:
    lines = [f"{progress['resent']} resent, {progress['refused']} refused"]
    return "\n".join([*lines, *(f"  {one['message']}" for one in progress["refusals"])])
