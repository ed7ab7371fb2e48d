"""Does the receiver take values that are hostile, or unfamiliar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from simulator.contract.bench import PLAIN, Bench, Case, Manner
from simulator.contract.check import Check, adds_events, posts_bodies, writes_urls
from simulator.contract.checks.reception import ids, tell
from simulator.contract.finding import Finding, failed, passed, skipped, unstable
from simulator.contract.plot import is_id
from simulator.domain.event import EventType
from simulator.domain.sample import HOSTILE

_UNFAMILIAR = "aurora_sim_unfamiliar"
NO_OPEN_TEXT = "no event in scope has an attribute that takes any text"


async def hostile_values_are_taken(bench: Bench) -> Finding:
    fields = await open_texts(bench)
    if not fields:
        return skipped(NO_OPEN_TEXT)
    kind, attribute = fields[0]
    cases = [bench.case(kind, {attribute: value}, number) for number, value in enumerate(HOSTILE)]
    return await _all_taken(bench, cases, f"hostile values of {attribute}")


async def unfamiliar_status_is_taken(bench: Bench) -> Finding:
    cases = [
        Case(kind.name, {**bench.case(kind, {}, "unfamiliar").attributes, "STATUS": _UNFAMILIAR}, lenient=True)
        for kind in await bench.usable()
        if "STATUS" in kind.allowed
    ]
    if not cases:
        return skipped("no event in scope has a closed list of statuses")
    return await _all_taken(bench, cases, "events with a status that is not documented yet")


async def unfamiliar_parameter_is_taken(bench: Bench) -> Finding:
    cases = [bench.case(kind, {}, "more") for kind in await bench.usable()]
    return await _all_taken(bench, cases, "events with a further parameter", Manner(more=f"{_UNFAMILIAR}=1"))


async def unfamiliar_field_is_taken(bench: Bench) -> Finding:
    cases = [bench.case(kind, {}, "more") for kind in await bench.usable()]
    more = [replace(case, attributes={**case.attributes, _UNFAMILIAR: "1"}, lenient=True) for case in cases]
    return await _all_taken(bench, more, "events with a further field")


async def unfamiliar_event_is_taken(bench: Bench) -> Finding:
    cases = [bench.case(kind, {}, "unheard of") for kind in bench.profile.unfamiliar.values()]
    return await _all_taken(bench, cases, "events of an unknown name")


async def _all_taken(bench: Bench, cases: list[Case], what: str, manner: Manner = PLAIN) -> Finding:
    """Each alone; a refusal counts as long as a plain event is still taken."""
    sent = []
    for case in bench.patiently(cases):
        sent += await bench.send(case, manner=manner)
    refused = [one for one in sent if not one.accepted]
    if not refused:
        return passed(f"{len(sent)} {what} were taken")
    events, refused_event = [kind.name for kind in await bench.usable()], refused[0].case.event
    if not await bench.stands(refused_event if refused_event in events else events[0]):
        return unstable()
    return failed(f"{len(refused)} of {len(sent)} {what} were not taken: {tell(refused)}", *ids(refused))


async def open_texts(bench: Bench) -> list[tuple[EventType, str]]:
    """The attributes of events that are taken, where they hold any text and are no ids."""
    return [(kind, attribute) for kind in await bench.usable() for attribute in _open_attributes(kind)]


def _open_attributes(kind: EventType) -> Iterator[str]:
    closed = kind.allowed.keys() | kind.formed
    return (name for name in kind.attributes if name not in closed and not is_id(name))


CHECKS = (
    Check(
        id="hostile-values",
        advice="Take any text: bind it in SQL, escape it in HTML, and cut it only where you store it.",
        run=hostile_values_are_taken,
    ),
    Check(
        id="unfamiliar-status",
        advice="Answer 2xx to a status you do not know, keep it, and let somebody look.",
        run=unfamiliar_status_is_taken,
    ),
    Check(
        id="unfamiliar-parameter",
        advice="Ignore parameters you do not know.",
        run=unfamiliar_parameter_is_taken,
        applies=writes_urls,
    ),
    Check(
        id="unfamiliar-field",
        advice="Ignore fields you do not know.",
        run=unfamiliar_field_is_taken,
        applies=posts_bodies,
    ),
    Check(
        id="unfamiliar-event",
        advice="Answer 2xx to an event you do not know, and let somebody look.",
        run=unfamiliar_event_is_taken,
        applies=adds_events,
    ),
)
