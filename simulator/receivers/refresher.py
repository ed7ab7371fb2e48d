"""Reads objects back from the provider, after the answer to the webhook that gave the hint.

In go the wishes that the records hold, out go GET requests to the provider's API; what the provider shows
is joined into the records. A wish was committed before its webhook was answered, and counts as served only
when the look began after it, so no hint is lost: not to a crash, not to one that comes during the look.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from simulator.receivers.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import web

    from simulator.receivers.kinds import Kind
    from simulator.receivers.robust import Receiver

_TIMEOUT: Final = ClientTimeout(total=10)

# The provider has looked, and there is no such object (any more): looking again would not change that.
_GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Refresher:
    """The background worker of one receiver; add its `run` to `app.cleanup_ctx`.

    `api_url` is the provider's API up to and including the tenant, as in
    `https://api.aurorasolar.com/tenants/TENANT`. What could not be read is read again after `pause_seconds`.
    """

    def __init__(self, receiver: Receiver, api_url: str, api_token: str, pause_seconds: float = 30.0) -> None:
        self._receiver = receiver
        self._api_url = api_url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {api_token}"}
        self._pause_seconds = pause_seconds

    async def run(self, _app: web.Application) -> AsyncIterator[None]:
        """Works for as long as the application is up."""
        worker = asyncio.create_task(self._work())
        yield
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker

    async def _work(self) -> None:
        async with ClientSession(headers=self._headers, timeout=_TIMEOUT) as session:
            while True:
                self._receiver.wished.clear()
                all_served = await self._serve_wishes(session)
                with suppress(TimeoutError):
                    pause = None if all_served else self._pause_seconds
                    await asyncio.wait_for(self._receiver.wished.wait(), pause)

    async def _serve_wishes(self, session: ClientSession) -> bool:
        """Looks once at every object that is wished for; whether each look succeeded."""
        looks = [
            await self._serve_wish(session, KINDS[name], object_id, wished)
            for name, object_id, wished in self._receiver.records.open_wishes()
            if name in KINDS  # other receivers of this family poll theirs when they are told to
        ]
        return all(looks)

    async def _serve_wish(self, session: ClientSession, kind: Kind, object_id: str, wished: int) -> bool:
        if kind.read_at is None:
            return True
        path = kind.read_at.format(id=quote(object_id, safe=""))
        try:
            return await self._look(session, f"{self._api_url}/{path}", kind, object_id, wished)
        except (ClientError, TimeoutError, ValueError, RecursionError, sqlite3.Error):
            # Not reached, not JSON or nested without end, not written: the wish stands, and keeps no other waiting.
            return False

    async def _look(self, session: ClientSession, url: str, kind: Kind, object_id: str, wished: int) -> bool:
        async with session.get(URL(url, encoded=True), allow_redirects=False) as answer:
            if answer.status in _GONE:
                self._keep(kind, object_id, wished, None)
                return True
            if answer.status != HTTPStatus.OK:
                return False
            self._keep(kind, object_id, wished, _status_in(await answer.json(), kind))
            return True

    def _keep(self, kind: Kind, object_id: str, wished: int, status: str | None) -> None:
        records = self._receiver.records
        with records.transaction():
            if records.serve(kind.name, object_id, wished) and status:
                old = records.status(kind.name, object_id)
                records.keep(kind.name, object_id, kind.after_look(old, status))


def _status_in(body: object, kind: Kind) -> str | None:
    """The status of an object as the provider shows it, `{"project": {"status": ...}}`, if it shows one."""
    shown = body.get(kind.name, body) if isinstance(body, dict) else None
    status = shown.get("status") if isinstance(shown, dict) else None
    return status if isinstance(status, str) else None
