"""Asks whether a webhook is known, waits for something else, and only then remembers it.

Duplicates one after the other are found. Two that arrive together both find nothing, and both do the work.
"""

from __future__ import annotations

import asyncio
from itertools import count
from pathlib import Path

from aiohttp import web

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import Statement


class RacesOnDuplicates(Receiver):
    WAIT_SECONDS = 0.05

    def __init__(
        self,
        db: str | Path = ":memory:",
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(db, header_auth, basic_auth)
        self._seen: set[str] = set()
        self._occurrences = count()
        self._suffix = ""

    async def receive(self, request: web.Request) -> web.Response:
        is_known = request.raw_path in self._seen
        await asyncio.sleep(self.WAIT_SECONDS)  # a look at another service: meanwhile the same webhook comes again
        self._seen.add(request.raw_path)
        self._suffix = "" if is_known else f" / {next(self._occurrences)}"
        return await super().receive(request)

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        return super().is_duplicate(statement, is_news=is_news) and not self._suffix

    def effect_key(self, statement: Statement, effect: str) -> str:
        return super().effect_key(statement, effect) + self._suffix
