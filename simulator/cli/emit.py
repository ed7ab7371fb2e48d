"""`aurora-sim emit`: one event, straight at a receiver and followed to the end, or through a running server."""

from __future__ import annotations

import asyncio
import secrets
import sys

import click

from simulator.cli.options import attribute_pairs, basic_pair, header_pair, source_address_option, url_option
from simulator.cli.remote import Remote, token_option
from simulator.errors import Misuse
from simulator.providers import PROFILES


@click.command(name="emit")
@click.argument("event")
@click.argument("attributes", nargs=-1, metavar="[ATTRIBUTE=VALUE]...", callback=attribute_pairs)
@click.option(
    "--target", metavar="URL", callback=url_option, help="a URL template, or a base URL for the suggested path"
)
@click.option("--server", metavar="URL", help="a running server, whose subscriptions say where it goes")
@token_option
@click.option("--tenant", default="demo", show_default=True, help="the tenant in which it occurs")
@click.option("--header-auth", metavar="NAME=VALUE", callback=header_pair, help="send this header, as a token")
@click.option("--basic-auth", metavar="USER:PASSWORD", callback=basic_pair, help="send these basic credentials")
@click.option("--lenient", is_flag=True, help="let unknown values and further attributes through, on purpose")
@click.option("--seed", type=click.IntRange(0, 2**53), help="generate the same missing attributes again")
@click.option("--json", "as_json", is_flag=True, help="print the delivery as it stands in a report")
@click.option(
    "--allow-host", "allowed", multiple=True, metavar="HOST", help="allow a receiver outside loopback, by name"
)
@source_address_option
@click.option("--provider", help=f"one of {', '.join(PROFILES)}  [default: aurora]")
def command(
    event: str,
    attributes: dict[str, str],
    target: str | None,
    server: str | None,
    token: str | None,
    tenant: str,
    header_auth: tuple[str, str] | None,
    basic_auth: tuple[str, str] | None,
    seed: int | None,
    allowed: tuple[str, ...],
    source_address: str | None,
    provider: str | None,
    *,
    lenient: bool,
    as_json: bool,
) -> None:
    """Send one event: with --target to a receiver, with --server through a running simulator.

    Attributes you leave out are generated. To a target the clock jumps, so a whole failing ladder of 23 h 35 m takes
    a moment; exit code 0 when it was delivered, 1 when the receiver failed to the end. A server takes the event and
    sends it in its own time.

    \b
    Examples:
      aurora-sim emit agreement_status_changed STATUS=signed --target http://localhost:3000
      aurora-sim emit lead_changed --target 'http://localhost:3000/hooks?lead=<LEAD_ID>' --json
      aurora-sim emit project_created --target http://localhost:3000 --header-auth X-Token=secret
      aurora-sim emit NEW_CALLOUT id=42 --provider aura --target http://localhost:3000/aura
      aurora-sim emit agreement_status_changed STATUS=signed --server http://127.0.0.1:8025
    """
    if (target is None) == (server is None):
        raise Misuse("give --target (a receiver) or --server (a running simulator), one of the two")
    if server is not None:
        if header_auth or basic_auth or seed is not None or allowed or source_address or provider is not None:
            raise Misuse(
                "with --server, the server's provider, subscriptions, seed, allowed hosts and source address count; "
                "leave those options out"
            )
        from simulator.cli.handover import Handover, hand_over

        hand_over(Remote(server, token), Handover(event, attributes, tenant, lenient=lenient), as_json=as_json)
        return
    assert target is not None
    from simulator.cli.emission import Emission, send_one

    emission = Emission(
        provider="aurora" if provider is None else provider,
        event=event,
        attributes=attributes,
        target=target,
        tenant=tenant,
        header_auth=header_auth,
        basic_auth=basic_auth,
        lenient=lenient,
        seed=secrets.randbits(32) if seed is None else seed,
        allowed_hosts=allowed,
        source_address=source_address,
    )
    sys.exit(0 if asyncio.run(send_one(emission, as_json=as_json)) else 1)
