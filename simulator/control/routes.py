"""Every operation there is, and the routes that do them."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from simulator.control import (
    catalogue,
    clock,
    deliveries,
    events,
    faults,
    health,
    past_events,
    preview,
    report,
    resends,
    samples,
    snapshot,
    stream,
    subscriptions,
)
from simulator.control.answers import say
from simulator.control.desk import Desk
from simulator.control.openapi import openapi_document
from simulator.control.operation import Asked, Operation

OPERATIONS: tuple[Operation, ...] = (
    *events.OPERATIONS,
    *past_events.OPERATIONS,
    *deliveries.OPERATIONS,
    *resends.OPERATIONS,
    *clock.OPERATIONS,
    *faults.OPERATIONS,
    *preview.OPERATIONS,
    *subscriptions.OPERATIONS,
    *catalogue.OPERATIONS,
    *samples.OPERATIONS,
    *snapshot.OPERATIONS,
    *stream.OPERATIONS,
    *report.OPERATIONS,
    *health.OPERATIONS,
)


def control_routes(desk: Desk, further: Sequence[Operation] = ()) -> list[web.RouteDef]:
    """The routes of this face and of those that stand on it, done at this desk."""
    return [operation.route(desk) for operation in described((*OPERATIONS, *further))]


def described(operations: Sequence[Operation]) -> Sequence[Operation]:
    """These operations, and the one that tells of all of them."""

    async def describe(_: Asked) -> web.Response:
        return say(openapi_document(every))

    path, words = "/simulator/openapi.json", {200: "all there is, as OpenAPI 3.1"}
    every = (*operations, Operation("GET", path, "describe", "This document", describe, words))
    return every
