"""Does its slow work before it answers, one request at a time.

A single event is fine, and nobody tried fifty. In a burst each waits for those before it, the last ones for longer
than the 10 seconds within which "your application is expected to respond": the sender takes them for failed and sends
them again, into the same queue.
"""

from __future__ import annotations

import asyncio
from functools import cached_property
from typing import ClassVar

from aiohttp import web

from simulator.receivers.robust import Receiver


class WorksBeforeAnswering(Receiver):
    WORK_SECONDS: ClassVar[float] = 0.25

    @cached_property
    def _turn(self) -> asyncio.Lock:
        return asyncio.Lock()

    async def receive(self, request: web.Request) -> web.Response:
        async with self._turn:
            await asyncio.sleep(self.WORK_SECONDS)
            return await super().receive(request)
