"""AURA's events (A5), read from `events.json` beside this file: a further event is a further line there.

Attributes are named as the payload names them. An event speaks of one entity; a responder's event also carries what
is known of the dispatch (A8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from simulator.domain.event import Catalogue, EventType

ENTITIES: Mapping[str, tuple[str, ...]] = {
    "callout": ("id", "customerId", "status", "latitude", "longitude", "createdAt"),
    "customer": ("id", "name", "email", "phone"),
    "subscription": ("id", "customerId", "plan", "status"),
}
INCIDENT = ("responder", "supplier", "responseType", "classification")
INCIDENT_TIMES = ("dispatchedAt", "arrivedAt", "completedAt")
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
        return EventType(self.event, self.attributes, _SUGGESTED_URL, allowed={}, filterable={}, note=note)


KINDS: Mapping[str, Kind] = {
    entry["event"]: Kind(**entry)
    for entry in json.loads(files(__package__).joinpath("events.json").read_text(encoding="utf-8"))
}

CATALOGUE: Catalogue = {name: kind.event_type() for name, kind in KINDS.items()}
