"""Does not look at the credentials at all.

The token was configured with the provider and forgotten in the code: whoever knows the URL can sign agreements.
Credentials are there to verify that webhooks "came from Aurora rather than someone claiming to be Aurora".
"""

from __future__ import annotations

from aiohttp import web

from simulator.receivers.robust import Receiver


class ChecksNoToken(Receiver):
    def authorized(self, request: web.Request) -> bool:  # noqa: ARG002 - that is the flaw
        return True
