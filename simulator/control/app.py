"""The web application of this face: its layers, its routes, and those of others that bring credentials of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from aiohttp import web

from simulator.control.desk import Desk
from simulator.control.guard import Guard
from simulator.control.operation import Operation
from simulator.control.reading import BODY_BOUND
from simulator.control.refusals import refusals
from simulator.control.routes import control_routes


def control_app(
    desk: Desk,
    *,
    host: str,
    token: str | None = None,
    others: Iterable[web.AbstractRouteDef] = (),
    further: Sequence[Operation] = (),
) -> web.Application:
    """An application at this desk, listening on `host`; with a `token`, all but `others` ask for it.

    `further` operations, of whoever stands above this face, are routed and described beside its own.
    """
    exempt: set[web.AbstractRoute] = set()
    guard = Guard(host, token, exempt)
    layers = [guard.middleware(), refusals(desk.simulation)]
    app = web.Application(middlewares=layers, client_max_size=BODY_BOUND)
    exempt.update(app.add_routes(others))
    app.add_routes(control_routes(desk, further))
    return app
