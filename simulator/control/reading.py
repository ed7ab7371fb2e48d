"""What a request says, read against a model: bounded, UTF-8, JSON, and every fault of it at once.

In: a request and the model. Out: the model, filled in, or `Unreadable` (no JSON) or `Invalid` (JSON that says something
else). What was sent is never repeated: it may hold a secret.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from aiohttp import web
from multidict import MultiMapping
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from simulator.errors import Invalid, Misuse, Problem, did_you_mean
from simulator.wire.reading import read_bounded

BODY_BOUND = 1_000_000  # bytes
MOST_ENTRIES = 1_000  # of a list

Model = TypeVar("Model", bound=BaseModel)

_NO_JSON = frozenset({"json_invalid"})
_OUR_WORDS = {
    "missing": "is missing",
    "string_too_short": "is too short; at least {min_length} character",
    "string_too_long": "is too long; at most {max_length} characters",
    "too_short": "holds too few entries; at least {min_length}",
    "too_long": "holds too many entries; at most {max_length}",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
}


class Unreadable(Misuse):
    """The body is no JSON at all."""


async def read_body(request: web.Request) -> bytes:
    """The bytes of the body; beyond `BODY_BOUND` nothing is kept, and aiohttp's own 413 is raised."""
    try:
        content = await read_bounded(request.content, BODY_BOUND)
    except web.RequestPayloadError:
        raise Unreadable("the body is not encoded as its headers say") from None
    if content is None:
        raise web.HTTPRequestEntityTooLarge(BODY_BOUND, BODY_BOUND + 1)
    return content


def parse_one(model: type[Model], content: bytes) -> Model:
    """The body as one such model."""
    one: Model = _checked(TypeAdapter(model), content, model)
    return one


def parse_one_or_many(model: type[Model], content: bytes) -> list[Model]:
    """The body as one such model, or as a list of them."""
    if content.lstrip()[:1] != b"[":
        return [parse_one(model, content)]
    many: list[Model] = _checked(TypeAdapter(list[model]), content, model)  # type: ignore[valid-type]  # known at run time
    if not 0 < len(many) <= MOST_ENTRIES:
        raise Invalid([Problem((), f"a list holds 1 to {MOST_ENTRIES} entries; this one holds {len(many)}")])
    return many


def parse_query(model: type[Model], query: MultiMapping[str]) -> Model:
    """The query as such a model; of a name that stands twice nobody can tell which is meant."""
    times = Counter(name for name, _ in query.items())
    if problems := [
        Problem((name,), f"stands {count} times in the query; write it once")
        for name, count in times.items()
        if count > 1
    ]:
        raise Invalid(problems)
    try:
        return model.model_validate(dict(query))
    except ValidationError as error:
        raise _explained(error, model) from None


def _checked(adapter: TypeAdapter[Any], content: bytes, model: type[BaseModel]) -> Any:
    if not content.strip():
        raise Unreadable("the body is empty; it must be JSON")
    try:
        return adapter.validate_json(content)
    except ValidationError as error:
        raise _explained(error, model) from None


def _explained(error: ValidationError, model: type[BaseModel]) -> Misuse:
    details = error.errors(include_url=False, include_input=False, include_context=True)
    if details[0]["type"] in _NO_JSON:
        return Unreadable(f"the body is not JSON: {details[0]['ctx']['error']}")
    fields = [field.alias or name for name, field in model.model_fields.items()]
    return Invalid([Problem(_path(one), _words(one, fields)) for one in details if not _follows(one, details)])


def _path(detail: ErrorDetails) -> tuple[str | int, ...]:
    """Where it stands; pydantic's own mark for the key of a mapping is no part of a path."""
    return tuple(part for part in detail["loc"] if part != "[key]")


def _follows(detail: ErrorDetails, details: Iterable[ErrorDetails]) -> bool:
    """Whether a list is told to be too short only because an entry of it is wrong, which is told as well."""
    depth = len(detail["loc"])
    return detail["type"] == "too_short" and any(
        len(one["loc"]) > depth and one["loc"][:depth] == detail["loc"] for one in details
    )


def _words(detail: ErrorDetails, fields: Sequence[str]) -> str:
    if detail["type"] == "extra_forbidden":
        if not fields:
            return "there is no such parameter; none is taken here"
        name = str(detail["loc"][-1])
        return f"there is no such field{did_you_mean(name, fields)}; there are {', '.join(fields)}"
    if words := _OUR_WORDS.get(detail["type"]):
        return words.format(**detail.get("ctx", {}))
    return detail["msg"].removeprefix("Value error, ").replace("Input should", "should", 1)
