"""A scenario as a guest in a simulation that belongs to others: everything it brings bears its own label.

In: a resolved scenario and a label. Out: the same scenario in which tenants, subscriptions, faults and the ids of its
objects begin with that label, so that it touches nothing of anybody else's and can be performed again under another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from simulator.domain.chance import pick
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Clear, Inject, Register, Registration, Step, Stop

_SUB = re.compile(r'(?<!\S)sub:"?')  # a term of the page's filter box, up to the name
_ID = re.compile(r".*_ID|id|.*Id")  # the names of attributes that tell one object from another
_NUMBERS = range(10**9, 10**12)


def as_guest(scenario: Scenario, label: str) -> Scenario:
    """The scenario with `label` before every name of its own; what it expects is left out, for nobody judges it."""
    return replace(
        scenario,
        subscriptions=tuple(_registration(one, label) for one in scenario.subscriptions),
        timeline=tuple(_step(step, label) for step in scenario.timeline),
        traffic=tuple(replace(one, tenant=_own(one.tenant, label)) for one in scenario.traffic),
        expectations=(),
    )


def _step(step: Step, label: str) -> Step:
    match step:
        case Register():
            return replace(step, registration=_registration(step.registration, label))
        case Inject():
            step = replace(step, fault=replace(step.fault, id=_own(step.fault.id, label)))
        case Clear():
            step = replace(step, fault_id=_own(step.fault_id, label))
        case Stop():
            return replace(step, filter=_SUB.sub(lambda term: f"{term[0]}{label}-", step.filter))
    return replace(step, **{one.name: _renamed(one.name, getattr(step, one.name), label) for one in fields(step)})


def _renamed(field: str, value: Any, label: str) -> Any:
    if field in {"tenant", "subscription"}:
        return _own(value, label)
    return _ids(value, label) if field == "attributes" else value


def _registration(one: Registration, label: str) -> Registration:
    return replace(one, name=_own(one.name, label), tenant=_own(one.tenant, label))


def _ids(attributes: Mapping[str, str], label: str) -> dict[str, str]:
    """A receiver that remembers the objects of the last time must not take these for them."""
    return {name: _own_id(value, label) if _ID.fullmatch(name) else value for name, value in attributes.items()}


def _own_id(value: str, label: str) -> str:
    """A number stays a number, as some providers want it: one that hardly belongs to anything else."""
    return str(_NUMBERS[pick(0, len(_NUMBERS), label, value)]) if value.isdecimal() else f"{label}-{value}"


def _own(name: Any, label: str) -> Any:
    """The name with the label before it; no name stays none."""
    return None if name is None else f"{label}-{name}"
