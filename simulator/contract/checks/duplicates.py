"""Does a duplicate have no further effect: in a row, later, at once, and as the retry of an answer that was lost."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.contract.bench import Bench
from simulator.contract.check import Check, Run, retries
from simulator.contract.finding import Finding, failed, passed, unknown, unshown, unstable
from simulator.contract.history import Arrival, History
from simulator.contract.plot import Plot, plot_of
from simulator.contract.repetition import repetition
from simulator.contract.watch import compare, is_shown, observe

_COPIES = 8
_TWICE = (Arrival(0), Arrival(0))
_LATER = (Arrival(0), Arrival(1), Arrival(0))
_LOST = (Arrival(0, lost=True),)


def every_object_arriving(*arrivals: Arrival, together: bool = False) -> Run:
    """A check of every object, whose one event arrives like this."""

    async def run(bench: Bench) -> Finding:
        return await _same_state(bench, [History(plot, arrivals, together) for plot in await _objects(bench)])

    return run


async def again_after_others(bench: Bench) -> Finding:
    """Others: the next object of the round, so that its own order plays no part."""
    plots = await _objects(bench)
    pairs = [
        plot_of(one.name, [one.cases[0], other.cases[0]])
        for one, other in zip(plots, plots[1:] + plots[:1], strict=True)
    ]
    return await _same_state(bench, [History(pair, _LATER) for pair in pairs])


async def _same_state(bench: Bench, histories: Iterable[History]) -> Finding:
    """Each of these must leave the state of its plain form; what the probe shows nothing of proves nothing."""
    told = shown = 0
    for number, history in enumerate(bench.patiently(histories)):
        plain = await observe(bench, history.plain, number, "plain")
        told += 1
        if plain.refused:
            return unstable()
        if plain.gain is None:
            continue
        shown += 1
        other = await observe(bench, history, number, "varied")
        if why := compare(plain, other):
            text = f"{history.plot.name}, {history}: {why}"
            return failed(text, *other.deliveries, scenario=await repetition(bench, history, text))
    if not told:
        return unshown()
    if not shown:
        return unknown("the probe shows no effect of any event", give="a probe that does")
    return passed(f"{shown} events left the state that they leave when they come once")


async def _objects(bench: Bench) -> list[Plot]:
    """Each event in scope with each documented value, about an object of its own."""
    usable = await bench.usable()
    plots = [
        plot_of(kind.name, [bench.case(kind, given, "object", *given.values())])
        for kind, given in bench.documented()
        if kind in usable
    ]
    return [plot for plot in plots if is_shown(bench, plot)]


CHECKS = (
    Check(
        id="duplicate-in-a-row",
        advice="Let a unique key of the event's ids and status decide, in the transaction that does the work.",
        run=every_object_arriving(*_TWICE),
        needs=("probe",),
        after=("effect",),
    ),
    Check(
        id="duplicate-later",
        advice="Remember what was received, not only what was received last.",
        run=again_after_others,
        needs=("probe",),
        after=("effect", "duplicate-in-a-row"),
    ),
    Check(
        id="duplicate-at-once",
        advice="Let the database decide (by a unique key): to ask first and write later is a race.",
        run=every_object_arriving(*[Arrival(0)] * _COPIES, together=True),
        needs=("probe",),
        after=("effect", "duplicate-in-a-row"),
    ),
    Check(
        id="lost-acknowledgement",
        advice="Commit the work and the key of the event together, so that the retry finds it done.",
        run=every_object_arriving(*_LOST),
        needs=("probe",),
        after=("effect", "duplicate-in-a-row"),
        applies=retries,
    ),
)
