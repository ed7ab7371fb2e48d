"""Whatever is raised on the way to an answer becomes an answer: the outermost layer but one.

In: our own errors, aiohttp's, and what nobody expected. Out: a list of errors with the status that fits. A ledger that
cannot be written stops the engine here, before anybody is told that something was accepted.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from simulator.control.answers import OURS, refuse, refuse_for
from simulator.engine.simulation import Simulation
from simulator.errors import Problem, SimulatorError, StoreUnusable

READING = frozenset({"GET", "HEAD"})

log = logging.getLogger(__name__)

_WORDS: Mapping[int, str] = {
    404: "there is nothing under this path; GET /simulator/openapi.json lists what there is",
    413: "the body is larger than 1 MB",
}


def refusals(simulation: Simulation) -> Middleware:
    """The middleware for one simulation."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as raised:
            return _in_our_form(raised)
        except SimulatorError as error:
            if isinstance(error, StoreUnusable) and request.method not in READING:
                simulation.fail(error)
            return refuse_for(error)
        except Exception:
            log.exception("%s %s could not be answered", request.method, request.path)
            return refuse(500, [Problem((), OURS)])

    return answer


def _in_our_form(raised: web.HTTPException) -> web.StreamResponse:
    """aiohttp's own words become a list of errors; an answer that is JSON already goes out as it is."""
    if raised.content_type == "application/json" or raised.status < HTTPStatus.BAD_REQUEST:
        return raised
    words = _WORDS.get(raised.status, raised.reason)
    headers = {}
    if isinstance(raised, web.HTTPMethodNotAllowed):
        allowed = ", ".join(sorted(raised.allowed_methods))
        words, headers = f"{raised.method} is not allowed here; allowed are {allowed}", {"Allow": allowed}
    return refuse(raised.status, [Problem((), words)], headers)
