"""What AURA posts: a JSON object with `message` and the one entity that it is about (A7, A8).

In: an event with its frozen attributes. Out: the payload as plain data. An attribute that is empty becomes null, an id
or a coordinate a number where its text is one as JSON writes them; text that is none is passed on as it is, so that an
id stays the one under which its object is found. A time may be written as an instant, or as how long before the event
it was: `-12m`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.domain.event import Event
from simulator.domain.instant import format_instant, parse_duration
from simulator.domain.provider import Readings
from simulator.providers.aura.catalogue import ENTITIES, INCIDENT, INCIDENT_TIMES, kind_of
from simulator.providers.aura.readings import own

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,99}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,99})(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")
_IDS = frozenset({"id", "customerId"})
_COORDINATES = frozenset({"latitude", "longitude"})
TIMES = {"createdAt", *INCIDENT_TIMES}
HAPPENS_NOW = {
    "NEW_CALLOUT": "createdAt",
    "RESPONDER_MANUALLY_DISPATCHED": "dispatchedAt",
    "RESPONDER_ARRIVED_ON_SCENE": "arrivedAt",
    "RESPONDER_COMPLETED": "completedAt",
}
"""The time that an event itself sets, where nothing else was given for it."""


def payload(event: Event, readings: Readings) -> dict[str, Any]:
    """The object that is posted for this event."""
    kind = kind_of(event.name)
    entity = {**_values(event, ENTITIES[kind.entity]), **_unfamiliar(event)}
    body: dict[str, Any] = {"message": event.name, kind.entity: entity}
    if kind.incident:
        incident = _values(event, INCIDENT + INCIDENT_TIMES)
        match own(readings).incident_shape:
            case "array_in_callout":
                entity["incidentInformation"] = [incident]
            case "object_in_callout":
                entity["incidentInformation"] = incident
            case "array_beside_callout":
                body["incidentInformation"] = [incident]
    return body


def dated(name: str, attributes: Mapping[str, str], at: int) -> dict[str, str]:
    """The attributes of such an event at this instant, its times written out: told later, they are the same."""
    event = Event(0, "", name, attributes, at)
    times = {one: _time(event, one, attributes[one]) or "" for one in TIMES & attributes.keys()}
    return {**attributes, **times}


def value_of(event: Event, name: str) -> Any:
    """An attribute as the payload holds it."""
    text = event.attributes.get(name, "")
    if name in TIMES:
        return _time(event, name, text)
    if not text:
        return None
    if name in _IDS and _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if name in _COORDINATES and _DECIMAL.fullmatch(text) else text


def _values(event: Event, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value_of(event, name) for name in names}


def _unfamiliar(event: Event) -> Mapping[str, str]:
    """Attributes that the catalogue does not know, let through on purpose: a receiver must bear them (E1)."""
    known = kind_of(event.name).attributes
    return {name: value for name, value in event.attributes.items() if name not in known}


def _time(event: Event, name: str, text: str) -> str | None:
    if not text:
        return format_instant(event.occurred_at) if HAPPENS_NOW.get(event.name) == name else None
    if text.startswith("-"):
        try:
            return format_instant(max(0, event.occurred_at - parse_duration(text[1:])))
        except ValueError:
            return text
    return text
