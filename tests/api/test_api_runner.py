"""`api/runner`: what is no request is answered in our own words, on every server of ours."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from aiohttp import web

from simulator.api.runner import NO_REQUEST, Runner

SECRET = "s3cret-token"
NO_REQUESTS = {
    "a header of 100 KB": f"GET / HTTP/1.1\r\nHost: x\r\nX-Token: {SECRET * 9_000}\r\n\r\n",
    "a path of 100 KB": f"GET /{SECRET * 9_000} HTTP/1.1\r\nHost: x\r\n\r\n",
    "a header without a colon": f"GET / HTTP/1.1\r\n{SECRET}\r\n\r\n",
    "no HTTP at all": f"{SECRET}\r\n\r\n",
}


async def told(port: int, sent: str) -> tuple[int, Any]:
    """Status and body of what is answered to these bytes; the server closes behind it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent.encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), json.loads(body)


async def serve(runner: Runner) -> int:
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


@pytest.mark.parametrize("sent", NO_REQUESTS.values(), ids=NO_REQUESTS)
async def test_what_a_stranger_sent_is_repeated_neither_to_him_nor_in_the_log(
    sent: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    runner = Runner(web.Application(), shutdown_seconds=1)
    port = await serve(runner)
    status, body = await told(port, sent)
    await runner.cleanup()
    assert (status, body) == (400, {"errors": [{"message": NO_REQUEST}]})
    assert SECRET not in caplog.text


async def test_an_application_is_served_as_ever_with_its_startup_and_its_end() -> None:
    happened = []

    async def life(_: web.Application) -> Any:
        happened.append("begun")
        yield
        happened.append("ended")

    async def here(_: web.Request) -> web.Response:
        return web.json_response({"here": True})

    app = web.Application()
    app.cleanup_ctx.append(life)
    app.add_routes([web.get("/", here)])
    runner = Runner(app, shutdown_seconds=1)
    port = await serve(runner)
    answer = await told(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    await runner.cleanup()
    assert answer == (200, {"here": True})
    assert happened == ["begun", "ended"]
