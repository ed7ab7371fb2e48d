"""Inquiries in the words of the command line."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.cli.options import switch_value
from simulator.cli.plan_options import parse_failure, parse_mix, parse_outage, parse_span, read_rate
from simulator.cli.planning import Demand, Inquiry, Terms, of_demand


def inquire(
    *outages: str,
    rate: str = "20/h",
    length: str = "3d",
    mix: str = "asset_created",
    fault: str = "refuse",
    poisson: bool = False,
    listeners: int = 1,
    recover: str | None = None,
    switches: Sequence[str] = (),
    seed: int = 0,
) -> Inquiry:
    """What `aurora-sim plan` makes of these options."""
    return of_demand(
        Demand(read_rate(rate), poisson, parse_span(length), parse_mix(mix), listeners),
        "aurora",
        Terms(
            outages=tuple(map(parse_outage, outages)),
            failure=parse_failure(fault),
            enable_after_us=parse_span(recover) if recover else None,
            switches={name: switch_value(text) for name, _, text in (one.partition("=") for one in switches)},
            seed=seed,
        ),
    )
