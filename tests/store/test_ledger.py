"""`store/ledger`: what was committed survives, what was not was never told to anyone (R14, S7)."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from specimens import (
    BASIC,
    DEFINITION,
    FIRST,
    PASSWORD,
    START,
    SUBSCRIPTION,
    TOKEN,
    attempt,
    delivery,
    event,
    plain_connection,
    readable,
    retried,
    rows,
)

from simulator.domain.decision import Decision
from simulator.domain.delivery import Move, Rung, State
from simulator.domain.event import PlannedEvent
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import Health
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind
from simulator.errors import StoreUnusable
from simulator.store.changes import NO_CHANGES, Changes
from simulator.store.ledger import Ledger
from simulator.store.progress import Progress
from simulator.store.queries import departed, events_of, pending_deliveries, revisions_of_all
from simulator.store.record import write_fault
from simulator.store.selection import Choice

TABLES = ["events", "revisions", "secrets", "deliveries", "on_wire", "attempts", "moves", "faults"]
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger(path)) as opened:
        yield opened


def accept(ledger: Ledger, number: int = 1) -> None:
    """One event with one delivery to one subscription."""
    ledger.add_event(event(number))
    ledger.add_delivery(delivery(number, of=number))


def fill(ledger: Ledger) -> None:
    """A row in every table; the attempt that is on the wire is another one than the one that is recorded."""
    accept(ledger)
    ledger.add_revision(SUBSCRIPTION)
    ledger.depart(1, FIRST, 1, START)
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.depart(1, Rung(START + 30 * SECOND, number=2, position=2), 1, START + 30 * SECOND)
    ledger.add_move(1, Move.CANCEL, State.CANCELLED, at=START, reason="deleted")
    ledger.add_fault(Fault("f1", FaultKind.REFUSE, since=START), START)


def contents(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Every table of the file, as any SQLite program reads it."""
    with plain_connection(path) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: rows(path, f"SELECT * FROM {table}") for table in tables}


def test_nothing_can_be_read_before_it_is_committed(ledger: Ledger, path: Path) -> None:
    """R14: so nothing is told to anyone before it is safe."""
    fill(ledger)
    assert [table for table in TABLES if rows(path, f"SELECT * FROM {table}")] == []


def test_what_is_committed_can_be_read_by_any_sqlite_program(ledger: Ledger, path: Path) -> None:
    """R14."""
    fill(ledger)
    ledger.commit()
    assert {table: len(rows(path, f"SELECT * FROM {table}")) for table in TABLES} == dict.fromkeys(TABLES, 1)


def test_a_commit_writes_everything_or_nothing(ledger: Ledger, path: Path) -> None:
    """R14: one transaction; the second delivery has the first one's id."""
    accept(ledger)
    ledger.add_delivery(delivery(1))
    with pytest.raises(StoreUnusable, match="UNIQUE constraint failed"):
        ledger.commit()
    assert rows(path, "SELECT * FROM events") == []
    ledger._rows["deliveries"].pop()  # else the fixture could not close


def test_what_a_full_disk_kept_out_is_written_once_there_is_room(ledger: Ledger, path: Path) -> None:
    """R14: nothing that was accepted is lost."""
    (pages,) = ledger.db.execute("PRAGMA page_count").fetchone()
    ledger.db.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(1, 1_001):
        accept(ledger, number)
    with pytest.raises(StoreUnusable, match="the disk is full; nothing that was accepted before is lost"):
        ledger.commit()
    assert rows(path, "SELECT * FROM events") == []
    ledger.db.execute("PRAGMA max_page_count = 1000000")
    ledger.commit()
    assert rows(path, "SELECT count(*) AS count, max(id) AS last FROM deliveries") == [{"count": 1_000, "last": 1_000}]


def test_a_ledger_that_has_become_read_only_says_so(ledger: Ledger, path: Path) -> None:
    ledger.db.execute("PRAGMA query_only = ON")
    accept(ledger)
    with pytest.raises(StoreUnusable, match=f"^{path}: this file may not be written to"):
        ledger.commit()
    ledger.db.execute("PRAGMA query_only = OFF")


def test_a_second_commit_writes_nothing_twice(ledger: Ledger, path: Path) -> None:
    fill(ledger)
    ledger.commit()
    before = contents(path)
    ledger.commit()
    assert contents(path) == before


def test_closing_commits(path: Path) -> None:
    ledger = Ledger(path)
    accept(ledger)
    ledger.close()
    assert len(rows(path, "SELECT * FROM events")) == 1


def test_an_event_is_recorded_as_it_occurred(ledger: Ledger) -> None:
    """E8: whatever its values hold."""
    accept(ledger)
    ledger.commit()
    assert events_of(ledger.db, [1]) == {1: event()}


def test_every_revision_of_a_subscription_is_recorded(ledger: Ledger) -> None:
    """S14."""
    second = SUBSCRIPTION.revised(replace(DEFINITION, enabled=False), START + SECOND, "auto-disabled")
    third = second.deleted(START + 2 * SECOND)
    for revision in (SUBSCRIPTION, second, third):
        ledger.add_revision(revision)
    ledger.commit()
    assert list(revisions_of_all(ledger.db)) == [SUBSCRIPTION, second, third]


def test_an_attempt_is_recorded_with_all_that_happened_and_what_follows(ledger: Ledger, path: Path) -> None:
    """R2, R3, S14: on which rung, under which revision, what came back, what was decided."""
    accept(ledger)
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.commit()
    assert rows(path, "SELECT * FROM attempts") == [
        {
            "seq": 1,
            "delivery_id": 1,
            "subscription_id": "s1",
            "number": 1,
            "chain": 1,
            "position": 1,
            "duplicate": 0,
            "revision": 1,
            "due_at": START,
            "started_at": START,
            "ended_at": START + SECOND,
            "method": "GET",
            "url": "https://www.yourapp.com/e?status=signed",
            "outcome": "server_error",
            "status": 503,
            "error": "why",
            "fault": "",
            "real_us": 1_234_567,
            "state": "pending",
            "reason": "failed: retry (R3)",
            "next_due_at": START + 30 * SECOND,
            "next_position": 2,
            "next_duplicate": 0,
            "body": None,
            "due": "2026-03-06 17:00:00.000000",
            "started": "2026-03-06 17:00:00.000000",
            "ended": "2026-03-06 17:00:01.000000",
            "next_due": "2026-03-06 17:00:30.000000",
        }
    ]


def test_the_last_attempt_is_followed_by_nothing(ledger: Ledger, path: Path) -> None:
    """R3."""
    accept(ledger)
    ledger.add_attempt(attempt(), State.EXHAUSTED, Decision(Move.EXHAUST, "the last", Health()))
    ledger.commit()
    (row,) = rows(path, "SELECT * FROM attempts")
    assert [row[column] for column in ("next_due_at", "next_position", "next_duplicate", "next_due")] == [None] * 4


def test_a_cancellation_and_a_resend_are_recorded_as_moves(ledger: Ledger, path: Path) -> None:
    """R6, R8, R10: reason, instant and what follows."""
    accept(ledger)
    ledger.add_move(1, Move.CANCEL, State.CANCELLED, at=START, reason="deleted")
    ledger.add_move(1, Move.RESEND, State.PENDING, at=START, reason="resent (R10)", following=Rung(START + 1, 4, 2))
    ledger.commit()
    columns = "move, state, reason, moved, next_due, next_number, next_chain"
    assert [tuple(row.values()) for row in rows(path, f"SELECT {columns} FROM moves ORDER BY seq")] == [
        ("cancel", "cancelled", "deleted", readable(START), None, None, None),
        ("resend", "pending", "resent (R10)", readable(START), readable(START + 1), 4, 2),
    ]


def test_a_fault_is_recorded_when_it_begins_and_when_it_is_cleared(ledger: Ledger, path: Path) -> None:
    """R11."""
    fault = Fault("f1", FaultKind.REFUSE, since=START)
    ledger.add_fault(fault, START)
    ledger.add_fault(fault, START + SECOND, cleared=True)
    ledger.commit()
    assert [tuple(row.values()) for row in rows(path, "SELECT id, fault, since, cleared FROM faults ORDER BY seq")] == [
        ("f1", write_fault(fault), readable(START), 0),
        ("f1", write_fault(fault), readable(START + SECOND), 1),
    ]


def test_what_happened_is_numbered_in_the_order_in_which_it_happened(ledger: Ledger, path: Path) -> None:
    """R13: over all kinds of rows."""
    fill(ledger)
    ledger.commit()
    assert [rows(path, f"SELECT seq FROM {table}")[0]["seq"] for table in ("attempts", "moves", "faults")] == [1, 2, 3]


def test_what_has_left_is_known_until_it_has_landed(ledger: Ledger, path: Path) -> None:
    """R14: committed before the request leaves, taken away together with the attempt's own row."""
    accept(ledger)
    ledger.depart(1, FIRST, 1, START)
    ledger.commit()
    (flying,) = rows(path, "SELECT delivery_id, number, revision, due, started FROM on_wire")
    assert tuple(flying.values()) == (1, 1, 1, readable(START), readable(START))
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    assert len(rows(path, "SELECT * FROM on_wire")) == 1
    ledger.commit()
    assert rows(path, "SELECT * FROM on_wire") == []
    assert len(rows(path, "SELECT * FROM attempts")) == 1


def test_what_left_and_landed_at_one_instant_is_on_the_wire_no_more(ledger: Ledger, path: Path) -> None:
    """R14."""
    accept(ledger)
    ledger.depart(1, FIRST, 1, START)
    ledger.add_attempt(attempt(kind=Kind.SUCCESS), State.DELIVERED, Decision(Move.DELIVER, "2xx", Health()))
    ledger.commit()
    assert rows(path, "SELECT * FROM on_wire") == []


def test_secrets_occur_in_no_table_but_their_own(ledger: Ledger, path: Path) -> None:
    """S7: neither as they are, nor in the base64 that goes on the wire."""
    fill(ledger)
    ledger.commit()
    tables = contents(path)
    hidden = [TOKEN, PASSWORD, BASIC.header()[1].removeprefix("Basic ")]
    assert [table for table, found in tables.items() if any(secret in repr(found) for secret in hidden)] == ["secrets"]
    assert all(secret in repr(tables["secrets"]) for secret in (TOKEN, PASSWORD))


def test_facts_about_the_run_are_written_at_once_and_overwritten(ledger: Ledger, path: Path) -> None:
    ledger.note({"seed": 7, "provider": "aurora"})
    ledger.note({"seed": 8, "switches": {"retry_delay_from": "end"}})
    assert {row["name"]: row["value"] for row in rows(path, "SELECT * FROM facts")} == {
        "seed": "8",
        "provider": '"aurora"',
        "switches": '{"retry_delay_from":"end"}',
    }


@pytest.mark.parametrize("add", [accept, lambda ledger: ledger.add_revision(SUBSCRIPTION)])
def test_a_ledger_is_empty_until_something_was_accepted(ledger: Ledger, add: Callable[[Ledger], None]) -> None:
    ledger.note({"seed": 7})
    assert ledger.empty
    add(ledger)
    ledger.commit()
    assert not ledger.empty


def test_ids_are_counted_from_one_and_on_after_a_restart(path: Path) -> None:
    with closing(Ledger(path)) as ledger:
        assert [ledger.next_event_id(), ledger.next_event_id(), ledger.next_delivery_id()] == [1, 2, 1]
        fill(ledger)
        accept(ledger, 41)
    with closing(Ledger(path)) as ledger:
        assert [ledger.next_event_id(), ledger.next_delivery_id()] == [42, 42]
        ledger.add_move(41, Move.CANCEL, State.CANCELLED, at=START, reason="deleted")
    assert [row["seq"] for row in rows(path, "SELECT seq FROM moves ORDER BY seq")] == [2, 4]


def test_one_ledger_at_a_time_owns_a_file(ledger: Ledger, path: Path) -> None:
    """R14: two of them would send everything twice."""
    with pytest.raises(StoreUnusable, match="another simulator is at work in this file; stop it first"):
        Ledger(path)
    ledger.close()
    Ledger(path).close()


def test_a_file_that_cannot_be_opened_is_not_claimed_either(path: Path) -> None:
    with closing(sqlite3.connect(path)) as stranger:
        stranger.execute("CREATE TABLE notes (text TEXT)")
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="belongs to another program"):
            Ledger(path)


def test_a_ledger_that_cannot_write_lets_its_file_go_all_the_same(path: Path) -> None:
    ledger = Ledger(path)
    accept(ledger)
    ledger.db.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnusable, match="may not be written to"):
        ledger.close()
    Ledger(path).close()


def test_a_planned_event_is_recorded_until_it_occurs(ledger: Ledger, path: Path) -> None:
    """R14: its row goes in the transaction that records the event."""
    number = ledger.next_planned_number()
    ledger.add_planned(PlannedEvent(number, "demo", "lead_changed", {"LEAD_ID": "l1"}, START + SECOND))
    ledger.commit()
    (planned,) = rows(path, "SELECT id, tenant_id, name, attributes, occurs FROM planned")
    assert tuple(planned.values()) == (1, "demo", "lead_changed", '{"LEAD_ID":"l1"}', readable(START + SECOND))
    accept(ledger)
    ledger.planned_occurred(number)
    assert len(rows(path, "SELECT * FROM planned")) == 1
    ledger.commit()
    assert rows(path, "SELECT * FROM planned") == []
    assert len(rows(path, "SELECT * FROM events")) == 1


def test_the_progress_of_a_resend_replaces_what_was_written_of_it(ledger: Ledger, path: Path) -> None:
    """R10."""
    begun = Progress(1, Choice(subscription_id="s1"), START, upto=9)
    ledger.add_progress(begun)
    ledger.commit()
    ledger.add_progress(begun.after(4).after(5, "its event is too old"))
    ledger.add_progress(replace(begun, id=2))
    ledger.commit()
    assert [tuple(row.values()) for row in rows(path, "SELECT id, position, resent, refused FROM resends")] == [
        (1, 5, 1, 1),
        (2, 0, 0, 0),
    ]


def test_no_two_acceptances_see_the_same_mark(path: Path) -> None:
    """R14: also across a restart."""
    with closing(Ledger(path)) as ledger:
        marks = [ledger.mark]
        ledger.add_event(event(ledger.next_event_id()))
        marks.append(ledger.mark)
        ledger.add_planned(PlannedEvent(ledger.next_planned_number(), "demo", "lead_changed", {}, START))
        marks.append(ledger.mark)
    with closing(Ledger(path)) as ledger:
        assert ledger.mark == marks[-1]
    assert len(set(marks)) == 3


def test_what_the_next_commit_will_touch_is_known_before(ledger: Ledger) -> None:
    """For whoever follows the run; afterwards nothing is."""
    fill(ledger)
    accept(ledger, 2)
    assert ledger.buffered() == Changes(
        events=frozenset({1, 2}),
        deliveries=frozenset({1, 2}),
        subscriptions=frozenset({"s1"}),
        faults=frozenset({"f1"}),
    )
    ledger.commit()
    assert ledger.buffered() == NO_CHANGES


def test_an_event_that_leaves_no_delivery_is_known_as_silent(ledger: Ledger) -> None:
    """For whoever follows the run: nothing else would tell of it."""
    accept(ledger, 1)
    ledger.add_event(event(2))
    assert ledger.buffered().silent == {2}


@pytest.mark.parametrize(
    "touch",
    [
        lambda ledger: ledger.add_attempt(attempt(7), State.PENDING, retried(FIRST)),
        lambda ledger: ledger.depart(7, FIRST, 1, START),
        lambda ledger: ledger.add_move(7, Move.CANCEL, State.CANCELLED, at=START, reason="deleted"),
    ],
    ids=["attempt", "departure", "move"],
)
def test_whatever_happens_to_a_delivery_touches_it(touch: Callable[[Ledger], None]) -> None:
    """For whoever follows the run."""
    ledger = Ledger()
    touch(ledger)
    assert ledger.buffered() == replace(NO_CHANGES, deliveries=frozenset({7}))
    ledger.close()


def test_a_ledger_in_memory_needs_no_file() -> None:
    with closing(Ledger()) as ledger:
        fill(ledger)
        ledger.commit()
        assert not ledger.empty


KILLED = """
import os, signal
from specimens import *
from simulator.store.ledger import Ledger

ledger = Ledger({path!r})
ledger.add_revision(SUBSCRIPTION)
for number in range(1, 101):
    ledger.add_event(event(number))
    ledger.add_delivery(delivery(number, of=number))
ledger.depart(1, FIRST, 1, START)
ledger.commit()
ledger.add_event(event(101))
ledger.add_delivery(delivery(101, of=101))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_loses_nothing_that_was_committed(path: Path) -> None:
    """R14: and leaves nothing behind that was not."""
    surroundings = os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(Path(__file__).parent)])}
    killed = subprocess.run([sys.executable, "-c", KILLED.format(path=str(path))], env=surroundings, check=False)
    assert killed.returncode == -signal.SIGKILL
    with closing(Ledger(path)) as ledger:
        assert list(revisions_of_all(ledger.db)) == [SUBSCRIPTION]
        assert events_of(ledger.db, [*range(1, 101)]) == {number: event(number) for number in range(1, 101)}
        assert sorted(pending_deliveries(ledger.db)) == [(number, "s1", FIRST) for number in range(1, 101)]
        assert [(one.delivery_id, one.rung) for one in departed(ledger.db)] == [(1, FIRST)]
        assert [ledger.next_event_id(), ledger.next_delivery_id()] == [101, 101]
