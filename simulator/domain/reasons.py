"""Why a delivery or a subscription stands as it stands, in the words that are recorded."""

from __future__ import annotations

BY_CUSTOMER = "disabled by the customer (R6)"
DELETED = "the subscription was deleted (R6)"
MOVED = "the subscription was moved to another event (R5)"
REPLACED = "the subscription was replaced by another (A2)"
ASLEEP = "the subscription was disabled when the event occurred (R8)"
HELD_BACK = "held back so that later events overtake it (R11)"
RESENT = "resent (R10)"
