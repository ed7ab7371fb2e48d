"""Values that several tests of the engine need, as small as they can be."""

from __future__ import annotations

from typing import Any

from stage import START

from simulator.domain.delivery import Rung
from simulator.domain.event import Event
from simulator.domain.filters import Filter
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.domain.subscription import Definition, Subscription
from simulator.engine.flight import Flight, Landing


def a_subscription(
    name: str = "crm", *, tenant: str = "demo", event: str = "lead_changed", **more: Any
) -> Subscription:
    """A subscription at its first revision; `more` goes into its definition."""
    definition = Definition((event,), f"http://127.0.0.1:9/{name}?id=<LEAD_ID>", **more)
    return Subscription(f"id-{name}", tenant, name, 1, definition, START, START)


def an_event(event_id: int = 1, *, name: str = "lead_changed", **attributes: str) -> Event:
    return Event(event_id, "demo", name, attributes or {"LEAD_ID": "7"}, START)


def a_flight(delivery_id: int = 1, subscription_id: str = "id-crm", rung: Rung | None = None) -> Flight:
    return Flight(delivery_id, subscription_id, an_event(), rung or Rung(START))


def a_landing(flight: Flight, outcome: Outcome, *, took_us: int = 0) -> Landing:
    request = Request("GET", "http://127.0.0.1:9/crm?id=7")
    return Landing(flight, 1, request, START, START + took_us, outcome)


def wanting(attribute: str, *values: str) -> tuple[Filter, ...]:
    return (Filter(attribute, values),)
