"""AURA's events (A5), read from `events.json` beside this file: a further event is a further line there.

Attributes are named as the payload names them. An event speaks of one entity; a responder's event also carries what
is known of the dispatch (A8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from simulator.domain.event import Catalogue, EventType, Form
from simulator.providers.aura.forms import is_time, within

ENTITIES: Mapping[str, tuple[str, ...]] = {
    "callout": ("id", "customerId", "status", "latitude", "longitude", "createdAt"),
    "customer": ("id", "name", "email", "phone"),
    "subscription": ("id", "customerId", "plan", "status"),
}
INCIDENT = ("responder", "supplier", "responseType", "classification")
INCIDENT_TIMES = ("dispatchedAt", "arrivedAt", "completedAt")
NUMBER = Form("a whole number from 0 to 2^53", lambda text: text.isdecimal() and text.isascii() and int(text) <= 2**53)
TIME = Form('an instant such as 2026-03-06T17:00:00Z, or how long before the event, such as "-12m"', is_time)
FORMED: Mapping[str, Form] = {
    "id": NUMBER,
    "customerId": NUMBER,
    "status": Form("a status", bool),
    "latitude": Form("a number of degrees from -90 to 90", within(90)),
    "longitude": Form("a number of degrees from -180 to 180", within(180)),
    **dict.fromkeys(("createdAt", *INCIDENT_TIMES), TIME),
}
RESPONSE_TYPES = ("armed", "medical", "roadside")

_SUGGESTED_URL = "https://www.yourapp.com/aura"


@dataclass(frozen=True, slots=True)
class Kind:
    """What an event is about. `deprecated` names the event to use in its place, empty where it is not (A6)."""

    event: str
    entity: str
    incident: bool = False
    deprecated: str = ""

    @property
    def attributes(self) -> tuple[str, ...]:
        return ENTITIES[self.entity] + (INCIDENT + INCIDENT_TIMES if self.incident else ())

    def event_type(self) -> EventType:
        """The row of the catalogue: no attribute has a closed list, and there are no filters."""
        note = f"deprecated: existing registrations still work; use {self.deprecated}" if self.deprecated else ""
        return EventType(
            self.event,
            self.attributes,
            _SUGGESTED_URL,
            allowed={},
            filterable={},
            note=note,
            formed={name: form for name, form in FORMED.items() if name in self.attributes},
            deprecated=self.deprecated,
        )


KINDS: Mapping[str, Kind] = {
    entry["event"]: Kind(**entry)
    for entry in json.loads(files(__package__).joinpath("events.json").read_text(encoding="utf-8"))
}

CATALOGUE: Catalogue = {name: kind.event_type() for name, kind in KINDS.items()}

_FURTHER = Kind("CALLOUT_OF_A_KIND_NOT_KNOWN_YET", "callout")
UNFAMILIAR: Catalogue = {_FURTHER.event: _FURTHER.event_type()}
"""The list in public is not complete (A5): an event that nobody can register for, to see who bears it."""


def kind_of(event: str) -> Kind:
    """What this event is about."""
    return _FURTHER if event == _FURTHER.event else KINDS[event]
