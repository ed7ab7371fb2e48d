"""Applications of three protocols behind real HTTP: each gets the request as it was sent, and answers as it would."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from aiohttp import web

from simulator.errors import Refused
from simulator.pytest_plugin.serving import serve

TARGET = "/a%2Fb/%C3%A9?x=1%2B1&y=a+b&z="


async def get(url: str) -> tuple[int, str]:
    """Status and body, asked from another thread."""

    def ask() -> tuple[int, str]:
        try:
            with urlopen(url) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(ask)


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    assert (await receive())["body"] == b""
    said = f"{scope['method']} {scope['path']} {scope['raw_path'].decode()} {scope['query_string'].decode()}"
    await send({"type": "http.response.start", "status": 202, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": said[:3].encode(), "more_body": True})
    await send({"type": "http.response.body", "body": said[3:].encode()})


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    start_response("202 Accepted", [("Content-Type", "text/plain")])
    path = environ["PATH_INFO"].encode("latin-1").decode()
    return [f"{environ['REQUEST_METHOD']} {path} {environ['QUERY_STRING']}".encode()]


def aiohttp_app() -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=202, text=f"{request.method} {request.raw_path}")

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


@pytest.mark.parametrize(
    ("app", "said"),
    [
        (asgi, "GET /a/b/é /a%2Fb/%C3%A9 x=1%2B1&y=a+b&z="),
        (wsgi, "GET /a/b/é x=1%2B1&y=a+b&z="),
        (aiohttp_app(), f"GET {TARGET}"),
    ],
    ids=["ASGI", "WSGI", "aiohttp"],
)
async def test_an_application_sees_the_request_as_it_was_sent(app: Any, said: str) -> None:
    async with serve(app) as url:
        assert await get(url + TARGET) == (202, said)


async def test_an_asgi_object_with_an_async_call_is_an_application() -> None:
    class Framework:
        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            await asgi(scope, receive, send)

    async with serve(Framework()) as url:
        assert (await get(url))[0] == 202


async def test_a_wsgi_application_works_on_several_requests_at_once() -> None:
    """Each waits for the other: one at a time would never come to an end."""
    from threading import Barrier

    both = Barrier(2, timeout=10)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        both.wait()
        return wsgi(environ, start_response)

    async with serve(app) as url:
        assert [status for status, _ in await asyncio.gather(get(url), get(url))] == [202, 202]


async def test_an_asgi_application_lives_from_startup_to_shutdown() -> None:
    seen: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            seen.append(scope["state"]["pool"])
            await asgi(scope, receive, send)
            return
        assert (await receive())["type"] == "lifespan.startup"
        scope["state"]["pool"] = "open"
        await send({"type": "lifespan.startup.complete"})
        seen.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})

    async with serve(app) as url:
        await get(url)
    assert seen == ["open", "lifespan.shutdown"]


async def test_an_asgi_application_that_cannot_start_says_so() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(RuntimeError, match="failed at its startup: no database"):
        async with serve(app):
            pass


async def test_work_after_the_answer_keeps_nobody_waiting_and_is_finished() -> None:
    answered, seen = asyncio.Event(), []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await asgi(scope, receive, send)
        await answered.wait()
        seen.append("worked")

    async with serve(app) as url:
        assert (await get(url))[0] == 202
        assert seen == []
        answered.set()
    assert seen == ["worked"]


async def test_an_application_that_never_answers_keeps_no_test_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simulator.pytest_plugin.serving._SHUTDOWN_SECONDS", 0.05)
    begun, ended = asyncio.Event(), asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with asyncio.timeout(20):
        async with serve(app) as url:
            asking = asyncio.create_task(get(url))
            await begun.wait()
    assert ended.is_set()
    with pytest.raises(OSError, match="closed"):
        await asking


@pytest.mark.parametrize("fails", ["raises", "says nothing"])
async def test_an_asgi_application_without_an_answer_is_a_500(fails: str, caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        if fails == "raises":
            raise LookupError("a fault of the receiver")

    async with serve(app) as url:
        assert (await get(url))[0] == 500
    assert ("a fault of the receiver" in caplog.text) == (fails == "raises")


async def test_what_is_no_application_is_refused() -> None:
    with pytest.raises(Refused, match="7 is no receiver"):
        async with serve(7):
            pass
