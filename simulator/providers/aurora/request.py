"""Aurora's request: one GET at the expanded template, with the credentials of the latest definition (E4–E9)."""

from __future__ import annotations

from simulator.domain import template
from simulator.domain.event import Event
from simulator.domain.provider import Readings
from simulator.domain.request import Request
from simulator.domain.subscription import Definition


def build_request(definition: Definition, event: Event, readings: Readings) -> Request:
    """Attribute values are the event's, template and credentials are the definition's (E8)."""
    url = template.expand(
        template.parse(definition.url_template),
        event.attributes,
        readings.encoding,
        unknown=readings.unknown_placeholder,
    )
    return Request("GET", url, secret_headers=definition.credentials)
