"""Why a delivery or a subscription stands as it stands, in the words that are recorded.

A provider adds the clause of its own guide that they rest on: `Profile.because`.
"""

from __future__ import annotations

IN_TIME = "a complete 2xx in time"
RETRIED = "failed: retry"
LAST = "the last attempt of the ladder failed"
ONLY = "the only attempt failed"
NO_RETRY = "a duplicate is not retried"
AGAIN = "outcome unknown: sent again"
NOT_AGAIN = "a duplicate of unknown outcome is not sent again"
AUTO_DISABLED = "auto-disabled"
BY_CUSTOMER = "disabled by the customer"
DELETED = "the subscription was deleted"
MOVED = "the subscription was moved to another event"
REPLACED = "the subscription was replaced by another"
ASLEEP = "the subscription was disabled when the event occurred"
FILTERED = "a filter refused the event"
HELD_BACK = "held back so that later events overtake it"
RESENT = "resent"
