"""Who may speak to the simulator at all: no web page that its user visits, beyond loopback nobody without a token."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from served import Served, served

from simulator.control.guard import COOKIE

TOKEN = "t0ken-of-the-test"
EVENTS, HEALTH = "/simulator/events", "/simulator/health"


async def _other(_: web.Request) -> web.Response:
    return web.Response(text="asks for a key of its own")


@pytest.fixture
async def guarded() -> AsyncIterator[Served]:
    """A face that asks for a token, beside a route that does not."""
    async with served(host="0.0.0.0", token=TOKEN, others=[web.get("/tenants/demo", _other)]) as face:
        yield face


@pytest.mark.parametrize(
    "host",
    [
        "localhost:8025",
        "LOCALHOST",
        "127.0.0.1:8025",
        "127.8.9.10",
        "[::1]:8025",
        "sim.localhost:1",
        "localhost.",
        "192.168.1.7:8025",
    ],
)
async def test_this_machine_and_addresses_are_names_of_the_simulator(face: Served, host: str) -> None:
    """An address cannot be rebound."""
    assert (await face.get(HEALTH, headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example:8025", "127.0.0.1.evil.example", "2130706433", ""]
)
async def test_any_other_name_is_turned_away(face: Served, host: str) -> None:
    """DNS rebinding: a page asks under a name that has come to mean this machine."""
    said = await face.get(HEALTH, headers={"Host": host})
    assert said.status == 403
    assert "is not a name of this simulator" in said.words


async def test_the_name_that_was_bound_is_a_name_of_the_simulator() -> None:
    async with served(host="sim.example") as face:
        assert (await face.get(HEALTH, headers={"Host": "sim.example:8025"})).status == 200
        assert (await face.get(HEALTH, headers={"Host": "other.example:8025"})).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_a_page_of_somebody_else_drives_nothing(face: Served, method: str, headers: dict[str, str]) -> None:
    said = await face.ask(method, "/simulator/clock", {"paused": False} if method != "GET" else None, headers=headers)
    assert (said.status, "only the simulator's own page" in said.words) == (403, True)


async def test_a_form_of_somebody_else_drives_nothing(face: Served) -> None:
    """A browser sends text/plain across sites without asking first, but never without its origin."""
    headers = {"Content-Type": "text/plain", "Origin": "https://evil.example"}
    async with face.client.post(face.url + EVENTS, data='{"event": "lead_changed"}', headers=headers) as answer:
        assert answer.status == 403
    assert (await face.get(f"{EVENTS}/1")).status == 404


async def test_the_simulators_own_page_may_ask(face: Served) -> None:
    headers = {"Origin": face.url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    assert (await face.post(EVENTS, {"event": "lead_changed"}, headers=headers)).status == 202


async def test_a_link_from_elsewhere_may_be_followed(face: Served) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert (await face.get("/simulator/report", headers=headers)).status == 200


async def test_answers_are_for_nobody_elses_page(face: Served) -> None:
    headers = (await face.get(HEALTH)).headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Access-Control-Allow-Origin" not in headers


class TestToken:
    @pytest.mark.parametrize(
        "authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer t\xf6ken"]
    )
    @pytest.mark.parametrize("path", [HEALTH, "/metrics", "/simulator/stream", "/nothing", "/"])
    async def test_without_it_nothing_is_told(self, guarded: Served, path: str, authorization: str) -> None:
        said = await guarded.get(path, headers={"Authorization": authorization})
        assert (said.status, said.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert TOKEN not in said.words

    async def test_with_it_everything_is_open(self, guarded: Served) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        assert (await guarded.get(HEALTH, headers=headers)).status == 200
        assert (await guarded.post(EVENTS, {"event": "lead_changed"}, headers=headers)).status == 202

    async def test_any_name_will_do_since_the_token_is_asked_for(self, guarded: Served) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Host": "sim.example:8025"}
        assert (await guarded.get(HEALTH, headers=headers)).status == 200

    async def test_a_face_with_credentials_of_its_own_is_not_asked_for_it(self, guarded: Served) -> None:
        assert (await guarded.get("/tenants/demo")).status == 200
        assert (await guarded.get("/tenants/demo", headers={"Origin": "https://evil.example"})).status == 403
        assert (await guarded.get("/tenants/other")).status == 401

    async def test_in_the_pages_address_it_becomes_a_cookie_that_no_other_site_can_send(self, guarded: Served) -> None:
        async with guarded.client.get(f"{guarded.url}/?token={TOKEN}", allow_redirects=False) as answer:
            assert (answer.status, answer.headers["Location"]) == (303, "/")
            cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert (await guarded.get(HEALTH, headers={"Cookie": f"{COOKIE}={TOKEN}"})).status == 200

    async def test_in_any_other_address_it_opens_nothing(self, guarded: Served) -> None:
        assert (await guarded.get(f"{HEALTH}?token={TOKEN}")).status == 401
        assert (await guarded.get("/?token=wrong")).status == 401
