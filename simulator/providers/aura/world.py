"""AURA's simulated world: customers, callouts and subscriptions as the events left them, and how they are read (A11).

In: the objects of one customer source and an event. Out: the objects it changes; the body of a GET. The Responder
Simulator's changes arrive here like events, though nobody is told of them (A12).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from simulator.domain.event import Catalogue, Event, EventType
from simulator.domain.instant import format_instant
from simulator.domain.world import Key, Object, Objects
from simulator.providers.aura.catalogue import ENTITIES, INCIDENT, INCIDENT_TIMES, kind_of
from simulator.providers.aura.payload import value_of

BASE = "/panic-api/v2"
PLURALS = {"callouts": "callout", "customers": "customer", "subscriptions": "subscription"}
PATHS = tuple(f"{BASE}/{plural}/{{id}}" for plural in PLURALS)

SIMULATED = "RESPONDER_SIMULATOR"
STAGES = {"dispatched": "dispatchedAt", "arrived": "arrivedAt", "completed": "completedAt"}
"""What the Responder Simulator advances a callout to, and the time that this sets."""

SILENT: Catalogue = {
    SIMULATED: EventType(
        SIMULATED,
        ("id", "status"),
        suggested_template="",
        allowed={"status": tuple(STAGES)},
        filterable={},
        note="direct data changes of the staging Responder Simulator: no webhook is sent",
    )
}


def fold(objects: Objects, event: Event, _seed: int) -> Mapping[Key, Object | None]:
    """What the event changes; what it says nothing about stays as it was."""
    if event.name == SIMULATED:
        return _advance(objects, event)
    kind = kind_of(event.name)
    key = (kind.entity, event.attributes["id"])
    changed: dict[str, Any] = {**(objects.get(key) or _born(kind.entity)), **_told(event, ENTITIES[kind.entity])}
    if kind.incident:
        before = changed["incidentInformation"][:1] or [{}]
        changed["incidentInformation"] = [{**before[0], **_told(event, INCIDENT + INCIDENT_TIMES)}]
    return {key: changed}


def read(objects: Objects, path: str, _query: Mapping[str, str]) -> Object | None:
    """The body of a GET at this path; None where there is nothing."""
    plural, _, name = path.removeprefix(f"{BASE}/").partition("/")
    return objects.get((PLURALS.get(plural, ""), unquote(name)))


def _advance(objects: Objects, event: Event) -> Mapping[Key, Object | None]:
    key = ("callout", event.attributes["id"])
    before = objects.get(key)
    if before is None:
        return {}
    status = event.attributes["status"]
    incident = (before["incidentInformation"][:1] or [{}])[0]
    stamped = {**incident, STAGES[status]: format_instant(event.occurred_at)}
    return {key: {**before, "status": status, "incidentInformation": [stamped]}}


def _born(entity: str) -> dict[str, Any]:
    whole: dict[str, Any] = dict.fromkeys(ENTITIES[entity])
    return {**whole, "incidentInformation": []} if entity == "callout" else whole


def _told(event: Event, names: tuple[str, ...]) -> dict[str, Any]:
    """What the event itself says: an attribute that it leaves empty takes nothing away."""
    values = {name: value_of(event, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
