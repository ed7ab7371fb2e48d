"""What the provider says: a body, or a refusal as a list with one entry for every fault (S3, S4)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypedDict

from aiohttp import web

from simulator.errors import Invalid, Misuse, NotFound, Refused

STATUS: Mapping[type[Misuse], type[web.HTTPError]] = {
    Invalid: web.HTTPUnprocessableEntity,
    NotFound: web.HTTPNotFound,
    Refused: web.HTTPConflict,
}
"""What becomes of our own errors."""


class Texts(TypedDict):
    """The body of a refusal, as aiohttp's exceptions take it."""

    text: str
    content_type: str


def shown(body: object) -> web.Response:
    """200 with this body; ASCII only, so that nothing a customer wrote can break it."""
    return web.json_response(body)


def because(*texts: str) -> Texts:
    """The body of a refusal: one entry for every fault."""
    errors: list[dict[str, Any]] = [{"message": text} for text in texts]
    return {"text": json.dumps({"errors": errors}), "content_type": "application/json"}


@contextmanager
def told_as_http() -> Iterator[None]:
    """Our own errors become the provider's answers."""
    try:
        yield
    except Misuse as error:
        for ours, theirs in STATUS.items():
            if isinstance(error, ours):
                texts = [str(problem) for problem in error.problems] if isinstance(error, Invalid) else [str(error)]
                raise theirs(**because(*texts)) from None
        raise
