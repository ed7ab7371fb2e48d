"""Answers 200 to every request and does nothing with it.

Written to "get it going" before there is anything behind it, and then left. Every dashboard of the sender
shows green, and not one event has an effect.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from simulator.receivers.robust import Decision, Receiver, Verdict


class AnswersEverything(Receiver):
    async def receive(self, request: web.Request) -> web.Response:  # noqa: ARG002 - that is the flaw
        return self.respond(Verdict(Decision.APPLIED, HTTPStatus.OK))
