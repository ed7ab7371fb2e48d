"""The receiver that remembers: every request that arrived, before it is answered, outside of any process that dies."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from zlib import crc32

from aiohttp import web

from simulator.wire.timed import HEADER


@dataclass
class Witness:
    """`arrived` counts requests by what they are about and the virtual instant at which they were sent."""

    url: str = ""
    arrived: Counter[tuple[str, str]] = field(default_factory=Counter)
    answered: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)

    async def receive(self, request: web.Request) -> web.Response:
        """Some fail twice, some take their time; how, depends on what they are about."""
        subject = request.query["about"]
        key = (subject, request.headers[HEADER])
        self.arrived[key] += 1
        self.times[subject] += 1
        status = await self._work(subject)
        self.answered[key] += 1
        return web.Response(status=status)

    async def _work(self, subject: str) -> int:
        match crc32(subject.encode()) % 5:
            case 0:
                return 503 if self.times[subject] <= 2 else 200
            case 1 | 2:
                await asyncio.sleep(0.02)
        return 200


@asynccontextmanager
async def witnessing() -> AsyncIterator[Witness]:
    witness = Witness()
    app = web.Application()
    app.router.add_get("/in", witness.receive)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    witness.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield witness
    finally:
        await runner.cleanup()
