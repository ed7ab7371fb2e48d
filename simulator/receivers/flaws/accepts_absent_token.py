"""Compares the token when there is one, and lets in whoever sends none.

`headers.get(name, expected) == expected`: the default that spares the tests of an early day a header opens the door
to everybody who leaves the header out. Credentials are there to verify that webhooks "came from Aurora rather than
someone claiming to be Aurora".
"""

from __future__ import annotations

from aiohttp import web

from simulator.receivers.robust import Receiver


class AcceptsAbsentToken(Receiver):
    def authorized(self, request: web.Request) -> bool:
        is_absent = not any(name in request.headers for name in self.credentials.header_names)
        return is_absent or super().authorized(request)
