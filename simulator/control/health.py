"""Whether it works, and the figures that say how well."""

from __future__ import annotations

from aiohttp import web

from simulator import __version__
from simulator.control.answers import say
from simulator.control.metrics import CONTENT_TYPE, exposition
from simulator.control.operation import Asked, Operation


async def show(asked: Asked) -> web.Response:
    """200 while the engine runs, 503 with the reason once it has stopped."""
    simulation = asked.desk.simulation
    state = {
        "status": "failed" if simulation.failure else "ok",
        "failure": str(simulation.failure) if simulation.failure else None,
        "provider": simulation.profile.name,
        "version": __version__,
        "pending": len(simulation.pending),
        "planned": len(simulation.calendar),
    }
    return say(state, 503 if simulation.failure else 200)


async def measure(asked: Asked) -> web.Response:
    """In Prometheus's text format."""
    text = exposition(asked.desk.simulation, asked.desk.meters, asked.desk.timekeeper)
    return web.Response(body=text.encode(), headers={"Content-Type": CONTENT_TYPE})


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/health",
        "show_health",
        "Whether the engine runs",
        show,
        {200: "it runs", 503: "it has stopped, and why"},
    ),
    Operation(
        "GET", "/metrics", "show_metrics", "Figures for Prometheus", measure, {200: "figures"}, media="text/plain"
    ),
)
