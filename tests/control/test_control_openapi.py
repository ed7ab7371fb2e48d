"""`GET /simulator/openapi.json`: the document and the handlers are the same, and no body it can describe breaks them.

Schemathesis would bring 27 packages; what it finds here is found by strategies drawn from the document itself.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from from_schema import nearly, valid
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from served import Said, Served, served, status

from simulator.control import routes
from simulator.control.openapi import openapi_document
from simulator.control.operation import Operation
from simulator.control.routes import control_routes

OPERATIONS = routes.described(routes.OPERATIONS)
DOCUMENT = openapi_document(OPERATIONS)
WITH_BODY = [one for one in OPERATIONS if one.body]
WITH_QUERY = [one for one in OPERATIONS if one.query and one.path != "/simulator/stream"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)

fuzzed = settings(max_examples=100, suppress_health_check=list(HealthCheck))


def described(path: str, method: str) -> Any:
    return DOCUMENT["paths"][path][method.lower()]


def validator(schema: Any) -> Draft202012Validator:
    """Of a schema that refers to the document's components."""
    registry: Registry[Any] = Registry().with_resource("", Resource.opaque(DOCUMENT))
    whole = {**schema, "components": DOCUMENT["components"]}
    return Draft202012Validator(whole, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


async def test_it_is_served_as_it_is_made(face: Served) -> None:
    assert (await face.get("/simulator/openapi.json")).json == json.loads(json.dumps(DOCUMENT))


async def test_it_lists_exactly_the_routes_there_are(face: Served) -> None:
    routes = {(route.method, route.path) for route in control_routes(face.desk)}
    written = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    assert written == routes


async def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    names = [one.name for one in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(one.summary for one in OPERATIONS)


async def test_every_schema_in_it_is_a_schema_and_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    text = json.dumps(DOCUMENT)
    for reference in {part.partition('"')[0] for part in text.split('"$ref": "')[1:]}:
        assert reference.removeprefix("#/components/schemas/") in schemas


async def test_bodies_allow_nothing_that_is_not_named() -> None:
    for one in WITH_BODY:
        assert one.body
        assert DOCUMENT["components"]["schemas"][one.body.__name__]["additionalProperties"] is False


async def hold_against_the_document(face: Served, operation: Operation, body: Any) -> None:
    said = await face.ask(operation.method, operation.path.replace("{id}", "1"), data=json.dumps(body).encode())
    written = described(operation.path, operation.method)
    assert str(said.status) in written["responses"], (said.status, said.json, body)
    if said.status >= 400:
        validator({"$ref": "#/components/schemas/Errors"}).validate(said.json)
    else:
        schema = written["requestBody"]["content"]["application/json"]["schema"]
        errors = [error.message for error in validator(schema).iter_errors(body)]
        assert not errors, f"accepted although {errors}: {body}"


@contextmanager
def one_face() -> Iterator[tuple[Served, Callable[[Coroutine[Any, Any, Said]], Said]]]:
    """A face for many examples, which are no coroutines; a way to run its coroutines."""
    with asyncio.Runner() as runner:
        opening = served(status(503))
        yield runner.run(begin(opening)), runner.run
        runner.run(opening.__aexit__(None, None, None))


async def begin(opening: AbstractAsyncContextManager[Served]) -> Served:
    """With a subscription called "1" that fails, and an event."""
    face = await opening.__aenter__()
    face.subscribe(name="1")
    await face.emit()
    return face


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.name)
def test_no_body_breaks_an_operation(operation: Operation) -> None:
    """Whatever is sent: a documented answer, never 500, and nothing accepted that the document forbids."""
    schema = described(operation.path, operation.method)["requestBody"]["content"]["application/json"]["schema"]
    with one_face() as (face, run):

        @fuzzed
        @given(body=valid(schema, DOCUMENT) | nearly(schema, DOCUMENT))
        def check(body: Any) -> None:
            run(hold_against_the_document(face, operation, body))

        check()
        assert run(face.get("/simulator/health")).status == 200


@pytest.mark.parametrize("operation", WITH_QUERY, ids=lambda one: one.name)
def test_no_query_breaks_an_operation(operation: Operation) -> None:
    names = [one["name"] for one in described(operation.path, operation.method)["parameters"]]
    with one_face() as (face, run):

        @fuzzed
        @given(query=st.dictionaries(st.sampled_from(names), TEXTS | st.just("1"), max_size=4))
        def check(query: dict[str, str]) -> None:
            said = run(face.ask(operation.method, operation.path, params=query))
            assert str(said.status) in described(operation.path, operation.method)["responses"], query

        check()


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if "{id}" in one.path], ids=lambda one: one.name)
def test_no_path_breaks_an_operation(operation: Operation) -> None:
    with one_face() as (face, run):

        @fuzzed
        @given(name=TEXTS.filter(lambda text: text not in ("", ".", "..")))
        def check(name: str) -> None:
            path = operation.path.replace("{id}", quote(name, safe=""))
            said = run(face.ask(operation.method, path, {"definition": {}} if operation.body else None, encoded=True))
            assert said.status in (400, 404), name

        check()
