"""Events and stories, made to occur.

In: what is to occur, one or many. Out: what was accepted; it is written by then, what lies in the virtual future
included. Everything is checked before the first event occurs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from aiohttp import web

from simulator.clock.stopwatch import breathe
from simulator.control.answers import say
from simulator.control.bodies import MOST_EVENTS, Occurrence
from simulator.control.desk import Desk
from simulator.control.operation import Asked, Operation
from simulator.domain.event import Event, PlannedEvent, check_event
from simulator.domain.instant import LAST_INSTANT, format_instant
from simulator.domain.story import check_given
from simulator.errors import Invalid, Problem, did_you_mean

SLICE = 100  # events that occur in one go, a few milliseconds
Key = tuple[str | int, ...]


async def occur(asked: Asked) -> web.Response:
    """Make events occur, or stories begin; those of a burst share an instant, or follow each other by `every`."""
    entries: list[Occurrence] = asked.body
    _check_all(asked.desk, entries)
    simulation = asked.desk.simulation
    mark = ("api", *simulation.ledger.mark)  # no other acceptance has it, so no two draw the same ids
    accepted: list[Event | PlannedEvent] = []
    with simulation.clock.holding():  # however many there are, they occur at the instant of their acceptance
        begun = simulation.clock.now()
        turns = ((number, entry, turn) for number, entry in enumerate(entries) for turn in range(entry.count))
        for done, (number, entry, turn) in enumerate(turns, start=1):
            at = begun + turn * entry.every
            accepted += _bring_about(asked.desk, entry, at, begun, (*mark, number, turn))
            if done % SLICE == 0:
                await breathe()
    return say({"accepted": len(accepted), "events": [_accepted(one) for one in accepted]}, 202)


def _check_all(desk: Desk, entries: Sequence[Occurrence]) -> None:
    problems = [
        Problem((index, *problem.path) if len(entries) > 1 else problem.path, problem.text)
        for index, entry in enumerate(entries)
        for problem in _problems(desk, entry)
    ]
    if sum(entry.count for entry in entries) > MOST_EVENTS:
        problems.append(Problem(("count",), f"one request may bring about {MOST_EVENTS} events, and stories, at most"))
    if problems:
        raise Invalid(problems)


def _problems(desk: Desk, entry: Occurrence) -> Iterator[Problem]:
    profile = desk.simulation.profile
    if desk.simulation.clock.now() + entry.every * (entry.count - 1) >= LAST_INSTANT:
        yield Problem(("every",), f"leads beyond {format_instant(LAST_INSTANT)}, where the calendar ends")
    if entry.story is None:
        yield from _problems_of_event(desk, entry, entry.event or "")
    elif entry.story not in profile.stories:
        known = ", ".join(profile.stories)
        hint = did_you_mean(entry.story, profile.stories)
        yield Problem(("story",), f'there is no story "{entry.story}"{hint}; the stories are {known}')
    else:
        for problem in check_given(profile.stories[entry.story], entry.attributes):
            yield Problem(("attributes", *problem.path), problem.text)


def _problems_of_event(desk: Desk, entry: Occurrence, name: str) -> Iterator[Problem]:
    """What is generated is legal, so one filling tells of all."""
    try:
        attributes = desk.service.emitter.complete(entry.tenant, name, entry.attributes, key=("check",))
    except Invalid as error:
        yield from error.problems
    else:
        yield from check_event(desk.simulation.profile.catalogue, name, attributes, lenient=entry.lenient)


def _bring_about(desk: Desk, entry: Occurrence, at: int, now: int, key: Key) -> Sequence[Event | PlannedEvent]:
    emitter, simulation = desk.service.emitter, desk.simulation
    if entry.story is not None:
        return emitter.play(entry.tenant, entry.story, entry.attributes, key=key, at=at)
    assert entry.event is not None
    attributes = emitter.complete(entry.tenant, entry.event, entry.attributes, key=key)
    if at == now:
        return [simulation.emit(entry.tenant, entry.event, attributes, lenient=entry.lenient)]
    return [simulation.plan(entry.tenant, entry.event, attributes, at, lenient=entry.lenient)]


def _accepted(one: Event | PlannedEvent) -> dict[str, Any]:
    """An event that occurred has an id; one that is planned gets it when it occurs."""
    if isinstance(one, Event):
        return {"id": one.id, "event": one.name, "occurs_at": format_instant(one.occurred_at)}
    return {"id": None, "event": one.name, "occurs_at": format_instant(one.occurs_at)}


OPERATIONS = (
    Operation(
        "POST",
        "/simulator/events",
        "occur",
        "Make one event or many occur, or stories begin",
        occur,
        {202: "accepted, and written down", 422: "what is asked for cannot occur"},
        body=Occurrence,
        many=True,
    ),
)
