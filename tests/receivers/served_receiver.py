"""A receiver on real loopback HTTP, and a sender whose bytes nobody quotes again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from yarl import URL

if TYPE_CHECKING:
    from aiohttp import ClientResponse, web
    from aiohttp.test_utils import TestClient

    from simulator.receivers.robust import Receiver


class Served:
    """One receiver that is up: `get` sends a webhook, `show` reads a view."""

    def __init__(self, client: TestClient[web.Request, web.Application], receiver: Receiver) -> None:
        self.client = client
        self.receiver = receiver

    async def get(self, target: str, method: str = "GET", **headers: str) -> int:
        status, _ = await self.answer(target, method, headers)
        return status

    async def answer(
        self, target: str, method: str = "GET", headers: dict[str, str] | None = None
    ) -> tuple[int, ClientResponse]:
        url = URL(str(self.client.make_url("/")).rstrip("/") + target, encoded=True)
        async with self.client.session.request(method, url, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return answer.status, answer

    async def decision(self, target: str) -> str:
        _, answer = await self.answer(target)
        return str((await answer.json())["decision"])

    async def show(self, path: str) -> Any:
        status, answer = await self.answer(path)
        assert status == 200, f"{path} answered {status}"
        return await answer.json()


Serve: TypeAlias = Callable[..., Awaitable[Served]]
