"""`aurora-sim plan`: what an outage would cost, computed without network."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.cli.options import switches_option
from simulator.cli.place import Place
from simulator.cli.plan_options import (
    Failure,
    Outage,
    Rate,
    parse_failure,
    parse_mix,
    parse_outage,
    parse_span,
    read_rate,
    reading,
)
from simulator.domain.instant import DAY, HOUR
from simulator.plan.model import Plan

if TYPE_CHECKING:
    from simulator.cli.planning import Inquiry

_WORDS = f"{__name__}.words"
_OWN_TRAFFIC = ("rate", "poisson", "length_us", "mix", "listeners", "provider")


class _Remembering(click.Command):
    """Keeps the words that it was called with, for the record."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        context.meta[_WORDS] = [*args]
        return super().parse_args(context, args)


@click.command(name="plan", cls=_Remembering)
@click.option(
    "--outage",
    "outages",
    multiple=True,
    metavar="LENGTH[@START]",
    callback=reading(parse_outage),
    help="the receiver is away so long, from so long after the start (1d unless you say so); may be given again  "
    "[default: 6h, none with a scenario]",
)
@click.option(
    "--fault",
    "failure",
    default="refuse",
    show_default=True,
    metavar="refuse|timeout|503|…",
    callback=reading(parse_failure),
    help="what attempts meet during an outage",
)
@click.option("--rate", metavar="N/UNIT", callback=reading(read_rate), help="how often events occur  [default: 40/h]")
@click.option("--poisson", is_flag=True, help="at random instants, so often on average, instead of evenly")
@click.option(
    "--for", "length_us", metavar="LENGTH", callback=reading(parse_span), help="how long they occur  [default: 30d]"
)
@click.option(
    "--mix",
    metavar="EVENT[=WEIGHT],…",
    callback=reading(parse_mix),
    help="which events occur, and how often against one another  [default: the provider's first]",
)
@click.option(
    "--subscriptions",
    "listeners",
    type=click.IntRange(1, 100),
    help="how many subscriptions each of these events has  [default: 1]",
)
@click.option(
    "--recover",
    "enable_after_us",
    metavar="LENGTH",
    callback=reading(parse_span),
    help="somebody enables what is disabled, so long after each outage  [default: never]",
)
@click.option(
    "--scenario",
    type=Place(dir_okay=False),
    help="take subscriptions, traffic, faults and steps from this scenario file",
)
@switches_option
@click.option("--seed", type=click.IntRange(0, 2**53), help="draw by this seed  [default: 0, or the scenario's]")
@click.option("--provider", help="whose behaviour is planned  [default: aurora]")
@click.option("--json", "as_json", is_flag=True, help="print JSON")
@click.option("--html", "page", type=Place(dir_okay=False), help="write the plan as one HTML page here")
@click.option(
    "--db",
    type=Place(),
    help="keep what is foreseen in this SQLite file, as a run keeps what happened",
)
@click.pass_context
def command(
    context: click.Context,
    outages: tuple[Outage, ...],
    failure: Failure,
    rate: Rate | None,
    length_us: int | None,
    mix: Mapping[str, float] | None,
    listeners: int | None,
    enable_after_us: int | None,
    scenario: Path | None,
    switches: dict[str, Any],
    seed: int | None,
    provider: str | None,
    page: Path | None,
    db: Path | None,
    *,
    poisson: bool,
    as_json: bool,
) -> None:
    """What an outage would cost: attempts, lateness, what is missed, auto-disable, the herd, the recovery.

    Computed, not sent: the receiver answers 200 at once unless an outage or a fault of the scenario keeps it from it.

    \b
    Examples:
      aurora-sim plan --outage 6h --rate 40/h
      aurora-sim plan --outage 60h@2d --rate 1000/d --recover 1d
      aurora-sim plan --outage 4h@1d --outage 4h@2d --fault timeout --mix project_created=3,lead_changed
      aurora-sim plan --scenario scenarios/weekend-outage.yaml --json
      aurora-sim plan --outage 60h --db foreseen.sqlite && aurora-sim report foreseen.sqlite
    """
    from simulator.cli.outputs import refuse_taken
    from simulator.cli.planning import Demand, Terms, of_demand, of_scenario

    if scenario:
        _refuse_own_traffic(context)
        if page:
            refuse_taken(page, {scenario.resolve(): "is read by this command"})
        inquiry = of_scenario(scenario, Terms(outages, failure, enable_after_us, switches, seed))
    else:
        demand = Demand(rate or Rate("40/h", HOUR // 40), poisson, length_us or 30 * DAY, mix or {}, listeners or 1)
        terms = Terms(outages or (Outage(6 * HOUR, DAY),), failure, enable_after_us, switches, seed)
        inquiry = of_demand(demand, "aurora" if provider is None else provider, terms)
    _show(_plan(inquiry, db, context), page, as_json=as_json)


def _plan(inquiry: Inquiry, db: Path | None, context: click.Context) -> Plan:
    from simulator.cli.planning import counted, make_plan

    if db is None:
        return make_plan(inquiry)
    from simulator.cli.foreseen_run import let_run_into

    command = shlex.join(("aurora-sim", "plan", *context.meta[_WORDS]))
    return counted(inquiry, *let_run_into(db, inquiry, command))


def _show(plan: Plan, page: Path | None, *, as_json: bool) -> None:
    if as_json:
        from simulator.plan.document import plan_document

        click.echo(json.dumps(plan_document(plan), indent=2, ensure_ascii=False))
    else:
        from simulator.plan.text import render_plan

        click.echo(render_plan(plan))
    if page:
        from simulator.cli.outputs import write_file
        from simulator.plan.html import html_plan

        write_file(page, html_plan(plan))
        click.echo(f"the page: {page}", err=True)


def _refuse_own_traffic(context: click.Context) -> None:
    """What a scenario brings cannot be given beside it."""
    for parameter in context.command.params:
        if parameter.name in _OWN_TRAFFIC and context.params[parameter.name]:
            option = parameter.opts[0]
            raise click.UsageError(f"{option} cannot be given with --scenario, which brings its own", context)
