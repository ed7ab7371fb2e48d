"""The body of a request: bounded, UTF-8, and JSON that means one thing only.

In: whatever somebody sends. Out: the value, or the answer that says what is wrong with it (S3: 400, 413, 422).
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from simulator.api.answers import because
from simulator.errors import Misuse
from simulator.wire.reading import read_bounded

BOUND = 1_000_000  # bytes
MOST_VALUES = 1_000  # each may cost a sentence that looks for what was meant
MOST_DIGITS = 100


class Unreadable(Misuse):
    """The body is not what its headers say."""


class TooLarge(Unreadable):
    """There is more of it than anybody needs."""


async def read_json(request: web.Request) -> Any:
    """The value in the body. Raises the answer to a body that is too large, is not JSON or holds too much."""
    try:
        value = _parse(await read_bytes(request))
    except TooLarge as error:
        raise web.HTTPRequestEntityTooLarge(BOUND, BOUND + 1, **because(str(error))) from None
    except Unreadable as error:
        raise web.HTTPBadRequest(**because(str(error))) from None
    except RecursionError:
        raise web.HTTPBadRequest(**because("the body is nested too deeply")) from None
    except ValueError as error:
        raise web.HTTPBadRequest(**because(f"the body is not JSON: {error}")) from None
    if _count(value) > MOST_VALUES:
        raise web.HTTPUnprocessableEntity(**because(f"the body holds more than {MOST_VALUES} values"))
    return value


async def read_bytes(request: web.Request) -> bytes:
    """The body as it is. Raises `Unreadable`; `TooLarge` beyond `BOUND`, of which nothing is kept."""
    try:
        content = await read_bounded(request.content, BOUND)
    except web.RequestPayloadError:
        raise Unreadable("the body is not encoded as its headers say") from None
    if content is None:
        raise TooLarge(f"the body is larger than {BOUND} bytes")
    return content


def _parse(content: bytes) -> Any:
    if not content:
        raise ValueError("it is empty")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 at byte {error.start}") from None
    return json.loads(text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name that stands twice could mean either value, and programs disagree on which."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        if name in made:
            raise ValueError(f'an object holds "{name}" twice')
        made[name] = value
    return made


def _constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"a number has more than {MOST_DIGITS} digits")
    return int(digits)


def _count(value: Any) -> int:
    """How many values there are, containers and what they contain."""
    count, left = 0, [value]
    while left:
        one = left.pop()
        count += 1
        if isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
    return count
