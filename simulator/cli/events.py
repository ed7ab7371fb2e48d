"""`aurora-sim events`: the catalogue."""

from __future__ import annotations

import json
from typing import Any

import click

from simulator.domain.event import Event, EventType, unknown_event
from simulator.domain.instant import parse_instant
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.domain.sample import complete
from simulator.errors import NotFound
from simulator.providers import PROFILES, profile_named

RECEIVER = "https://www.yourapp.com"
NOW = parse_instant("2026-01-05T09:00:00Z")


@click.command(name="events")
@click.argument("name", required=False)
@click.option("--provider", default="aurora", show_default=True, help=f"one of {', '.join(PROFILES)}")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def command(name: str | None, provider: str, *, as_json: bool) -> None:
    """The events there are; with a NAME, one of them in full.

    \b
    Examples:
      aurora-sim events
      aurora-sim events agreement_status_changed
      aurora-sim events NEW_CALLOUT --provider aura
      aurora-sim events --json
    """
    profile = profile_named(provider)
    catalogue = profile.catalogue
    if name is not None and name not in catalogue:
        raise NotFound(unknown_event(catalogue, name).text)
    chosen = [catalogue[name]] if name else list(catalogue.values())
    if as_json:
        described = [describe(kind) for kind in chosen]
        click.echo(json.dumps(described[0] if name else described, indent=2, ensure_ascii=False))
    elif name:
        _show(chosen[0], profile)
    else:
        for kind in chosen:
            deprecated = "  (deprecated)" if kind.deprecated else ""
            click.echo(f"{kind.name:<42} {', '.join(kind.attributes)}{deprecated}")


def describe(kind: EventType) -> dict[str, Any]:
    """One event as data."""
    return {
        "event": kind.name,
        "attributes": list(kind.attributes),
        "values": {name: list(values) for name, values in kind.allowed.items()},
        "filters": {name: values and list(values) for name, values in kind.filterable.items()},
        "suggested_template": kind.suggested_template,
        "note": kind.note,
    }


def sample_request(profile: Profile, kind: EventType) -> Request:
    """What is sent for an event that is filled in from nothing, where a customer registered the suggested address."""
    address = kind.suggested_template if profile.values_in == "body" else RECEIVER
    words = profile.suggest(kind.name, address) | profile.say_credentials(("X-Token", "secret"), None)
    definition = profile.define(words, None, profile.catalogue, profile.readings)
    event = Event(1, "demo", kind.name, complete(kind, {}, 0, samples=profile.samples), NOW)
    return profile.build_request(definition, event, profile.readings)


def _show(kind: EventType, profile: Profile) -> None:
    in_url = profile.values_in == "url"
    click.echo(kind.name)
    if in_url:
        click.echo(f"\n  suggested template\n    {kind.suggested_template}")
    click.echo("\n  attributes")
    for attribute in kind.attributes:
        name = f"<{attribute}>" if in_url else attribute
        click.echo(f"    {name}{_values(kind, attribute)}{_filter(kind, attribute)}")
    if kind.note:
        click.echo(f"\n  note\n    {kind.note}")
    _show_example(sample_request(profile, kind))


def _show_example(request: Request) -> None:
    click.echo(f"\n  for example\n    {request.method} {request.url}")
    if request.body is not None:
        body = json.dumps(json.loads(request.body), indent=2, ensure_ascii=False)
        click.echo("".join(f"    {line}\n" for line in body.splitlines()), nl=False)


def _values(kind: EventType, attribute: str) -> str:
    if form := kind.formed.get(attribute):
        return f"  {form.words}"
    allowed = kind.allowed.get(attribute)
    if not allowed:
        return "  any text"
    return f"  {'a list of' if attribute in kind.listed else 'one of'} {', '.join(allowed)}"


def _filter(kind: EventType, attribute: str) -> str:
    return "  (filter)" if attribute in kind.filterable else ""
