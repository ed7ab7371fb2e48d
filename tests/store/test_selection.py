"""`store/selection`: which deliveries somebody means."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from simulator.domain.delivery import State
from simulator.errors import NotFound
from simulator.store.database import open_database
from simulator.store.selection import Choice, chosen_deliveries, missed_deliveries, nth_delivery

TENANTS, EVENTS, SUBSCRIPTIONS = ("demo", "acme"), ("lead_changed", "lead_created"), ("crm", "jobs")
ENDINGS = (None, ("attempt", "delivered"), ("attempt", "exhausted"), ("move", "cancelled"), ("both", "pending"))

Row = dict[str, Any]


def the_rows() -> list[Row]:
    """One delivery of every kind, so that each condition tells some from others."""
    kinds = product(TENANTS, EVENTS, SUBSCRIPTIONS, ENDINGS)
    return [
        {
            "id": number,
            "tenant": tenant,
            "event": event,
            "subscription": subscription,
            "at": 10 * number,
            "state": ending[1] if ending else "filtered" if number % 2 else "pending",
            "ending": ending and ending[0],
        }
        for number, (tenant, event, subscription, ending) in enumerate(kinds, start=1)
    ]


ROWS = the_rows()


def insert(db: Database, row: Row) -> None:
    began = "pending" if row["ending"] else row["state"]
    db.execute(
        "INSERT INTO events (id, tenant_id, name, attributes, occurred_at) VALUES (?, ?, ?, '{}', ?)",
        [row["id"], row["tenant"], row["event"], row["at"]],
    )
    db.execute(
        "INSERT INTO deliveries (id, event_id, subscription_id, revision, state, reason, fault) "
        "VALUES (:id, :id, :subscription, 1, :began, '', '')",
        {**row, "began": began},
    )
    seq = 2 * row["id"]
    if row["ending"] in ("attempt", "both"):
        columns = (
            "seq, delivery_id, subscription_id, number, chain, position, duplicate, revision, due_at, started_at, "
        )
        columns += "ended_at, method, url, outcome, error, fault, real_us, state, reason"
        state = "exhausted" if row["ending"] == "both" else row["state"]
        values = [
            seq,
            row["id"],
            row["subscription"],
            *[1] * 3,
            0,
            1,
            *[0] * 3,
            "GET",
            "",
            "reset",
            "",
            "",
            0,
            state,
            "",
        ]
        db.execute(f"INSERT INTO attempts ({columns}) VALUES ({', '.join('?' * len(values))})", values)
    if row["ending"] in ("move", "both"):
        db.execute(
            "INSERT INTO moves (seq, delivery_id, move, at, state, reason) VALUES (?, ?, 'move', 0, ?, '')",
            [seq + 1, row["id"], row["state"]],
        )


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    with closing(open_database()) as opened:
        for row in ROWS:
            insert(opened, row)
        yield opened


choices = st.builds(
    Choice,
    states=st.none() | st.lists(st.sampled_from(State), max_size=3).map(tuple),
    subscription_id=st.none() | st.sampled_from([*SUBSCRIPTIONS, "nobody"]),
    event=st.none() | st.sampled_from(EVENTS),
    event_id=st.none() | st.integers(0, 45),
    tenant_id=st.none() | st.sampled_from(TENANTS),
    since=st.none() | st.integers(0, 450),
    until=st.none() | st.integers(0, 450),
)


@given(choice=choices, above=st.none() | st.integers(0, 45), below=st.none() | st.integers(0, 45))
def test_a_choice_means_what_its_words_say(db: Database, choice: Choice, above: int | None, below: int | None) -> None:
    """Held against the same rows, looked through one by one."""
    wanted = [
        row["id"]
        for row in ROWS
        if (choice.states is None or row["state"] in choice.states)
        and choice.subscription_id in (None, row["subscription"])
        and choice.event in (None, row["event"])
        and choice.event_id in (None, row["id"])
        and choice.tenant_id in (None, row["tenant"])
        and (choice.since is None or row["at"] >= choice.since)
        and (choice.until is None or row["at"] < choice.until)
        and (above is None or row["id"] > above)
        and (below is None or row["id"] < below)
    ]
    assert chosen_deliveries(db, choice, above=above, below=below) == wanted
    assert chosen_deliveries(db, choice, above=above, below=below, newest_first=True) == wanted[::-1]
    assert chosen_deliveries(db, choice, above=above, below=below, limit=3) == wanted[:3]


def test_missed_is_what_was_given_up_within_a_window(db: Database) -> None:
    """R10"""
    missed = missed_deliveries(db, "crm", "lead_changed", 0, 10_000)
    assert missed == [
        row["id"]
        for row in ROWS
        if row["state"] in ("exhausted", "cancelled") and (row["subscription"], row["event"]) == ("crm", "lead_changed")
    ]


def test_the_nth_counts_those_that_were_to_be_sent(db: Database) -> None:
    sendable = [row["id"] for row in ROWS if row["subscription"] == "jobs" and row["state"] != "filtered"]
    assert [nth_delivery(db, "jobs", number) for number in range(1, len(sendable) + 1)] == sendable
    with pytest.raises(NotFound, match=f"no delivery number {len(sendable) + 1}"):
        nth_delivery(db, "jobs", len(sendable) + 1)
