"""`engine/recent`: what departs finds its event, in memory or in the ledger."""

from __future__ import annotations

import pytest
from specimens_engine import an_event

from simulator.domain.delivery import Delivery, State
from simulator.engine import recent
from simulator.engine.recent import Recent
from simulator.store.ledger import Ledger


@pytest.fixture
def ledger() -> Ledger:
    """Five events with a delivery each."""
    ledger = Ledger()
    for number in range(1, 6):
        ledger.add_event(an_event(number))
        ledger.add_delivery(Delivery(number, number, "id-crm", 1, State.PENDING))
    ledger.commit()
    return ledger


def test_what_was_kept_is_not_looked_up() -> None:
    nothing_recorded = Recent(Ledger().db)
    event = an_event(7)
    nothing_recorded.keep(1, event)
    assert nothing_recorded.take([1])[1] is event


def test_what_was_not_kept_comes_from_the_ledger(ledger: Ledger) -> None:
    events = Recent(ledger.db)
    kept = an_event(2)
    events.keep(2, kept)
    taken = events.take([1, 2, 3])
    assert taken == {number: an_event(number) for number in (1, 2, 3)}
    assert taken[2] is kept


def test_what_departed_is_kept_no_longer(ledger: Ledger) -> None:
    events = Recent(ledger.db)
    kept = an_event(2)
    events.keep(2, kept)
    events.take([2])
    assert events.take([2]) == {2: kept}
    assert events.take([2])[2] is not kept


def test_of_too_many_the_first_is_forgotten(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "KEPT", 3)
    events = Recent(ledger.db)
    kept = {number: an_event(number) for number in range(1, 6)}
    for number, event in kept.items():
        events.keep(number, event)
    taken = events.take(range(1, 6))
    assert taken == kept
    assert [number for number in kept if taken[number] is kept[number]] == [3, 4, 5]
