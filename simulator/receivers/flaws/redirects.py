"""Redirects to the path with a trailing slash.

What many frameworks do unasked. A redirect counts as a failure and is not followed: every delivery is exhausted, while
the same URL works in a browser.
"""

from __future__ import annotations

from aiohttp import web

from simulator.receivers.robust import Receiver


class Redirects(Receiver):
    async def receive(self, request: web.Request) -> web.Response:
        if request.path.endswith("/"):
            return await super().receive(request)
        path, question, query = request.raw_path.partition("?")
        return web.Response(status=301, headers={"Location": f"{path}/{question}{query}"})
