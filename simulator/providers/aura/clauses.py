"""By which clause of AURA's guide each decision is made, and what that clause says; where it is silent, none (A1–A13).

Nothing is retried or resent here, and nobody is disabled; that order may change and that a sender may die is said
nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from simulator.domain import reasons

GROUNDS: Mapping[str, str] = {
    reasons.IN_TIME: "A9",
    reasons.ONLY: "A9",
    reasons.REPLACED: "A2",
    reasons.NO_RETRY: "A10",
    reasons.AGAIN: "A10",
    reasons.NOT_AGAIN: "A10",
}

CLAUSES: Mapping[str, str] = {
    "A2": "One registration is active for each source; registering again replaces it whole.",
    "A9": "Each event is attempted once: a 2xx in time delivers it, and what fails is recorded and never retried.",
    "A10": "The same event may arrive more than once; receivers tell by its name and the entity's id.",
}
