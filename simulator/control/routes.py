"""Every operation there is, and the routes that do them."""

from __future__ import annotations

from aiohttp import web

from simulator.control import (
    catalogue,
    clock,
    deliveries,
    events,
    faults,
    health,
    report,
    resends,
    snapshot,
    stream,
    subscriptions,
)
from simulator.control.answers import say
from simulator.control.desk import Desk
from simulator.control.openapi import openapi_document
from simulator.control.operation import Asked, Operation


async def _describe(_: Asked) -> web.Response:
    return say(openapi_document(OPERATIONS))


OPERATIONS: tuple[Operation, ...] = (
    *events.OPERATIONS,
    *deliveries.OPERATIONS,
    *resends.OPERATIONS,
    *clock.OPERATIONS,
    *faults.OPERATIONS,
    *subscriptions.OPERATIONS,
    *catalogue.OPERATIONS,
    *snapshot.OPERATIONS,
    *stream.OPERATIONS,
    *report.OPERATIONS,
    *health.OPERATIONS,
    Operation(
        "GET",
        "/simulator/openapi.json",
        "describe",
        "This document",
        _describe,
        {200: "all there is, as OpenAPI 3.1"},
    ),
)


def control_routes(desk: Desk) -> list[web.RouteDef]:
    """The routes of this face, done at this desk."""
    return [operation.route(desk) for operation in OPERATIONS]
