"""Rules between the keys of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from simulator.scenario.strict import Group, OneOf, Ruled, Shorthand


class Meal(Ruled):
    one_of: ClassVar[tuple[Group, ...]] = (("soup", "salad"),)
    at_most_one_of: ClassVar[tuple[Group, ...]] = (("tea", "coffee"),)
    some_of: ClassVar[tuple[Group, ...]] = (("fork", "spoon"),)
    needs: ClassVar[Mapping[str, Group]] = {"sugar": ("tea",)}

    soup: bool = False
    salad: bool = False
    tea: bool = False
    coffee: bool = False
    sugar: bool = False
    fork: bool = False
    spoon: bool = False


class Named(Shorthand):
    chief: ClassVar[str] = "name"

    name: str
    age: int = 0


class Guest(OneOf):
    beside: ClassVar[frozenset[str]] = frozenset({"seat"})

    seat: int = 0
    adult: Named | None = None
    child: Meal | None = None


KEPT: list[dict[str, Any]] = [
    {"soup": True, "spoon": True},
    {"salad": True, "fork": True, "spoon": True, "tea": True, "sugar": True},
    {"salad": False, "fork": False},
]
BROKEN = [
    ({"soup": True, "salad": True, "fork": True}, "says soup and salad; only one of soup, salad can be"),
    ({"soup": True, "fork": True, "tea": True, "coffee": True}, "says tea and coffee; only one of tea, coffee can be"),
    ({"fork": True}, "needs one of soup, salad"),
    ({"soup": True}, "needs one of fork, spoon"),
    ({"soup": True, "spoon": True, "sugar": True}, "sugar needs tea"),
    ({"sugar": True}, "needs one of soup, salad; needs one of fork, spoon; sugar needs tea"),
]


def accepts(model: type[BaseModel], data: Any) -> bool:
    """What the model's JSON Schema says of the data."""
    return bool(Draft202012Validator(model.model_json_schema()).is_valid(data))


@pytest.mark.parametrize("data", KEPT)
def test_rules_that_are_kept_are_kept_for_editors_too(data: dict[str, Any]) -> None:
    Meal.model_validate(data)
    assert accepts(Meal, data)


@pytest.mark.parametrize(("data", "sentence"), BROKEN)
def test_every_broken_rule_is_told_at_once_and_to_editors_too(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Meal.model_validate(data)
    assert str(refused.value.errors()[0]["ctx"]["error"]) == sentence
    assert not accepts(Meal, data)


@pytest.mark.parametrize("data", ["Ann", {"name": "Ann"}])
def test_a_shorthand_stands_for_its_chief_key(data: object) -> None:
    assert Named.model_validate(data) == Named(name="Ann")
    assert accepts(Named, data)


def test_exactly_one_key_says_what_it_is() -> None:
    guest = Guest.model_validate({"seat": 3, "adult": "Ann"})
    assert guest.chosen == "adult"
    assert guest.content == Named(name="Ann")
    assert accepts(Guest, {"seat": 3, "adult": "Ann"})


def test_an_empty_value_is_an_empty_mapping() -> None:
    with pytest.raises(ValidationError) as refused:
        Guest.model_validate({"child": None})
    assert refused.value.errors()[0]["loc"] == ("child",)


@pytest.mark.parametrize("data", [{"seat": 1}, {"adult": "Ann", "child": {"soup": True, "spoon": True}}])
def test_none_or_two_of_them_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Guest.model_validate(data)
    assert not accepts(Guest, data)
