"""The control face over real HTTP on loopback, its simulation in the same process, its receivers in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, web
from yarl import URL

from simulator.clock.pace import PAUSED, Pace
from simulator.control.app import control_app
from simulator.control.desk import Desk, open_desk
from simulator.control.operation import Operation
from simulator.domain.fault import Passage
from simulator.domain.instant import SECOND, format_instant
from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.domain.subscription import Subscription
from simulator.engine.service import open_service
from simulator.engine.simulation import Simulation
from simulator.providers import AURORA
from simulator.store.database import MEMORY
from simulator.wire.scripted import ScriptedWire
from simulator.wire.targets import Targets
from simulator.wire.wire import Wire

START = 1_772_816_400 * SECOND  # 2026-03-06 17:00:00 UTC
NOBODY = "http://127.0.0.1:9"

Upstairs = Callable[[Desk], AbstractAsyncContextManager[Sequence[Operation]]]
"""Operations of whoever stands above the face, at this desk."""

Answer = Callable[[Request, Passage], Outcome]


class SilentWire:
    """Receivers that never answer."""

    async def send(self, _request: Request, _passage: Passage, /) -> Outcome:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def close(self) -> None:
        """Nothing is held."""


def status(code: int) -> Answer:
    """A receiver that gives this answer to everything."""
    return lambda *_: Outcome(kind_of_status(code), code, virtual_us=0)


@dataclass(frozen=True)
class Said:
    """What the face answered."""

    status: int
    json: Any
    headers: Any

    @property
    def fields(self) -> list[str | None]:
        """The fields that an answer complains of."""
        return [error.get("field") for error in self.json["errors"]]

    @property
    def words(self) -> str:
        """Everything that an answer complains of."""
        return "\n".join(error["message"] for error in self.json["errors"])


class Served:
    """One simulation with its face, and a client that speaks to it."""

    def __init__(self, desk: Desk, url: str, client: ClientSession) -> None:
        self.desk, self.url, self.client = desk, url, client

    @property
    def sim(self) -> Simulation:
        return self.desk.simulation

    async def ask(self, method: str, path: str, body: object = None, *, encoded: bool = False, **options: Any) -> Said:
        given = {"json": body} if body is not None else {}
        url = URL(self.url + path, encoded=encoded)
        async with self.client.request(method, url, **given, **options) as answer:
            is_json = answer.content_type == "application/json"
            return Said(answer.status, await answer.json() if is_json else await answer.text(), answer.headers)

    async def get(self, path: str, **options: Any) -> Said:
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: Any) -> Said:
        return await self.ask("POST", path, body, **options)

    async def patch(self, path: str, body: object) -> Said:
        return await self.ask("PATCH", path, body)

    async def delete(self, path: str) -> Said:
        return await self.ask("DELETE", path)

    def subscribe(self, event: str = "lead_changed", tenant: str = "demo", name: str = "", **more: Any) -> Subscription:
        words = {"event": event, "url_template": f"{NOBODY}/in", **more}
        return self.sim.subscriptions.register(tenant, words, name=name)

    async def emit(self, event: str = "lead_changed", **options: Any) -> int:
        """Make one event occur; its id."""
        said = await self.post("/simulator/events", {"event": event, **options})
        assert said.status == 202, said.json
        return int(said.json["events"][0]["id"])

    async def advance(self, seconds: float) -> None:
        await self.sim.clock.advance(round(seconds * SECOND))

    async def settle(self) -> None:
        """Walk through every attempt of every ladder."""
        await self.advance(90_000)


def at(seconds: float) -> str:
    """An instant of the simulation, in seconds from its start."""
    return format_instant(START + round(seconds * SECOND))


WELL = status(200)


@asynccontextmanager
async def served(
    answer: Answer = WELL,
    *,
    wire: Wire | None = None,
    pace: Pace = PAUSED,
    path: Path | str = MEMORY,
    host: str = "127.0.0.1",
    profile: Profile = AURORA,
    upstairs: Upstairs | None = None,
    **app: Any,
) -> AsyncIterator[Served]:
    """A simulation that begins at `START`, or that `path` holds, and its face on a free port."""
    async with AsyncExitStack() as stack:
        wire = wire or ScriptedWire(answer)
        check = Targets().check_url
        service = await stack.enter_async_context(
            open_service(profile, path, wire, pace=pace, seed=7, start=START, check_target=check)
        )
        desk = await stack.enter_async_context(open_desk(service, pace))
        further = await stack.enter_async_context(upstairs(desk)) if upstairs else ()
        runner = web.AppRunner(control_app(desk, host=host, further=further, **app), shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        client = await stack.enter_async_context(ClientSession())
        stack.callback(desk.feed.close)
        yield Served(desk, f"http://127.0.0.1:{runner.addresses[0][1]}", client)
