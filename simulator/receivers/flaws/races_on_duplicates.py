"""Asks whether a webhook is known, waits for something else, and only then remembers it.

A check and an act with an `await` between them. Duplicates one after the other are found; two that arrive together
both find nothing, and both do the work, where the second "should have no additional effect".
"""

from __future__ import annotations

import asyncio
from collections import Counter
from functools import cached_property
from http import HTTPStatus
from typing import ClassVar

from aiohttp import web

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import Statement


class RacesOnDuplicates(Receiver):
    WAIT_SECONDS: ClassVar[float] = 0.05

    _believed_new = False

    @cached_property
    def _under_way(self) -> Counter[str]:
        return Counter()

    async def receive(self, request: web.Request) -> web.Response:
        overlaps = self._under_way[request.raw_path] > 0 and not self._is_known(request.raw_path)
        self._under_way[request.raw_path] += 1
        await asyncio.sleep(self.WAIT_SECONDS)  # a look at another service: meanwhile the same webhook comes again
        self._under_way[request.raw_path] -= 1
        self._believed_new = overlaps
        return await super().receive(request)

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        return not self._believed_new and super().is_duplicate(statement, is_news=is_news)

    def effect_key(self, statement: Statement, effect: str) -> str:
        key = super().effect_key(statement, effect)
        done = self.records.rows("SELECT count(*) FROM effects")[0][0]
        return f"{key} / {done}" if self._believed_new else key

    def _is_known(self, raw_path: str) -> bool:
        path, _, query = raw_path.partition("?")
        known = "SELECT 1 FROM received WHERE path = ? AND query = ? AND status = ? LIMIT 1"
        return bool(self.records.rows(known, path, query, HTTPStatus.OK))
