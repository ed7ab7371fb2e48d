"""`store/readback`: the whole ledger in order, for reports."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from specimens import FIRST, PASSWORD, START, SUBSCRIPTION, TOKEN, attempt, delivery, event, retried

from simulator.domain.decision import Decision
from simulator.domain.delivery import Move, Rung, State
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import Health
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind
from simulator.store.ledger import Ledger
from simulator.store.readback import attempts, counts, deliveries, facts, fault_windows

SECOND_RUNG = Rung(START + 30 * SECOND, number=2, position=2)


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Ledger()) as opened:
        opened.add_revision(SUBSCRIPTION)
        yield opened


def test_a_delivery_is_read_with_its_event_and_where_it_stands_now(ledger: Ledger) -> None:
    """R3, E8."""
    ledger.add_event(event())
    ledger.add_delivery(replace(delivery(), fault="reorder"))
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.commit()
    assert list(deliveries(ledger.db)) == [
        {
            "id": 1,
            "event_id": 1,
            "event": "agreement_status_changed",
            "tenant_id": "demo",
            "subscription_id": "s1",
            "attributes": {"STATUS": "signed", "NOTE": "☀️, “soon”\n"},
            "occurred_at": START,
            "revision": 1,
            "fault": "reorder",
            "state": "pending",
            "reason": "failed: retry (R3)",
            "next_due_at": START + 30 * SECOND,
        }
    ]


def test_a_filtered_delivery_keeps_the_reason_with_which_it_began(ledger: Ledger) -> None:
    """E3: a filtered-out event leaves a visible record saying which filter refused it."""
    ledger.add_event(event())
    ledger.add_delivery(replace(delivery(due_at=None), reason='filter STATUS wants "sent"; the event has "signed"'))
    ledger.commit()
    (row,) = deliveries(ledger.db)
    assert (row["state"], row["reason"]) == ("filtered", 'filter STATUS wants "sent"; the event has "signed"')


def test_deliveries_come_in_the_order_in_which_they_were_accepted(ledger: Ledger) -> None:
    for number in (2, 1, 3):
        ledger.add_event(event(number, at=START - number))
        ledger.add_delivery(delivery(number, of=number))
    ledger.commit()
    assert [row["id"] for row in deliveries(ledger.db)] == [1, 2, 3]


def test_attempts_come_by_delivery_and_number(ledger: Ledger) -> None:
    """R3, R10: a number never repeats, whatever the chain."""
    for number in (1, 2):
        ledger.add_event(event(number))
        ledger.add_delivery(delivery(number, of=number))
    for one in (attempt(2), attempt(1), attempt(1, SECOND_RUNG), attempt(1, Rung(START, number=3, chain=2))):
        ledger.add_attempt(one, State.PENDING, retried(one.rung))
    ledger.commit()
    assert [(row["delivery_id"], row["number"], row["chain"]) for row in attempts(ledger.db)] == [
        (1, 1, 1),
        (1, 2, 1),
        (1, 3, 2),
        (2, 1, 1),
    ]


def test_a_fault_is_read_with_the_instant_at_which_it_was_cleared(ledger: Ledger) -> None:
    """R11."""
    first, second = (Fault(name, FaultKind.REFUSE, since=START) for name in ("f1", "f2"))
    ledger.add_fault(first, START)
    ledger.add_fault(second, START)
    ledger.add_fault(first, START + SECOND, cleared=True)
    ledger.commit()
    assert list(fault_windows(ledger.db)) == [(first, START + SECOND), (second, None)]


def test_events_and_duplicates_are_counted(ledger: Ledger) -> None:
    """R11: duplicates on purpose are marked in the record as such."""
    assert counts(ledger.db) == {"events": 0, "duplicates": 0}
    for number in (1, 2):
        ledger.add_event(event(number))
    ledger.add_delivery(delivery())
    delivered = Decision(Move.DELIVER, "2xx", Health(), next=replace(SECOND_RUNG, duplicate=True))
    ledger.add_attempt(attempt(kind=Kind.SUCCESS), State.DELIVERED, delivered)
    ledger.add_attempt(
        attempt(1, replace(SECOND_RUNG, duplicate=True)), State.DELIVERED, Decision(Move.DUPLICATE, "R11", Health())
    )
    ledger.commit()
    assert counts(ledger.db) == {"events": 2, "duplicates": 1}


def test_facts_about_the_run_are_read_as_they_were_noted(ledger: Ledger) -> None:
    noted = {"seed": 7, "start": START, "switches": {"retry_delay_from": "end"}, "name": "Wochenend-Ausfall ☀️"}
    ledger.note(noted)
    assert facts(ledger.db) == noted


def test_no_secret_is_read_back_for_a_report(ledger: Ledger) -> None:
    """S7."""
    ledger.add_event(event())
    ledger.add_delivery(delivery())
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.commit()
    everything = repr([*deliveries(ledger.db), *attempts(ledger.db), *fault_windows(ledger.db), facts(ledger.db)])
    assert "https://www.yourapp.com/e?status=signed" in everything
    assert TOKEN not in everything
    assert PASSWORD not in everything
