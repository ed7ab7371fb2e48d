"""By which clause of Aurora's guide each decision is made, and what that clause says (E3, R1–R14)."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.domain import reasons

GROUNDS: Mapping[str, str] = {
    reasons.IN_TIME: "R1",
    reasons.RETRIED: "R3",
    reasons.LAST: "R3",
    reasons.ONLY: "R3",
    reasons.NO_RETRY: "R11",
    reasons.AGAIN: "R14",
    reasons.NOT_AGAIN: "R11",
    reasons.AUTO_DISABLED: "R7",
    reasons.BY_CUSTOMER: "R6",
    reasons.DELETED: "R6",
    reasons.MOVED: "R5",
    reasons.ASLEEP: "R8",
    reasons.FILTERED: "E3",
    reasons.HELD_BACK: "R11",
    reasons.RESENT: "R10",
}

CLAUSES: Mapping[str, str] = {
    "E3": "Filters are decided once, when the event occurs: every one must match, exactly.",
    "R1": "Delivered means a complete 2xx answer within the time limit.",
    "R3": "A failed attempt is followed by the next place of the ladder; after the last one the delivery is exhausted.",
    "R5": "Each retry uses the latest definition; moved to another event, a subscription drops what is pending.",
    "R6": "Disabling or deleting a subscription cancels its pending retries for good.",
    "R7": "Too many failing attempts without a success among them disable the subscription.",
    "R8": "Events that occur while a subscription is disabled are not delivered later.",
    "R10": "A resend is a person's: a fresh chain, with the definition as it is now.",
    "R11": "Order is not guaranteed, and duplicates happen: both are made on purpose here, and marked.",
    "R14": "What was on the wire when the sender died is sent again: at least once.",
}
