"""Filters: does this event concern that subscription? The explanation is the return value.

Decided once, at the event's instant (E3): every filter must match, a list of values is an OR, comparison is exact
and case-sensitive, and the attribute need not stand in the URL template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filter:
    """Allowed values for one attribute; the attribute is named without brackets."""

    attribute: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The filter that kept an event from a subscription, and the value it did not list."""

    filter: Filter
    value: str | None

    def __str__(self) -> str:
        wanted = ", ".join(f'"{value}"' for value in self.filter.values)
        held = "none" if self.value is None else f'"{self.value}"'
        return f"filter {self.filter.attribute} wants {wanted}; the event has {held}"


def judge(filters: Sequence[Filter], attributes: Mapping[str, str]) -> Refusal | None:
    """The first filter that refuses these attributes, or None: the event passes (E3)."""
    for one in filters:
        value = attributes.get(one.attribute)
        if value not in one.values:
            return Refusal(one, value)
    return None
