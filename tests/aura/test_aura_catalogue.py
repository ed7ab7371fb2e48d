"""The events that there are, and that each can be posted (A5, A6)."""

from __future__ import annotations

import pytest

from simulator.domain.event import check_event
from simulator.domain.sample import complete
from simulator.providers.aura.catalogue import CATALOGUE, KINDS
from simulator.providers.aura.samples import SAMPLES

DOCUMENTED = {
    "NEW_CALLOUT",
    "RESPONDER_MANUALLY_DISPATCHED",
    "RESPONDER_ACKNOWLEDGED_CALLOUT",
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
}


def test_the_catalogue_holds_the_documented_events_and_the_deprecated_one_a5_a6():
    assert set(CATALOGUE) == DOCUMENTED | {"RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"}
    assert [name for name, kind in KINDS.items() if kind.deprecated] == ["RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"]
    assert "use RESPONDER_ACKNOWLEDGED_CALLOUT" in CATALOGUE["RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA"].note


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_event_can_be_filled_in_from_nothing_and_repeats_by_seed(name):
    made = complete(CATALOGUE[name], {}, 7, "key", samples=SAMPLES)
    assert check_event(CATALOGUE, name, made) == []
    assert made["id"].isdecimal()
    assert made == complete(CATALOGUE[name], {}, 7, "key", samples=SAMPLES)
    assert made != complete(CATALOGUE[name], {}, 8, "key", samples=SAMPLES)
