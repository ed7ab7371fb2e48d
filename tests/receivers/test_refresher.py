"""Reading objects back: after the answer, until the provider showed them, and never once too few."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from simulator.receivers.records import Records

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from served_receiver import Serve, Served


class Provider:
    """The provider's API: shows what a test put under a path, and remembers who asked."""

    url = ""

    def __init__(self) -> None:
        self.shown: dict[str, object] = {}
        self.statuses: list[int] = []
        self.broken: dict[str, str] = {}
        self.asked: list[tuple[str, str]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.reached = asyncio.Event()

    async def show(self, request: web.Request) -> web.Response:
        self.asked.append((request.raw_path, request.headers["Authorization"]))
        self.reached.set()
        status = self.statuses.pop(0) if self.statuses else 200
        body = self.broken.get(request.path) or json.dumps(self.shown.get(request.path, {}))
        await self.open.wait()
        headers = {"Location": "/elsewhere"} if status in (301, 302) else None
        return web.Response(text=body, status=status, headers=headers, content_type="application/json")


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    provider = Provider()
    app = web.Application()
    app.router.add_get("/{path:.*}", provider.show)
    async with TestServer(app) as server:
        provider.url = str(server.make_url("/tenants/demo"))
        yield provider
        provider.open.set()


@pytest.fixture
async def reading(serve: Serve, provider: Provider) -> Served:
    """A receiver that reads objects back from the provider."""
    return await serve(api_url=provider.url)


async def until_served(reading: Served) -> list[dict[str, object]]:
    """The refreshes, once no wish is open."""
    async with asyncio.timeout(10):
        while True:
            found: list[dict[str, object]] = await reading.show("/refreshes")
            if all(refresh["served"] == refresh["wished"] for refresh in found):
                return found


async def test_a_wish_for_what_the_catalogue_does_not_know_keeps_nothing_waiting(
    serve: Serve, provider: Provider, tmp_path: Path
) -> None:
    """AURA's receiver keeps its callouts in such a file, and polls them when it is told to."""
    records = Records(tmp_path / "records.sqlite")
    records.wish("callout", "42")
    records.close()
    reading = await serve(tmp_path / "records.sqlite", api_url=provider.url)
    await reading.get("/project_status_changed?project_id=p1&status=Lost")
    async with asyncio.timeout(10):
        await provider.reached.wait()
    assert {path for path, _ in provider.asked} == {"/tenants/demo/projects/p1"}


async def test_an_unclear_project_status_is_read_back(reading: Served, provider: Provider) -> None:
    provider.shown["/tenants/demo/projects/p1"] = {"project": {"id": "p1", "status": "Lost"}}
    for status in ("Lost", "Won"):
        await reading.get(f"/project_status_changed?project_id=p1&status={status}")
    await until_served(reading)
    assert (await reading.show("/projects/p1"))["status"] == "Lost"
    assert provider.asked[0] == ("/tenants/demo/projects/p1", "Bearer sk_sand_1")


async def test_the_answer_does_not_wait_for_the_look(reading: Served, provider: Provider) -> None:
    provider.open.clear()
    assert await reading.get("/lead_changed?lead_id=l1") == 200
    await provider.reached.wait()
    assert await reading.get("/lead_changed?lead_id=l2") == 200
    provider.open.set()
    await until_served(reading)


async def test_a_hint_that_comes_during_the_look_causes_another(reading: Served, provider: Provider) -> None:
    """Nothing is lost: the look in progress may have seen the object as it was before."""
    provider.open.clear()
    await reading.get("/project_changed?project_id=p1")
    await provider.reached.wait()
    provider.shown["/tenants/demo/projects/p1"] = {"status": "Won"}
    await reading.get("/project_changed?project_id=p1")
    provider.open.set()
    assert await until_served(reading) == [{"kind": "project", "id": "p1", "wished": 2, "served": 2}]
    assert len(provider.asked) == 2
    assert (await reading.show("/projects/p1"))["status"] == "Won"


@pytest.mark.parametrize("status", [500, 503, 429, 401, 302])
async def test_a_look_that_fails_is_taken_again(reading: Served, provider: Provider, status: int) -> None:
    provider.statuses = [status, status]
    provider.shown["/tenants/demo/projects/p1"] = {"status": "Won"}
    await reading.get("/project_changed?project_id=p1")
    await until_served(reading)
    assert [path for path, _ in provider.asked] == ["/tenants/demo/projects/p1"] * 3
    assert (await reading.show("/projects/p1"))["status"] == "Won"


@pytest.mark.parametrize("said", ["{", "[" * 100_000])
async def test_an_answer_that_is_no_json_is_asked_for_again(reading: Served, provider: Provider, said: str) -> None:
    provider.broken["/tenants/demo/projects/p1"] = said
    provider.shown["/tenants/demo/projects/p1"] = {"status": "Won"}
    await reading.get("/project_changed?project_id=p1")
    await provider.reached.wait()
    provider.broken.clear()
    await until_served(reading)
    assert (await reading.show("/projects/p1"))["status"] == "Won"


async def test_an_object_that_cannot_be_read_keeps_no_other_waiting(reading: Served, provider: Provider) -> None:
    provider.broken["/tenants/demo/leads/l1"] = "{"
    await reading.get("/lead_changed?lead_id=l1")
    await reading.get("/project_changed?project_id=p1")
    async with asyncio.timeout(10):
        while (await reading.show("/projects/p1"))["to_be_read_back"]:
            pass
    assert (await reading.show("/leads/l1"))["to_be_read_back"]


async def test_a_provider_that_cannot_be_reached_costs_no_webhook(serve: Serve, unused_tcp_port: int) -> None:
    reading = await serve(api_url=f"http://127.0.0.1:{unused_tcp_port}/tenants/demo")
    for _ in range(3):
        assert await reading.get("/project_changed?project_id=p1") == 200
    assert (await reading.show("/projects/p1"))["to_be_read_back"]


@pytest.mark.parametrize("status", [404, 410])
async def test_an_object_that_is_gone_is_not_looked_for_again(reading: Served, provider: Provider, status: int) -> None:
    provider.statuses = [status]
    await reading.get("/lead_changed?lead_id=l1")
    await until_served(reading)
    assert len(provider.asked) == 1


@pytest.mark.parametrize("body", [{}, [], {"project": None}, {"status": 5}, "text"])
async def test_an_object_without_a_status_teaches_nothing(reading: Served, provider: Provider, body: object) -> None:
    provider.shown["/tenants/demo/projects/p1"] = body
    await reading.get("/project_changed?project_id=p1")
    await until_served(reading)
    assert (await reading.show("/projects/p1"))["status"] is None


async def test_wishes_of_an_earlier_run_are_served_on_start(serve: Serve, provider: Provider, tmp_path: Path) -> None:
    earlier = await serve(tmp_path / "db.sqlite")
    await earlier.get("/lead_changed?lead_id=l1")
    await earlier.client.close()
    provider.shown["/tenants/demo/leads/l1"] = {"lead": {"status": "converted"}}
    reading = await serve(tmp_path / "db.sqlite", api_url=provider.url + "/")
    await until_served(reading)
    assert (await reading.show("/leads/l1"))["status"] == "converted"


async def test_a_wish_without_a_place_to_look_stays_recorded(reading: Served, provider: Provider) -> None:
    await reading.get("/app_status_changed?app_id=x1&status=enabled")
    await reading.get("/lead_changed?lead_id=l1")
    await provider.reached.wait()
    assert [path for path, _ in provider.asked] == ["/tenants/demo/leads/l1"]
    assert reading.receiver.records.rows("SELECT served FROM refreshes WHERE kind = 'app'")[0][0] == 0


async def test_an_id_cannot_leave_its_place_in_the_path(reading: Served, provider: Provider) -> None:
    await reading.get("/lead_changed?lead_id=..%2Fprojects%3Fa%23")
    await until_served(reading)
    assert provider.asked[0][0] == "/tenants/demo/leads/..%2Fprojects%3Fa%23"


async def test_a_reset_during_the_look_stays_a_reset(reading: Served, provider: Provider) -> None:
    provider.open.clear()
    provider.shown["/tenants/demo/projects/p1"] = {"status": "Won"}
    await reading.get("/project_changed?project_id=p1")
    await provider.reached.wait()
    await reading.get("/reset", "POST")
    provider.open.set()
    # A second hint is only looked at once the first look has ended.
    await reading.get("/lead_changed?lead_id=l1")
    await until_served(reading)
    assert await reading.show("/projects") == {}
