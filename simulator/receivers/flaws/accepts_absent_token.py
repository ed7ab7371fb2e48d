"""Compares the token when there is one, and lets in whoever sends none.

`if token and token != expected: refuse`: the guard against a missing configuration opens the door to a missing header.
"""

from __future__ import annotations

from aiohttp import web

from simulator.receivers.robust import Receiver


class AcceptsAbsentToken(Receiver):
    def authorized(self, request: web.Request) -> bool:
        return self.credentials.are_absent(request.headers) or super().authorized(request)
