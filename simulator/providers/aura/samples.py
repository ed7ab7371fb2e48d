"""What AURA's attributes hold where nobody gave a value: made-up customers, and places in the Gulf of Guinea (E1)."""

from __future__ import annotations

from simulator.domain.sample import Sample
from simulator.providers.aura.catalogue import RESPONSE_TYPES, UNFAMILIAR

IDS = range(1_000_000, 1_000_000_000_000)
PLACES = [f"0.{digits:06}" for digits in range(1_013, 90_000, 1_013)]
RESPONDERS = ("Responder Example", "Responder Sample", "Responder Specimen")
SUPPLIERS = ("Example Response", "Sample Armed Response")
CLASSIFICATIONS = ("panic", "medical emergency", "false alarm", "vehicle breakdown")

STATUSES = {
    "NEW_CALLOUT": "new",
    "RESPONDER_MANUALLY_DISPATCHED": "dispatched",
    "RESPONDER_ACKNOWLEDGED_CALLOUT": "acknowledged",
    "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA": "acknowledged",
    "RESPONDER_ARRIVED_ON_SCENE": "arrived",
    "RESPONDER_COMPLETED": "completed",
    "CALLOUT_OWNED": "owned",
    "CALLOUT_EVENTS_CHANGED": "new",
    "CALLOUT_SOFT_CANCELLED_BY_CUSTOMER": "soft_cancelled",
    "CALLOUT_NO_LONGER_REQUIRES_RESPONSE": "cancelled",
    "CALLOUT_CLOSED": "closed",
    "SUBSCRIPTION_CREATED": "active",
    "SUBSCRIPTION_UPDATED": "active",
    "SUBSCRIPTION_CANCELLED": "cancelled",
    "SUBSCRIPTION_CANCELLED_FAILED": "active",
}
"""The status that an entity has after each event; the guide names none, so these are our reading (I)."""

_CREATED = [f"-{minutes}m" for minutes in range(61, 120)]
_DISPATCHED = [f"-{minutes}m" for minutes in range(31, 60)]
_ARRIVED = [f"-{minutes}m" for minutes in range(5, 30)]

SAMPLES = (
    Sample("id", IDS),
    Sample("customerId", IDS),
    *(Sample("status", (status,), event=event) for event, status in STATUSES.items()),
    *(Sample("status", ("new",), event=event) for event in UNFAMILIAR),
    Sample("latitude", PLACES),
    Sample("longitude", PLACES),
    Sample("createdAt", ("",), event="NEW_CALLOUT"),
    Sample("createdAt", _CREATED),
    Sample("dispatchedAt", ("",), event="RESPONDER_MANUALLY_DISPATCHED"),
    Sample("dispatchedAt", _DISPATCHED),
    Sample("arrivedAt", _ARRIVED, event="RESPONDER_COMPLETED"),
    Sample("arrivedAt", ("",)),
    Sample("completedAt", ("",)),
    Sample("responder", RESPONDERS),
    Sample("supplier", SUPPLIERS),
    Sample("responseType", RESPONSE_TYPES),
    Sample("classification", CLASSIFICATIONS),
    Sample("name", ("Sunny Example", "Misty Sample", "Dawn Specimen")),
    Sample("email", [f"customer.{number}@example.com" for number in range(1, 100)]),
    Sample("phone", [f"+1 202 555 {number:04}" for number in range(100, 200)]),
    Sample("plan", ("panic monthly", "panic yearly")),
)
