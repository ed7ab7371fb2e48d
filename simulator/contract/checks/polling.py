"""Is what was missed found by polling, where nothing is ever sent again."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.contract.bench import Bench, Sent
from simulator.contract.check import Check, is_polled
from simulator.contract.checks.credentials import UNSTABLE
from simulator.contract.finding import Finding, failed, passed, skipped, unknown
from simulator.contract.history import whole
from simulator.contract.plot import Plot, courses, is_id, life_cycle
from simulator.contract.watch import Reading, compare, is_shown, observe
from simulator.domain.fault import Fault, FaultKind
from simulator.errors import Bug, Unavailable

POLLING = "polling"
API, KEY = "API", "KEY"
"""What stands in the way to reconcile for where objects are read back, and for the key to them."""


async def what_was_missed_is_polled(bench: Bench) -> Finding:
    """The life of one object, but its last event never arrives: the receiver is told to reconcile."""
    plot = await _life_cycle(bench)
    if plot is None:
        return skipped("no story in scope has two statuses of one object that the probe shows")
    plain = await observe(bench, whole(plot), "plain")
    if plain.refused:
        return unknown(UNSTABLE)
    told = plot.told(bench.seed, bench.check, "missed")
    reading = Reading(bench, told)
    before = await reading.read()
    sent, lost = await _all_but_the_last(bench, told)
    if not compare(plain, reading.observation(before, await reading.read(), sent)):
        return unknown(f"the probe shows nothing of {lost.case.event}", give="a probe that shows statuses")
    await _reconcile(bench, told)
    reconciled = reading.observation(before, await reading.read(), sent)
    if why := compare(plain, reconciled):
        missed = f"{lost.case.event} never arrived, and after reconciling {why}"
        return failed(missed, lost.delivery_id, *reconciled.deliveries)
    return passed(f"{lost.case.event} never arrived, and reconciling left the state that it leaves")


async def _life_cycle(bench: Bench) -> Plot | None:
    names = [kind.name for kind in await bench.usable()]
    plots = courses(bench.profile, names, bench.seed, bench.since)
    return next((plot for plot in plots if len(plot.cases) > 1 and life_cycle(plot) and is_shown(bench, plot)), None)


async def _all_but_the_last(bench: Bench, plot: Plot) -> tuple[Sequence[Sent], Sent]:
    """What arrived, and what did not: the receiver cannot be reached meanwhile."""
    sent = [one for case in plot.cases[:-1] for one in await bench.send(case)]
    simulation = bench.simulation
    simulation.inject(Fault(f"{bench.check}-{simulation.tally.attempts}", FaultKind.REFUSE, simulation.clock.now()))
    (lost,) = await bench.send(plot.cases[-1])
    simulation.clear()
    return sent, lost


async def _reconcile(bench: Bench, plot: Plot) -> None:
    way = bench.probes.reconcile
    if way is None or bench.api is None:
        raise Bug("a check asked to reconcile without saying that it needs to")
    api, key = bench.api
    ids = {name: value for name, value in plot.cases[-1].attributes.items() if is_id(name)}
    if await way.ask({**ids, API: api, KEY: key}) is None:
        raise Unavailable("the receiver does not know what it was told to reconcile")


CHECKS = (
    Check(
        id=POLLING,
        advice="Poll every object that is not over, and do what its status calls for, whoever told of it.",
        run=what_was_missed_is_polled,
        needs=("probe", "way to reconcile"),
        after=("effect", "further-status", "duplicate-in-a-row"),
        applies=is_polled,
    ),
)
