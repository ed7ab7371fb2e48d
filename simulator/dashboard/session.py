"""`GET /simulator/session`: everything that people did so far, as a scenario file to keep."""

from __future__ import annotations

from aiohttp import web

from simulator.control.operation import Asked, Operation
from simulator.scenario.kept.keep import kept_scenario

MEDIA = "application/yaml"


async def keep(asked: Asked) -> web.Response:
    """Made beside the engine, up to where the clock stands."""
    asked.desk.service.keep()
    kept = await asked.desk.library.read(kept_scenario)
    headers = {"Content-Disposition": f'attachment; filename="{kept.name}"'}
    return web.Response(text=kept.text, content_type=MEDIA, headers=headers)


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/session",
        "keep_session",
        "The session so far as a scenario file, which brings about the same when it is run",
        keep,
        {200: "the file", 409: "there is too much for one file"},
        media=MEDIA,
    ),
)
