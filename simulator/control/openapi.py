"""`GET /simulator/openapi.json`: the table of operations, written down as an OpenAPI 3.1 document.

Bodies are the JSON Schemas of the very models that read them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from simulator import __version__
from simulator.control.operation import Operation

_REF = "#/components/schemas/{model}"

_ERRORS = {
    "type": "object",
    "required": ["errors"],
    "additionalProperties": False,
    "properties": {
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["message"],
                "additionalProperties": False,
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        }
    },
}
_WITH_BODY = {400: "the body is not JSON", 413: "the body is larger than 1 MB", 422: "the body says what cannot be"}
_CHANGING = {503: "the engine has stopped; nothing is accepted"}
_WITH_QUERY = {422: "the query says what cannot be"}


def openapi_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """The document for these operations."""
    models = {operation.body for operation in operations if operation.body}
    _, schemas = models_json_schema([(model, "validation") for model in models], ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _described(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Aurora webhook simulator: control", "version": __version__},
        "paths": paths,
        "components": {"schemas": {**schemas.get("$defs", {}), "Errors": _ERRORS}},
    }


def _described(operation: Operation) -> dict[str, Any]:
    described = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [*_path_parameters(operation.path), *_query_parameters(operation.query)],
        "responses": {str(status): _answer(operation, status, words) for status, words in _answers(operation).items()},
    }
    if operation.body:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _body(operation)}}}
    return described


def _answers(operation: Operation) -> dict[int, str]:
    """The answers that are its own, and those that every operation of its form has."""
    own = dict(operation.answers)
    implied = _WITH_BODY if operation.body else _WITH_QUERY
    changing = {} if operation.method == "GET" else _CHANGING
    return dict(sorted({**implied, **changing, **own}.items()))


def _answer(operation: Operation, status: int, words: str) -> dict[str, Any]:
    if status >= HTTPStatus.BAD_REQUEST and operation.name != "show_health":
        return {"description": words, "content": {"application/json": {"schema": _ref("Errors")}}}
    return {"description": words, "content": {operation.media: {"schema": {}}}}


def _body(operation: Operation) -> dict[str, Any]:
    assert operation.body
    one = _ref(operation.body.__name__)
    return {"oneOf": [one, {"type": "array", "minItems": 1, "items": one}]} if operation.many else one


def _path_parameters(path: str) -> Iterator[dict[str, Any]]:
    for name in re.findall(r"{(\w+)}", path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(query: type[BaseModel] | None) -> Iterator[dict[str, Any]]:
    schema = query.model_json_schema() if query else {}
    for name, field in schema.get("properties", {}).items():
        words = {"description": field["description"]} if "description" in field else {}
        yield {"name": name, "in": "query", **words, "schema": _inlined(field, schema.get("$defs", {}))}


def _inlined(field: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """A parameter's schema stands alone: what it refers to is put in its place."""
    if "$ref" in field:
        return dict(known[field["$ref"].rpartition("/")[2]])
    if "anyOf" in field:
        return {**field, "anyOf": [_inlined(one, known) for one in field["anyOf"]]}
    return field


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": _REF.format(model=name)}
