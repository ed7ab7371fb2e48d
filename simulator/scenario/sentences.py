"""The findings of the models in our own words: what is wrong, what is allowed, and what was probably meant.

In: one error as pydantic tells it, and the data. Out: a `Finding` at a path that stands in the file. What was
written is repeated only where no secret can stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import isclass
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from simulator.errors import did_you_mean
from simulator.scenario.invalid import Finding, Path

_MISSING = "is missing"
_NAMES: dict[type, str] = {str: "text", bool: "true or false", int: "a number", float: "a number"}

_SENTENCES: dict[str, Callable[[ErrorDetails], str]] = {
    "missing": lambda _: _MISSING,
    "string_type": lambda error: f"must be text{_found(error, quote=True)}",
    "int_type": lambda error: f"must be a whole number{_found(error)}",
    "int_from_float": lambda error: f"must be a whole number{_found(error)}",
    "float_type": lambda error: f"must be a number{_found(error)}",
    "bool_type": lambda error: f"must be true or false{_found(error)}",
    "list_type": lambda error: f"must be a list{_found(error)}",
    "dict_type": lambda error: f"must be a mapping of keys to values{_found(error)}",
    "model_type": lambda error: f"must be a mapping of keys to values{_found(error)}",
    "string_too_short": lambda _: "must not be empty",
    "string_too_long": lambda error: f"is longer than {_limit(error, 'max_length')} characters",
    "too_short": lambda _: "must not be empty",
    "literal_error": lambda error: f"must be {_limit(error, 'expected').lower()}; otherwise leave the key out",
    "greater_than": lambda error: f"must be above {_limit(error, 'gt')}",
    "greater_than_equal": lambda error: f"must be at least {_limit(error, 'ge')}",
    "less_than_equal": lambda error: f"must be at most {_limit(error, 'le')}",
    "value_error": lambda error: _limit(error, "error"),
}


def findings(model: type[BaseModel], errors: Iterable[ErrorDetails], data: Any) -> list[Finding]:
    """The errors of validating `data` against `model`, in our words and at paths of the data."""
    return [_finding(model, error, data) for error in errors]


def without_misspelt(found: Sequence[Finding]) -> list[Finding]:
    """The findings without those of a key that is missing because it is misspelt: one says it all."""
    misspelt = [one.path for one in found if one.at_key]
    return [one for one in found if not (one.text == _MISSING and any(_meant(one.path, path) for path in misspelt))]


def _finding(model: type[BaseModel], error: ErrorDetails, data: Any) -> Finding:
    path = standing(error["loc"], data)
    if error["type"] == "extra_forbidden":
        allowed = [key for key, _ in _fields(_model_at(model, path[:-1]))]
        hint = did_you_mean(str(path[-1]), allowed)
        return Finding(path, f"there is no such key{hint}; the keys are {', '.join(allowed)}", at_key=True)
    said = _SENTENCES.get(error["type"])
    return Finding(path, said(error) if said else error["msg"], at_key=error["loc"][-1:] == ("[key]",))


def _meant(missing: Path, misspelt: Path) -> bool:
    return missing[:-1] == misspelt[:-1] and bool(did_you_mean(str(misspelt[-1]), [str(missing[-1])]))


def standing(loc: tuple[int | str, ...], data: Any) -> Path:
    """As much of an error's place as stands in the file; a key that is missing from its mapping is kept."""
    path: Path = ()
    for part in loc:
        if isinstance(data, dict):
            path = (*path, part)
            if part not in data:
                return path
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            path = (*path, part)
        else:
            return (*path, part) if data is None else path
        data = data[part]
    return path


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    for part in path:
        if isinstance(part, str):
            model = _nested(dict(_fields(model))[part])
    return model


def _fields(model: type[BaseModel]) -> list[tuple[str, Any]]:
    """The keys of a model's mapping, as written, with their annotations."""
    return [(field.alias or name, field.annotation) for name, field in model.model_fields.items()]


def _nested(annotation: Any) -> Any:
    """The model within `X | None`, `list[X]` and the like."""
    if isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_nested, get_args(annotation))), None)


def _limit(error: ErrorDetails, name: str) -> str:
    limit = error["ctx"][name]
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _found(error: ErrorDetails, *, quote: bool = False) -> str:
    """What kind of value stands there instead; never the value, which may be a secret."""
    value = error["input"]
    if value is None:
        return "; nothing stands here"
    found = _NAMES.get(type(value), "a list" if isinstance(value, list) else "a mapping")
    return f", and this is {found}" + ("; put it in quotes" if quote and isinstance(value, int | float) else "")
