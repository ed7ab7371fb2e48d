"""An event filled up to a legal one, for whoever is about to make it occur: sensible ids, allowed values."""

from __future__ import annotations

from aiohttp import web

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.control.queries import SampleQuery


async def show(asked: Asked) -> web.Response:
    """Attributes as the emitter itself would fill them in; nothing occurs."""
    query: SampleQuery = asked.query
    desk = asked.desk
    key = ("sample", *desk.simulation.ledger.mark, query.turn)  # after each event, other ids
    attributes = desk.service.emitter.complete(query.tenant, query.event, {}, key=key)
    return say({"event": query.event, "tenant": query.tenant, "attributes": attributes})


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/samples",
        "show_sample",
        "Attributes that an event could have",
        show,
        {200: "the attributes", 422: "there is no such event"},
        query=SampleQuery,
    ),
)
