"""The page at `/` where no dashboard is: a few words, and where to go on."""

from __future__ import annotations

from aiohttp import web

_WORDS = """\
This is the Aurora webhook simulator, at work.

  GET  /simulator/snapshot        everything at once
  GET  /simulator/deliveries      what was sent, and what came of it
  GET  /simulator/clock           the virtual clock
  GET  /simulator/health          whether it works
  GET  /metrics                   figures for Prometheus
  GET  /simulator/openapi.json    all there is

  curl -X POST {base}/simulator/events -d '{{"event": "{event}"}}'
"""


def front_routes(event: str) -> list[web.RouteDef]:
    """The route of that page; `event` is one that its example makes occur."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(text=_WORDS.format(base=request.url.origin(), event=event))

    return [web.get("/", show)]
