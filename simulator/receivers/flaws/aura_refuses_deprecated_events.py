"""Answers 410 to a deprecated event.

Deprecated is not gone: "existing registrations still work", and whoever registered for it long ago still receives it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from aiohttp import web

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.robust import Decision, Verdict
from simulator.receivers.statement import IllegalEventError

_GONE: Final = "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"


class AuraRefusesDeprecatedEvents(AuraReceiver):
    def judge_body(self, request: web.Request, body: bytes) -> Verdict:
        try:
            statement = self.read(body)
        except IllegalEventError:
            statement = None
        if statement and statement.event.name == _GONE:
            return Verdict(Decision.REFUSED, HTTPStatus.GONE, f"{_GONE} is deprecated")
        return super().judge_body(request, body)
