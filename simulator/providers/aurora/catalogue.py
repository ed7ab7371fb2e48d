"""Aurora's 26 events (E1), read from `events.json` beside this file.

Source: "Events" in Aurora Solar's webhook guide; each entry was checked against that page.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from simulator.domain.event import Catalogue, EventType

_LISTED = frozenset({"ATTRIBUTES"})


def _event_type(entry: dict[str, Any]) -> EventType:
    return EventType(
        name=entry["event"],
        attributes=tuple(entry["attributes"]),
        suggested_template=entry["suggested_template"],
        allowed={name: tuple(values) for name, values in entry["enums"].items()},
        filterable={name: values and tuple(values) for name, values in entry["filters"].items()},
        listed=_LISTED.intersection(entry["attributes"]),
        note=entry.get("note", ""),
    )


CATALOGUE: Catalogue = {
    entry["event"]: _event_type(entry)
    for entry in json.loads(files(__package__).joinpath("events.json").read_text(encoding="utf-8"))
}
