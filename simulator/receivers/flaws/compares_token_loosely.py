"""Compares the header token without regard to case.

Somebody once pasted it with a capital letter, and `.lower()` on both sides made it work. A token of mixed case loses
much of its strength, and what comes with another token did not come from Aurora.
"""

from __future__ import annotations

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from simulator.receivers.robust import Receiver


class ComparesTokenLoosely(Receiver):
    def authorized(self, request: web.Request) -> bool:
        headers, name = CIMultiDict(request.headers), self.credentials.token_header or ""
        if name in headers:
            headers[name] = headers[name].lower()
        return self.credentials.folded().accept(CIMultiDictProxy(headers))
