"""Answers 400 to an event that it does not know.

An enumeration of messages, closed: the day AURA sends one more, it is lost for good.
"""

from __future__ import annotations

from typing import Final

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.statement import IllegalEventError, Statement

FAMILIAR: Final = (
    "NEW_CALLOUT",
    "RESPONDER_MANUALLY_DISPATCHED",
    "RESPONDER_ACKNOWLEDGED_CALLOUT",
    "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA",
    "RESPONDER_ARRIVED_ON_SCENE",
    "RESPONDER_COMPLETED",
    "CALLOUT_OWNED",
    "CALLOUT_EVENTS_CHANGED",
    "CALLOUT_SOFT_CANCELLED_BY_CUSTOMER",
    "CALLOUT_NO_LONGER_REQUIRES_RESPONSE",
    "CALLOUT_CLOSED",
    "SUBSCRIPTION_CREATED",
    "SUBSCRIPTION_UPDATED",
    "SUBSCRIPTION_CANCELLED",
    "SUBSCRIPTION_CANCELLED_FAILED",
    "CREATED_CUSTOMER",
)


class AuraRefusesUnfamiliarEvents(AuraReceiver):
    def read(self, body: bytes) -> Statement | None:
        statement = super().read(body)
        if statement and statement.event.name not in FAMILIAR:
            raise IllegalEventError(f"there is no event {statement.event.name!r}")
        return statement
