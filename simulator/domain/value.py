"""What is made anew for every attempt: values, at the price of plain objects.

A frozen dataclass sets each of its fields by a call of its own, which takes three times as long to make. A value class
is frozen to the type checker, which lets nobody assign to a field, and plain when it runs. What is handed to functions
that are not ours, events and requests, is frozen there as well. In: a class with typed fields. Out: the same as a
dataclass with slots, equality and a hash.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value_class(cls: type[_T]) -> type[_T]:
    """A dataclass that nobody changes."""
    return dataclass(slots=True, unsafe_hash=True)(cls)
