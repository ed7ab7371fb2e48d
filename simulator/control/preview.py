"""A definition tried out: what is wrong with it, and the very request that one event would bring about.

In: a definition that somebody is about to make or to change. Out: its problems, or the request as a delivery would
build it. Nothing is made, nothing is recorded, and of secrets only the names of their headers are told (S7).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from simulator.control.answers import listed, say
from simulator.control.bodies import DefinitionPreview
from simulator.control.desk import Desk
from simulator.control.operation import Asked, Operation
from simulator.domain.event import Event, check_event
from simulator.domain.filters import judge
from simulator.domain.request import Request
from simulator.domain.subscription import Definition, Owner, Subscription
from simulator.engine.request import request_for
from simulator.errors import Invalid, Problem

PATH = "/simulator/subscriptions/preview"
NOTHING: Mapping[str, Any] = {"request": None, "attributes": {}, "filtered": None, "replaces": []}


async def preview(asked: Asked) -> web.Response:
    """Where something is wrong there is no request."""
    wanted: DefinitionPreview = asked.body
    try:
        drafted = _draft(asked.desk, wanted)
        event = _sample_event(asked.desk, wanted, drafted.definition)
    except Invalid as error:
        return say({"problems": listed(error.problems), **NOTHING})
    simulation = asked.desk.simulation
    request = request_for(drafted, event, simulation.profile, simulation.seed, event.occurred_at)
    refusal = judge(drafted.definition.filters, event.attributes)
    return say(
        {
            "problems": [],
            "request": _shown(request),
            "attributes": dict(event.attributes),
            "filtered": None if refusal is None else str(refusal),
            "replaces": [] if wanted.subscription else _replaced(asked.desk, drafted),
        }
    )


def _draft(desk: Desk, wanted: DefinitionPreview) -> Subscription:
    """Checked by the same code as one that is made. Raises `Invalid`, `NotFound`."""
    registrar = desk.simulation.subscriptions
    try:
        if wanted.subscription is None:
            return registrar.draft(Owner(wanted.tenant), wanted.definition)
        return registrar.redraft(desk.subscription(wanted.subscription).id, wanted.definition)
    except Invalid as error:
        raise error.within("definition") from None


def _sample_event(desk: Desk, wanted: DefinitionPreview, definition: Definition) -> Event:
    """One that the filters let pass, unless somebody gave other attributes. Raises `Invalid`."""
    name = wanted.event or definition.events[0]
    passing = {one.attribute: one.values[0] for one in definition.filters if name in definition.events}
    given = {**passing, **wanted.attributes}
    attributes = desk.service.emitter.complete(wanted.tenant, name, given, key=("preview",))
    problems = check_event(desk.simulation.profile.catalogue, name, attributes)
    if name not in definition.events:
        problems.append(Problem(("event",), f"is not among its events; those are {', '.join(definition.events)}"))
    if problems:
        raise Invalid(problems)
    return Event(0, wanted.tenant, name, attributes, desk.simulation.clock.now())


def _shown(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "body": None if request.body is None else request.body.decode(),
        "headers": [name for name, _ in request.shown_headers()],
    }


def _replaced(desk: Desk, drafted: Subscription) -> list[dict[str, str]]:
    """Whom it would push out."""
    replaced = desk.simulation.subscriptions.replaced_by(drafted)
    return [{"id": one.id, "name": one.name} for one in replaced]


OPERATIONS = (
    Operation(
        "POST",
        PATH,
        "preview_subscription",
        "What a definition would send, and what is wrong with it",
        preview,
        {200: "its problems, or the request of a sample event", 404: "there is no such subscription"},
        body=DefinitionPreview,
    ),
)
