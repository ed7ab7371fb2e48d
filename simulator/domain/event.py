"""Events: what kinds there are, and one that occurred.

In: a name and attribute values. Out: an `Event` whose attributes are frozen at its instant (E8), or every
problem with it (E1).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from simulator.domain.template import can_be_encoded
from simulator.errors import Problem, did_you_mean


@dataclass(frozen=True, slots=True)
class Form:
    """A form that values have: `words` say what it is, `fits` whether a value, never an empty one, has it."""

    words: str
    fits: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class EventType:
    """One row of a provider's catalogue.

    `allowed` closes the values of an attribute; an attribute without an entry takes any text.
    `filterable` names the attributes a filter may stand on, with the values it may list (None: any text).
    `listed` are the attributes whose value is a comma separated list drawn from `allowed`.
    `formed` are those whose values have a form of their own (a number, an instant): they take not just any text. An
    empty value is none, and always legal.
    `deprecated` names the event to use in its place, empty where this one is as good as any.
    """

    name: str
    attributes: tuple[str, ...]
    suggested_template: str
    allowed: Mapping[str, tuple[str, ...]]
    filterable: Mapping[str, tuple[str, ...] | None]
    listed: frozenset[str] = frozenset()
    note: str = ""
    formed: Mapping[str, Form] = field(default_factory=dict)
    deprecated: str = ""


Catalogue = Mapping[str, EventType]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a tenant, at a virtual instant."""

    id: int
    tenant_id: str
    name: str
    attributes: Mapping[str, str]
    occurred_at: int


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """An event that was accepted for a later instant; when it occurs it becomes an `Event` with an id of its own."""

    number: int
    tenant_id: str
    name: str
    attributes: Mapping[str, str]
    occurs_at: int


def check_event(
    catalogue: Catalogue, name: str, attributes: Mapping[str, str], *, lenient: bool = False
) -> list[Problem]:
    """Everything that keeps this from being a legal event (E1); `lenient` lets the unfamiliar through on purpose."""
    kind = catalogue.get(name)
    if kind is None:
        return [unknown_event(catalogue, name)]
    problems = [
        Problem(("attributes", attribute), f"{name} needs it; it has {', '.join(kind.attributes)}")
        for attribute in kind.attributes
        if attribute not in attributes
    ]
    for attribute, value in attributes.items():
        problems += _check_value(kind, attribute, value, lenient=lenient)
    return problems


def unknown_event(catalogue: Catalogue, name: str) -> Problem:
    """The words for an event name that is in no catalogue."""
    hint = did_you_mean(name, catalogue)
    text = f'there is no event "{name}"{hint}; the {len(catalogue)} events are {", ".join(catalogue)}'
    return Problem(("event",), text)


def _check_value(kind: EventType, attribute: str, value: str, *, lenient: bool) -> list[Problem]:
    where = ("attributes", attribute)
    if not (can_be_encoded(attribute) and can_be_encoded(value)):
        return [Problem(where, "holds a lone surrogate, which no URL can carry; give text that UTF-8 can encode")]
    if lenient:
        return []
    if attribute not in kind.attributes:
        hint = did_you_mean(attribute, kind.attributes)
        return [Problem(where, f"{kind.name} has no such attribute{hint}; it has {', '.join(kind.attributes)}")]
    form = kind.formed.get(attribute)
    if form and value and not form.fits(value):
        return [Problem(where, f'"{value}" is not {form.words}')]
    allowed = kind.allowed.get(attribute)
    if allowed is None:
        return []
    values = value.split(",") if attribute in kind.listed else [value]
    return [
        Problem(where, f'"{one}" is not among {", ".join(allowed)}{did_you_mean(one, allowed)}')
        for one in values
        if one not in allowed
    ]
