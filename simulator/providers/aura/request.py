"""AURA's request: one POST of JSON at the registered URL, with every registered header (A7)."""

from __future__ import annotations

import json

from simulator.domain.event import Event
from simulator.domain.provider import Readings
from simulator.domain.request import Request
from simulator.domain.subscription import Definition
from simulator.providers.aura.payload import payload

CONTENT_TYPE = "Content-Type"


def build_request(definition: Definition, event: Event, readings: Readings) -> Request:
    """What is posted is the event's, URL and headers are the definition's (E8); a registered type replaces ours."""
    registered = definition.credentials
    typed = any(name.lower() == CONTENT_TYPE.lower() for name, _ in registered)
    return Request(
        "POST",
        definition.url_template,
        headers=() if typed else ((CONTENT_TYPE, "application/json"),),
        secret_headers=registered,
        body=json.dumps(payload(event, readings), ensure_ascii=False, separators=(",", ":")).encode(),
    )
