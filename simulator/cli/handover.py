"""One event handed over to a running server, and what became of it at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from simulator.cli.remote import Remote


@dataclass(frozen=True, slots=True)
class Handover:
    """What is to occur in the server's simulation."""

    event: str
    attributes: Mapping[str, str]
    tenant: str
    lenient: bool


def hand_over(remote: Remote, wanted: Handover, *, as_json: bool) -> None:
    """The event occurs; its deliveries are shown as they stand then, or why there are none."""
    body = {
        "event": wanted.event,
        "attributes": dict(wanted.attributes),
        "tenant": wanted.tenant,
        "lenient": wanted.lenient,
    }
    accepted = remote.ask("POST", "/simulator/events", body)
    found = remote.ask("GET", f"/simulator/events/{accepted['events'][0]['id']}")
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    ids = {delivery["subscription_id"] for delivery in found["deliveries"]}
    click.echo(_told(found, {one: _name(remote.ask("GET", f"/simulator/subscriptions/{one}")) for one in ids}))


def _name(subscription: Mapping[str, Any]) -> str:
    """What people call it; its id where nobody gave it a name."""
    return str(subscription["name"] or subscription["id"])


def _told(found: Mapping[str, Any], names: Mapping[str, str]) -> str:
    event = found["event"]
    lines = [f"event {event['id']}: {event['event']} at {event['occurred_at']}"]
    lines += [f"  {name} = {value}" for name, value in event["attributes"].items()]
    for delivery in found["deliveries"]:
        reason = f": {delivery['reason']}" if delivery["reason"] else ""
        lines.append(f"delivery {delivery['id']} to {names[delivery['subscription_id']]}: {delivery['state']}{reason}")
    return "\n".join([*lines, *(f"no delivery: {reason}" for reason in found["silence"])])
