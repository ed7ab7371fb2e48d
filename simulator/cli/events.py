"""`aurora-sim events`: the catalogue."""

from __future__ import annotations

import json
from typing import Any

import click

from simulator.domain.event import EventType, unknown_event
from simulator.errors import NotFound
from simulator.providers import PROFILES, profile_named


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
      aurora-sim events --json
    """
    catalogue = profile_named(provider).catalogue
    if name is not None and name not in catalogue:
        raise NotFound(unknown_event(catalogue, name).text)
    chosen = [catalogue[name]] if name else list(catalogue.values())
    if as_json:
        described = [describe(kind) for kind in chosen]
        click.echo(json.dumps(described[0] if name else described, indent=2, ensure_ascii=False))
    elif name:
        _show(chosen[0])
    else:
        for kind in chosen:
            click.echo(f"{kind.name:<42} {', '.join(kind.attributes)}")


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


def _show(kind: EventType) -> None:
    click.echo(kind.name)
    click.echo(f"\n  suggested template\n    {kind.suggested_template}\n\n  attributes")
    for attribute in kind.attributes:
        click.echo(f"    <{attribute}>{_values(kind, attribute)}{_filter(kind, attribute)}")
    if kind.note:
        click.echo(f"\n  note\n    {kind.note}")


def _values(kind: EventType, attribute: str) -> str:
    allowed = kind.allowed.get(attribute)
    if not allowed:
        return "  any text"
    return f"  {'a list of' if attribute in kind.listed else 'one of'} {', '.join(allowed)}"


def _filter(kind: EventType, attribute: str) -> str:
    return "  (filter)" if attribute in kind.filterable else ""
