"""Does the receiver decode exactly once: values must stand in its state as they were sent."""

from __future__ import annotations

from simulator.contract.answer import show, texts
from simulator.contract.bench import Bench
from simulator.contract.check import Check, writes_urls
from simulator.contract.checks.values import NO_OPEN_TEXT, open_texts
from simulator.contract.finding import Finding, failed, passed, skipped, unknown, unstable
from simulator.contract.history import whole
from simulator.contract.plot import plot_of
from simulator.contract.watch import is_shown, observe
from simulator.domain.event import EventType
from simulator.domain.sample import HOSTILE

_HARMLESS = "aurora sim value"
_SHORTEST = 3  # characters: shorter values stand in any state by chance
_TELLING = tuple(value for value in HOSTILE if len(value.strip()) >= _SHORTEST)


async def values_are_decoded_once(bench: Bench) -> Finding:
    """Where a harmless value can be seen in the state, hostile ones must stand there to the letter."""
    fields = await open_texts(bench)
    if not fields:
        return skipped(NO_OPEN_TEXT)
    for kind, attribute in fields:
        if await _seen(bench, kind, attribute, _HARMLESS):
            return await _decoded(bench, kind, attribute)
    names = ", ".join(f"{attribute} of {kind.name}" for kind, attribute in fields)
    return unknown(f"the probe does not show {names}", give="a probe that shows one of these values")


async def _decoded(bench: Bench, kind: EventType, attribute: str) -> Finding:
    told = bench.patiently(_TELLING)
    wrong = [show(value) for value in told if not await _seen(bench, kind, attribute, value)]
    if not wrong:
        return passed(f"every value of {attribute} stands in the state as it was sent")
    if not await _seen(bench, kind, attribute, _HARMLESS, "again"):
        return unstable()
    first = ", ".join(wrong[:4])
    return failed(f"{len(wrong)} values of {attribute} do not stand in the state as they were sent: {first}", *wrong)


async def _seen(bench: Bench, kind: EventType, attribute: str, value: str, *key: str) -> bool:
    plot = plot_of(kind.name, [bench.case(kind, {attribute: value}, "seen")])
    if not is_shown(bench, plot):
        return False
    seen = await observe(bench, whole(plot), attribute, value, *key)
    return any(value in text for text in texts(seen.gain))


CHECKS = (
    Check(
        id="decoding",
        advice="Decode the query once, as RFC 3986 has it and in UTF-8; let the framework do it, and do not again.",
        run=values_are_decoded_once,
        needs=("probe",),
        after=("effect",),
        applies=writes_urls,
    ),
)
