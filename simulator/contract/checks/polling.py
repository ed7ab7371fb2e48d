"""Is what was missed found by polling, where nothing is ever sent again."""

from __future__ import annotations

from simulator.contract.bench import Bench
from simulator.contract.check import Check, is_polled
from simulator.contract.finding import Finding, failed, passed, skipped, unknown, unstable
from simulator.contract.history import whole, without_the_last
from simulator.contract.plot import Plot, courses, is_id, life_cycle
from simulator.contract.probe import API, KEY
from simulator.contract.repetition import repetition
from simulator.contract.watch import Reading, compare, deliver, is_shown, observe
from simulator.errors import Bug, Unavailable

POLLING = "polling"


async def what_was_missed_is_polled(bench: Bench) -> Finding:
    """The life of one object, but its last event never arrives: the receiver is told to reconcile."""
    plot = await _life_cycle(bench)
    if plot is None:
        return skipped("no story in scope has two statuses of one object that the probe shows")
    plain = await observe(bench, whole(plot), "plain")
    if plain.refused:
        return unstable()
    history = without_the_last(plot)
    told = plot.told(bench.seed, bench.check, "missed")
    reading = Reading(bench, told)
    before = await reading.read()
    sent = await deliver(bench, history, told)
    if len(sent) < len(plot.cases):
        return unstable()
    *arrived, missed = sent
    if not compare(plain, reading.observation(before, await reading.read(), arrived)):
        return unknown(f"the probe shows nothing of {missed.case.event}", give="a probe that shows statuses")
    answer = await _reconcile(bench, told)
    reconciled = reading.observation(before, await reading.read(), arrived)
    if why := compare(plain, reconciled):
        text = f"{missed.case.event} never arrived, and after reconciling {why}"
        scenario = await repetition(bench, history, text, polled=answer)
        return failed(text, missed.delivery_id, *reconciled.deliveries, scenario=scenario)
    return passed(f"{missed.case.event} never arrived, and reconciling left the state that it leaves")


async def _life_cycle(bench: Bench) -> Plot | None:
    names = [kind.name for kind in await bench.usable()]
    plots = courses(bench.profile, names, bench.seed, bench.since)
    return next((plot for plot in plots if len(plot.cases) > 1 and life_cycle(plot) and is_shown(bench, plot)), None)


async def _reconcile(bench: Bench, plot: Plot) -> str:
    """What the receiver said to it."""
    way = bench.probes.reconcile
    if way is None or bench.api is None:
        raise Bug("a check asked to reconcile without saying that it needs to")
    api, key = bench.api
    ids = {name: value for name, value in plot.cases[-1].attributes.items() if is_id(name)}
    answer = await way.ask({**ids, API: api, KEY: key})
    if answer is None:
        raise Unavailable("the receiver does not know what it was told to reconcile")
    return answer


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
