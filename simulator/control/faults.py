"""Faults: what is done to the wire on purpose, from now on and until it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from aiohttp import web

from simulator.control.answers import say
from simulator.control.bodies import NewFault
from simulator.control.operation import Asked, Operation
from simulator.control.queries import FaultQuery
from simulator.control.records import fault_record, fault_records
from simulator.domain.event import unknown_event
from simulator.domain.fault import Fault
from simulator.domain.instant import LAST_INSTANT
from simulator.errors import Invalid, Problem, Refused

PATH = "/simulator/faults"


async def show_all(asked: Asked) -> web.Response:
    """Every fault there ever was, and which of them act now."""
    simulation = asked.desk.simulation
    simulation.commit()
    return say({"faults": fault_records(simulation.ledger.db, simulation.clock.now())})


async def inject(asked: Asked) -> web.Response:
    """From now on."""
    simulation = asked.desk.simulation
    fault = _made(asked, asked.body)
    simulation.inject(fault)
    return say(fault_record(fault, None, simulation.clock.now()), 201)


async def clear(asked: Asked) -> web.Response:
    """End those that are meant; without a filter, all of them."""
    simulation = asked.desk.simulation
    ended = simulation.clear(_meant(asked, asked.query))
    now = simulation.clock.now()
    return say({"cleared": [fault_record(fault, now, now) for fault in ended]})


def _made(asked: Asked, wanted: NewFault) -> Fault:
    now = asked.desk.simulation.clock.now()
    catalogue = asked.desk.simulation.profile.catalogue
    if wanted.event is not None and wanted.event not in catalogue:
        raise Invalid([unknown_event(catalogue, wanted.event)])
    if wanted.for_ is not None and now + wanted.for_ >= LAST_INSTANT:
        raise Invalid([Problem(("for",), "leads beyond the end of the calendar")])
    if beyond := [*_beyond_the_chain(asked, wanted.attempt or [])]:
        raise Invalid(beyond)
    given = {"status": wanted.status, "delay_us": wanted.delay, "period_us": wanted.period}
    details: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return Fault(
        id=_name(asked, wanted.name),
        kind=wanted.kind,
        since=now,
        until=None if wanted.for_ is None else now + wanted.for_,
        subscription_id=asked.desk.subscription_id(wanted.subscription),
        event=wanted.event,
        positions=None if wanted.attempt is None else frozenset(wanted.attempt),
        probability=wanted.probability,
        **details,
    )


def _beyond_the_chain(asked: Asked, positions: Sequence[int]) -> Iterator[Problem]:
    most = len(asked.desk.simulation.profile.ladder_seconds) + 1
    for index, position in enumerate(positions):
        if position > most:
            yield Problem(("attempt", index), f"there is no attempt {position}; a chain has {most} at most (R3)")


def _name(asked: Asked, wanted: str | None) -> str:
    """A name is a fault's own for ever: what it did is told under it."""
    simulation = asked.desk.simulation
    simulation.commit()
    taken = {record["id"] for record in fault_records(simulation.ledger.db, 0)}
    if wanted in taken:
        raise Refused(f'there is or was a fault called "{wanted}" already; choose another name, or none')
    number = len(taken) + 1
    while f"fault-{number}" in taken:
        number += 1
    return wanted or f"fault-{number}"


def _meant(asked: Asked, wanted: FaultQuery) -> Callable[[Fault], bool]:
    subscription_id = asked.desk.subscription_id(wanted.subscription)

    def meant(fault: Fault) -> bool:
        return (
            wanted.id in (None, fault.id)
            and wanted.kind in (None, fault.kind)
            and subscription_id in (None, fault.subscription_id)
        )

    return meant


OPERATIONS = (
    Operation("GET", PATH, "list_faults", "Every fault there ever was", show_all, {200: "the faults"}),
    Operation(
        "POST",
        PATH,
        "inject_fault",
        "Let a fault act from now on",
        inject,
        {201: "the fault", 404: "there is no such subscription", 409: "the name is taken"},
        body=NewFault,
    ),
    Operation(
        "DELETE",
        PATH,
        "clear_faults",
        "End faults: all of them, or those that are meant",
        clear,
        {200: "the faults that ended", 404: "there is no such subscription"},
        query=FaultQuery,
    ),
)
