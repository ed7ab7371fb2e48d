"""Does not look at the registered headers.

"Any headers you register are included on every delivery, so your endpoint can authenticate the caller": they were
registered, and nobody compares them.
"""

from __future__ import annotations

from aiohttp import web

from simulator.receivers.aura import AuraReceiver


class AuraIgnoresHeaders(AuraReceiver):
    def authorized(self, request: web.Request) -> bool:  # noqa: ARG002 - that is the flaw
        return True
