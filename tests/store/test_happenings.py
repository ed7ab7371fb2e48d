"""`store/happenings`: events with what they left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimens import START, delivery

from simulator.domain.event import Event
from simulator.store.happenings import ANY, Happening, Which, chosen_happenings, happenings
from simulator.store.ledger import Ledger

TENANTS, EVENTS, DELIVERIES = ("demo", "acme"), ("lead_changed", "lead_created"), (0, 1, 2)
ALL = [
    Happening(Event(number, tenant, name, {"STATUS": "“soon”"}, START + number), left)
    for number, (tenant, name, left) in enumerate(product(TENANTS, EVENTS, DELIVERIES), start=1)
]


@pytest.fixture(scope="module")
def ledger() -> Iterator[Ledger]:
    with closing(Ledger()) as ledger:
        for one in ALL:
            ledger.add_event(one.event)
            for _ in range(one.deliveries):
                ledger.add_delivery(delivery(ledger.next_delivery_id(), of=one.event.id))
        ledger.commit()
        yield ledger


instants = st.none() | st.integers(START, START + 14)
which = st.builds(
    Which,
    event=st.none() | st.sampled_from(EVENTS),
    tenant_id=st.none() | st.sampled_from(TENANTS),
    since=instants,
    until=instants,
    silent=st.none() | st.booleans(),
)


@given(which=which, below=st.none() | st.integers(0, 14), limit=st.integers(1, 13))
def test_the_newest_of_those_that_are_meant_come_oldest_first(
    ledger: Ledger, which: Which, below: int | None, limit: int
) -> None:
    def meant(one: Happening) -> bool:
        event = one.event
        return (
            which.event in (None, event.name)
            and which.tenant_id in (None, event.tenant_id)
            and (which.since is None or event.occurred_at >= which.since)
            and (which.until is None or event.occurred_at < which.until)
            and which.silent in (None, one.deliveries == 0)
            and (below is None or event.id < below)
        )

    assert chosen_happenings(ledger.db, which, below=below, limit=limit) == list(filter(meant, ALL))[-limit:]


def test_they_are_found_by_id_in_the_order_of_their_ids(ledger: Ledger) -> None:
    assert happenings(ledger.db, [7, 2, 99]) == [ALL[1], ALL[6]]
    assert happenings(ledger.db, []) == []
    assert chosen_happenings(ledger.db, ANY, limit=100) == ALL
