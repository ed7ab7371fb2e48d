"""The robust receiver of AURA's kind: a hint by POST, the truth by polling (A7, A9–A11)."""

from __future__ import annotations

import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulator.receivers import load
from simulator.receivers.app import make_app


@pytest.fixture
async def client():
    receiver = load("aura-robust")(header_auth=("X-Key", "k"))
    async with TestClient(TestServer(make_app(receiver))) as client:
        yield client


async def post(client, body, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with client.post("/any/path", data=content, headers={"X-Key": "k", **headers}) as answer:
        return answer.status, (await answer.json())["decision"]


async def get(client, path):
    async with client.get(path) as answer:
        return await answer.json()


def callout(status, message="NEW_CALLOUT", **more):
    return {"message": message, "callout": {"id": 42, "status": status, **more}}


async def test_a_webhook_is_taken_once_and_its_duplicate_does_nothing_a10(client):
    assert await post(client, callout("new")) == (200, "applied")
    assert await post(client, callout("new")) == (200, "duplicate")
    assert await get(client, "/callouts") == {"42": "new"}
    assert len((await get(client, "/state"))["effects"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"no JSON",
        b"\xff",
        b"[" * 100_000,
        b'{"message": "NEW_CALLOUT", "callout": {"id": "\\ud800"}}',
        b'{"message": "NEW_CALLOUT", "callout": {"id": 42, "status": "\\ud800"}}',
    ],
)
async def test_a_body_that_cannot_be_kept_is_refused_and_no_fault_of_the_receiver(client, body):
    assert await post(client, body) == (400, "refused")


async def test_a_genuine_repeat_with_the_same_key_is_another_event_a10(client):
    for latitude in (0.1, 0.2, 0.2):
        await post(client, callout("new", "CALLOUT_EVENTS_CHANGED", latitude=latitude))
    assert len((await get(client, "/state"))["effects"]) == 2


async def test_an_event_that_may_look_like_its_duplicate_is_a_hint_to_read_back_each_time_a10(client):
    for _ in range(2):
        await post(client, callout("new", "CALLOUT_EVENTS_CHANGED"))
    assert [(one["id"], one["wished"]) for one in await get(client, "/refreshes")] == [("42", 2)]
    assert len((await get(client, "/state"))["effects"]) == 1


async def test_work_that_a_missed_event_would_have_set_off_is_done_when_it_is_polled_a11(client):
    async def show(request: web.Request) -> web.Response:
        return web.json_response({"id": 42, "status": "closed"})

    app = web.Application()
    app.router.add_get("/callouts/42", show)
    async with TestServer(app) as api:
        await post(client, callout("new"))
        for _ in range(2):
            assert await get(client, f"/reconciled?api={api.make_url('')}&token=t") == {"42": "closed"}
    assert [one["effect"] for one in (await get(client, "/state"))["effects"]] == ["close the case", "open a case"]


async def test_what_arrives_late_takes_nothing_back(client):
    assert await post(client, callout("closed", "CALLOUT_CLOSED")) == (200, "applied")
    assert await post(client, callout("owned", "CALLOUT_OWNED")) == (200, "stale")
    assert await get(client, "/callouts") == {"42": "closed"}


@pytest.mark.parametrize(
    "body",
    [
        callout("a status of next year", "AN_EVENT_OF_NEXT_YEAR"),
        {"message": "AN_EVENT_OF_NEXT_YEAR", "vehicle": {"id": 1}},
        {"message": "NEW_CALLOUT"},
    ],
)
async def test_what_is_unfamiliar_is_given_a_200(client, body):
    assert (await post(client, body))[0] == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"event": "NEW_CALLOUT"}', b'{"message": 7}', b"\xff"])
async def test_what_is_no_webhook_is_refused(client, body):
    assert await post(client, body) == (400, "refused")


@pytest.mark.parametrize("key", ["", "K", "k2"])
async def test_without_the_registered_header_nobody_comes_in_a7(client, key):
    assert await post(client, callout("new"), **{"X-Key": key}) == (401, "refused")
    assert await get(client, "/callouts") == {}


async def test_a_provider_that_cannot_be_polled_changes_nothing_a11(client):
    await post(client, callout("new"))
    for query in ("", "?api=http://127.0.0.1:1&token=t"):
        assert "not reconciled" in (await get(client, f"/reconciled{query}"))["error"]
    assert await get(client, "/callouts") == {"42": "new"}


@pytest.mark.parametrize("shown", ["no JSON", "[" * 100_000])
async def test_what_cannot_be_read_back_is_told_and_changes_nothing(client, shown):
    async def show(_: web.Request) -> web.Response:
        return web.Response(text=shown, content_type="application/json")

    app = web.Application()
    app.router.add_get("/callouts/42", show)
    await post(client, callout("new"))
    async with TestServer(app) as provider, client.get(f"/reconciled?api={provider.make_url('')}&token=t") as answer:
        assert answer.status == 502
    assert await get(client, "/callouts") == {"42": "new"}
