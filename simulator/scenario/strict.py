"""The shapes that entries of a scenario file take: strict mappings, choices between keys, and shorthands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

Group = tuple[str, ...]


class Strict(BaseModel):
    """Unknown keys and values of another type are refused."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        defer_build=True,  # most files use few of the shapes there are
        frozen=True,
        allow_inf_nan=False,
        model_title_generator=lambda model: model.__name__.removesuffix("Entry"),
    )


class Ruled(Strict):
    """A mapping with rules between its keys, all checked at once and told to editors too.

    Of each group in `one_of` exactly one key is written, of each in `at_most_one_of` one or none, of each in `some_of`
    at least one; a key in `needs` stands only beside those it needs.
    """

    one_of: ClassVar[tuple[Group, ...]] = ()
    at_most_one_of: ClassVar[tuple[Group, ...]] = ()
    some_of: ClassVar[tuple[Group, ...]] = ()
    needs: ClassVar[Mapping[str, Group]] = {}

    def keys_given(self) -> set[str]:
        """The keys that were written."""
        return {type(self).model_fields[name].alias or name for name in self.model_fields_set}

    @model_validator(mode="after")
    def _keep_rules(self) -> Self:
        given = self.keys_given()
        flaws = [_too_many(group, given) for group in (*self.one_of, *self.at_most_one_of)]
        flaws += [_too_few(group, given) for group in (*self.one_of, *self.some_of)]
        flaws += [
            f"{key} needs {other}"
            for key in self.needs
            if key in given
            for other in self.needs[key]
            if other not in given
        ]
        if any(flaws):
            raise ValueError("; ".join(filter(None, flaws)))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        rules = [{"oneOf": _each(group)} for group in cls.one_of]
        rules += [{"oneOf": [*_each(group), {"not": {"anyOf": _each(group)}}]} for group in cls.at_most_one_of]
        rules += [{"anyOf": _each(group)} for group in cls.some_of]
        if rules:
            schema["allOf"] = rules
        if cls.needs:
            schema["dependentRequired"] = {key: [*others] for key, others in cls.needs.items()}
        return schema


def _too_many(group: Group, given: set[str]) -> str:
    rivals = [key for key in group if key in given]
    return f"says {' and '.join(rivals)}; only one of {', '.join(group)} can be" if len(rivals) > 1 else ""


def _too_few(group: Group, given: set[str]) -> str:
    return "" if given.intersection(group) else f"needs one of {', '.join(group)}"


def _each(group: Group) -> list[JsonSchemaValue]:
    return [{"required": [key]} for key in group]


class OneOf(Ruled):
    """A mapping in which one key, of those not in `beside`, says what it is. An empty value there means `{}`."""

    beside: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        keys = (field.alias or name for name, field in cls.model_fields.items())
        cls.one_of = (tuple(key for key in keys if key not in cls.beside),)

    @property
    def chosen(self) -> str:
        """The key that says what this is."""
        return next(key for key in self.one_of[0] if key in self.keys_given())

    @property
    def content(self) -> Any:
        """What that key holds."""
        return next(value for name, value in self if name not in self.beside and value is not None)

    @model_validator(mode="before")
    @classmethod
    def _fill_the_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {key: {} if value is None and key in cls.one_of[0] else value for key, value in data.items()}


class Shorthand(Strict):
    """A mapping that may be written as the bare value of its chief key."""

    chief: ClassVar[str]

    @model_validator(mode="before")
    @classmethod
    def _spell_out(cls, data: Any) -> Any:
        return {cls.chief: data} if isinstance(data, str | int | float) else data

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        whole = dict(schema)
        schema.clear()
        schema["anyOf"] = [whole["properties"][cls.chief], whole]
        return schema
