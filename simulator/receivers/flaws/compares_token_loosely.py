"""Compares the header token without regard to case.

Somebody once pasted it with a capital letter, and `.lower()` on both sides made it work. A token of mixed case loses
most of its strength.
"""

from __future__ import annotations

from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

from simulator.receivers.robust import Receiver


class ComparesTokenLoosely(Receiver):
    def authorized(self, request: web.Request) -> bool:
        lowered = CIMultiDict(
            (name, value.lower()) for name, value in request.headers.items() if name != "Authorization"
        )
        lowered.extend((name, value) for name, value in request.headers.items() if name == "Authorization")
        return self.credentials.folded().accept(CIMultiDictProxy(lowered))
