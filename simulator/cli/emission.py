"""One event sent straight at a receiver, on a jumping clock, until its delivery is settled."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import click

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.domain.delivery import State
from simulator.domain.event import unknown_event
from simulator.domain.instant import format_duration, parse_instant
from simulator.domain.outcome import in_words
from simulator.domain.provider import Profile
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid, Problem, dotted
from simulator.providers import profile_named
from simulator.report.build import view_deliveries
from simulator.report.document import readable
from simulator.report.model import AttemptView, DeliveryView
from simulator.store.ledger import Ledger
from simulator.wire.sender import live_wire

START = parse_instant("2026-01-05T09:00:00Z")  # a Monday morning: the same every time, so that a seed repeats all


_OPTIONS = {
    "url_template": "--target",
    "url": "--target",
    "header_auth_key": "--header-auth",
    "header_auth_value": "--header-auth",
    "headers": "--header-auth",
    "basic_auth_username": "--basic-auth",
    "basic_auth_password": "--basic-auth",
}


@dataclass(frozen=True, slots=True)
class Emission:
    """What to send, and where to."""

    provider: str
    event: str
    attributes: Mapping[str, str]
    target: str
    tenant: str
    header_auth: tuple[str, str] | None
    basic_auth: tuple[str, str] | None
    lenient: bool
    seed: int
    allowed_hosts: tuple[str, ...]
    source_address: str | None


async def send_one(emission: Emission, *, as_json: bool) -> bool:
    """Whether the event was delivered; its attempts are printed."""
    delivery = await _follow(emission)
    if as_json:
        click.echo(json.dumps(readable(delivery), indent=2, ensure_ascii=False))
    else:
        _show(delivery, profile_named(emission.provider), emission.seed)
    return delivery.state == State.DELIVERED


async def _follow(emission: Emission) -> DeliveryView:
    profile = profile_named(emission.provider).for_this_machine()
    async with AsyncExitStack() as stack:
        ledger = Ledger()
        stack.callback(ledger.close)
        clock = Clock(START)
        wire = live_wire(profile, emission.allowed_hosts, source_address=emission.source_address)
        simulation = Simulation(profile, clock, wire, ledger, seed=emission.seed)
        stack.push_async_callback(simulation.stop)
        emitter = Emitter(simulation, Agenda(clock))
        if emission.event not in profile.catalogue:
            raise Invalid([unknown_event(profile.catalogue, emission.event)])
        _subscribe(simulation, emission)
        emitter.emit(emission.tenant, emission.event, emission.attributes, key=("emit",), lenient=emission.lenient)
        await simulation.settled()
        return view_deliveries(ledger.db)[0]


def _subscribe(simulation: Simulation, emission: Emission) -> None:
    """What is wrong with the subscription is told of the option that says it."""
    try:
        simulation.subscriptions.register(emission.tenant, _words(emission, simulation.profile))
    except Invalid as error:
        told = [Problem((_OPTIONS.get(str(one.path[0]), dotted(one.path)),), one.text) for one in error.problems]
        raise Invalid(told) from None


def _words(emission: Emission, profile: Profile) -> dict[str, Any]:
    """A subscription for this event: the target as it is where it is a template, else as the provider suggests."""
    words = profile.suggest(emission.event, emission.target)
    if "<" in emission.target or "?" in emission.target:
        words[profile.address_field] = emission.target
    return words | profile.say_credentials(emission.header_auth, emission.basic_auth)


def _show(delivery: DeliveryView, profile: Profile, seed: int) -> None:
    click.echo(f"{delivery.event}  (seed {seed})")
    for name, value in profile.dated(delivery.event, delivery.attributes, delivery.occurred_at).items():
        click.echo(f"  {name} = {value}")
    click.echo()
    for attempt in delivery.attempts:
        click.echo(_line(attempt, delivery.occurred_at))
        if attempt.body is not None:
            click.echo(f"{'':>11}  {attempt.body}")
    click.echo(f"\n{delivery.state}: {delivery.reason}")


def _line(attempt: AttemptView, occurred_at: int) -> str:
    after = format_duration(attempt.started_at - occurred_at)
    outcome = in_words(attempt.outcome, attempt.status)
    detail = f"  {attempt.error}" if attempt.error else ""
    return f"{after:>11}  {attempt.method} {attempt.url}  {outcome}  {attempt.real_ms:.1f} ms{detail}"
