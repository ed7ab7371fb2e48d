"""Receivers that are up for one test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from aiohttp.test_utils import TestClient, TestServer
from served_receiver import Served

from simulator.receivers.app import make_app
from simulator.receivers.refresher import Refresher
from simulator.receivers.robust import Receiver

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from served_receiver import Serve


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Brings up a receiver made with the arguments given; with `api_url` it reads objects back."""
    up: list[Served] = []

    async def serve(
        db: Path | str = ":memory:",
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
        api_url: str | None = None,
    ) -> Served:
        receiver = Receiver(db, header_auth, basic_auth)
        app = make_app(receiver)
        if api_url:
            app.cleanup_ctx.append(Refresher(receiver, api_url, "sk_sand_1", pause_seconds=0.01).run)
        up.append(Served(TestClient(TestServer(app)), receiver))
        await up[-1].client.start_server()
        return up[-1]

    yield serve
    for served in up:
        await served.client.close()


@pytest.fixture
async def robust(serve: Serve) -> Served:
    return await serve()
