"""Works once, and answers 500 ever after.

A connection that is opened for the first request and closed with it, an `INSERT` that should have been an upsert: the
first demonstration goes well.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from simulator.receivers.robust import Decision, Receiver, Verdict


class FailsAfterTheFirst(Receiver):
    _worked = False

    async def receive(self, request: web.Request) -> web.Response:
        if self._worked:
            return self.respond(Verdict(Decision.FAILED, HTTPStatus.INTERNAL_SERVER_ERROR, "duplicate key"))
        self._worked = True
        return await super().receive(request)
