"""`wire/reading`: bodies up to a bound, and no further."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulator.wire.reading import ANSWER_BOUND, read_bounded, read_text


async def text_of(body: bytes, content_type: str = "text/plain", errors: str = "strict") -> str | None:
    """What is read of such an answer."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Type": content_type})

    app = web.Application()
    app.router.add_get("/", answer)
    async with TestClient(TestServer(app)) as client, client.get("/") as response:
        return await read_text(response, errors)


@pytest.mark.parametrize(("size", "whole"), [(0, True), (ANSWER_BOUND, True), (ANSWER_BOUND + 1, False)])
async def test_an_answer_is_read_up_to_the_bound_that_is_included(size: int, whole: bool) -> None:
    assert await text_of(b"x" * size) == ("x" * size if whole else None)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Größe".encode(), "text/plain"),
        ("Größe".encode("latin-1"), "text/plain; charset=iso-8859-1"),
        ("Größe".encode(), "text/plain; charset=klingon"),
    ],
)
async def test_the_text_is_that_of_its_charset_and_utf_8_where_nobody_knows_it(body: bytes, content_type: str) -> None:
    assert await text_of(body, content_type) == "Größe"


async def test_what_cannot_be_decoded_is_replaced_only_where_that_is_wanted() -> None:
    assert await text_of(b"\xff", errors="replace") == "\ufffd"
    with pytest.raises(UnicodeDecodeError):
        await text_of(b"\xff")


async def test_a_request_is_read_up_to_the_bound_as_well() -> None:
    read = []

    async def take(request: web.Request) -> web.Response:
        read.append(await read_bounded(request.content, 3))
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    async with TestClient(TestServer(app)) as client:
        for body in (b"", b"abc", b"abcd"):
            await (await client.post("/", data=body)).read()
    assert read == [b"", b"abc", None]
