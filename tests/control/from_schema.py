"""Values that a JSON Schema describes, and values that come close and do not: strategies for what the document says.

Only what our own schemas use is known; anything else is an error, so that a new keyword is noticed.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

TELLING = ("lead_changed", "agreement_signed", "demo", "1", "STATUS")
"""Texts that mean something to the simulator, so that examples get further than the first check."""

_SILENT = frozenset(
    {"title", "description", "default", "examples", "format", "additionalProperties", "required", "$defs"}
)
_KNOWN = _SILENT | {
    *("type", "enum", "const", "anyOf", "oneOf", "$ref", "properties", "items", "minItems", "maxItems"),
    *("minLength", "maxLength", "pattern", "propertyNames", "maxProperties"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}

json_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
)
any_json = st.recursive(
    json_scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def valid(schema: Schema, document: Schema) -> st.SearchStrategy[Any]:
    """Values that the schema allows."""
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        return valid(_resolve(schema["$ref"], document), document)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            return st.one_of([valid(one, document) for one in schema[union]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _typed(schema, document)


def nearly(schema: Schema, document: Schema) -> st.SearchStrategy[Any]:
    """Values of the right form with one thing changed, which may or may not still be allowed; or anything at all."""
    return valid(schema, document).flatmap(_changed) | any_json


@st.composite
def _changed(draw: st.DrawFn, value: Any) -> Any:
    if isinstance(value, dict) and value and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(value)))
        return {**value, name: draw(_changed(value[name]))}
    if isinstance(value, dict) and draw(st.booleans()):
        return {**value, draw(st.text(max_size=8)): draw(any_json)}
    if isinstance(value, list) and value and draw(st.booleans()):
        return [draw(_changed(value[0])), *value[1:]]
    return draw(any_json)


def _typed(schema: Schema, document: Schema) -> st.SearchStrategy[Any]:
    match schema.get("type"):
        case "object":
            return _objects(schema, document)
        case "array":
            items = valid(schema["items"], document)
            return st.lists(items, min_size=schema.get("minItems", 0), max_size=min(schema.get("maxItems", 3), 3))
        case "string":
            return _texts(schema)
        case "integer":
            least = schema.get("minimum", -(2**60))
            return st.integers(least, min(schema.get("maximum", 2**60), least + 500))
        case "number":
            return st.floats(
                schema.get("minimum", schema.get("exclusiveMinimum")),
                schema.get("maximum", schema.get("exclusiveMaximum")),
                exclude_min="exclusiveMinimum" in schema,
                allow_nan=False,
                allow_infinity=False,
            )
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return any_json


def _texts(schema: Schema) -> st.SearchStrategy[str]:
    plain = st.text(
        st.characters(exclude_categories=["Cs"]),
        min_size=schema.get("minLength", 0),
        max_size=min(schema.get("maxLength", 20), 20),
    )
    return plain | st.sampled_from([*schema.get("examples", ()), *TELLING])


def _objects(schema: Schema, document: Schema) -> st.SearchStrategy[dict[str, Any]]:
    fields = {name: valid(one, document) for name, one in schema.get("properties", {}).items()}
    needed = {name: fields[name] for name in schema.get("required", ())}
    named = st.fixed_dictionaries(needed, optional={name: one for name, one in fields.items() if name not in needed})
    if isinstance(further := schema.get("additionalProperties", False), dict) or further is True:
        values = any_json if further is True else valid(further, document)
        return st.dictionaries(st.text(min_size=1, max_size=10), values, max_size=3)
    return named


def _resolve(reference: str, document: Schema) -> Schema:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)
