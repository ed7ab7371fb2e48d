"""Redirects to the path with a trailing slash.

What many frameworks do unasked. "If your application … responds with a 3xx/4xx/5xx status code, Aurora will try to
deliver the webhook 5 more times": no redirect is followed, every delivery is exhausted, while the same URL works in
a browser.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from simulator.receivers.catalogue import EVENTS
from simulator.receivers.robust import Receiver


class Redirects(Receiver):
    async def receive(self, request: web.Request) -> web.Response:
        if super().event_name(request) not in EVENTS:
            return await super().receive(request)
        path, question, query = request.raw_path.partition("?")
        location = {"Location": f"{path}/{question}{query}"}
        return web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers=location)

    def event_name(self, request: web.Request) -> str:
        return super().event_name(request).removesuffix("/")
