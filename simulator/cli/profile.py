"""`aurora-sim profile diff`: what two providers do differently, side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

import click

from simulator.cli.events import sample_request
from simulator.domain.instant import SECOND, format_duration
from simulator.domain.provider import Profile
from simulator.providers import profile_named

NONE = "none"


@click.group(name="profile")
def command() -> None:
    """What is known of the providers.

    \b
    Examples:
      aurora-sim profile diff aurora aura
    """


@command.command(name="diff", short_help="the semantics of two providers, side by side")
@click.argument("left", metavar="PROVIDER")
@click.argument("right", metavar="PROVIDER")
@click.option("--all", "everything", is_flag=True, help="also what the two have in common")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
def diff(left: str, right: str, *, everything: bool, as_json: bool) -> None:
    """Print the semantics of two providers side by side; what they share is left out.

    \b
    Examples:
      aurora-sim profile diff aurora aura
      aurora-sim profile diff aurora aura --all --json
    """
    ones, others = (describe(profile_named(name)) for name in (left, right))
    rows = {
        fact: (ones.get(fact, NONE), others.get(fact, NONE))
        for fact in {**ones, **others}
        if everything or ones.get(fact, NONE) != others.get(fact, NONE)
    }
    if as_json:
        found = {fact: {left: one, right: other} for fact, (one, other) in rows.items()}
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif rows:
        _show({"": (left, right), **rows})
    else:
        click.echo(f"{left} and {right} differ in nothing")


def describe(profile: Profile) -> dict[str, str]:
    """A provider's semantics, one fact a row."""
    return {**_request(profile), **_policy(profile), **_surroundings(profile), **_readings(profile)}


def _request(profile: Profile) -> dict[str, str]:
    """What its first event looks like on the wire."""
    request = sample_request(profile, next(iter(profile.catalogue.values())))
    return {
        "events": str(len(profile.catalogue)),
        "request": request.method,
        "url": "a template, values in it" if profile.values_in == "url" else "as registered",
        "body": NONE if request.body is None else f"{len(json.loads(request.body))} keys of JSON",
        "headers": ", ".join(header for header, _ in request.shown_headers()),
        "events of a subscription": "one or more" if profile.events_field else "one",
        "filters": "yes" if any(one.filterable for one in profile.catalogue.values()) else "no",
    }


def _policy(profile: Profile) -> dict[str, str]:
    ladder, disable, quota = profile.ladder_seconds, profile.disable, profile.quota
    return {
        "timeout": f"{profile.timeout_seconds}s",
        "attempts at most": str(len(ladder) + 1),
        "retries after": ", ".join(format_duration(one * SECOND) for one in ladder) or NONE,
        "auto-disable": f"{disable.attempts} attempts in {disable.window_seconds // 3600} h" if disable else NONE,
        "quota": f"{quota.limit} per tenant{' and event' if quota.per_event else ''}",
        "one too many": {"refuse": "is refused", "replace": "replaces the former"}[quota.excess],
        "resend": NONE if profile.resend_days is None else f"within {profile.resend_days} days",
    }


def _surroundings(profile: Profile) -> dict[str, str]:
    paths = [face.path for face in profile.faces]
    paths += [profile.keyed_face.register] if profile.keyed_face else []
    return {
        "managed at": ", ".join(paths) or NONE,
        "partner applications": "yes" if profile.applications else "no",
        "objects to read": str(len(profile.world.paths)) if profile.world else NONE,
        "actions": ", ".join(profile.actions) or NONE,
        "silent changes": ", ".join(profile.silent) or NONE,
        "stories": ", ".join(profile.stories) or NONE,
    }


def _readings(profile: Profile) -> dict[str, str]:
    return {f"reading {name}": str(value) for name, value in asdict(profile.readings).items()}


def _show(rows: Mapping[str, tuple[str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), show_header=False)
    table.add_column(style="dim", no_wrap=True)
    for _ in next(iter(rows.values())):
        table.add_column(overflow="fold")
    for fact, sides in rows.items():
        table.add_row(fact, *sides)
    Console().print(table, crop=False)
