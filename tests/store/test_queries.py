"""`store/queries`: what is read back while the engine runs and when it starts again (R14)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from specimens import DEFINITION, FIRST, START, SUBSCRIPTION, attempt, delivery, event, retried

from simulator.domain.auth import HeaderAuth
from simulator.domain.decision import Decision
from simulator.domain.delivery import MOVES, Move, Rung, State, move
from simulator.domain.event import Event, PlannedEvent
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.health import Health
from simulator.domain.instant import DAY, SECOND
from simulator.domain.outcome import Kind
from simulator.errors import Bug, NotFound
from simulator.store.ledger import Ledger
from simulator.store.pending import Pending
from simulator.store.queries import (
    Departed,
    Standing,
    active_faults,
    departed,
    events_after,
    events_of,
    last_instant,
    outcomes_in_order,
    pending_deliveries,
    planned_events,
    revisions_of_all,
    standing_of,
)

SECOND_RUNG = Rung(START + 30 * SECOND, number=2, position=2)
LAST = START + 90 * SECOND


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    with closing(Ledger()) as opened:
        yield opened


def accept(ledger: Ledger, *numbers: int) -> None:
    for number in numbers:
        ledger.add_event(event(number, at=START + number))
        ledger.add_delivery(delivery(number, of=number, subscription_id=f"s{number % 2}"))


def test_the_events_of_deliveries_are_read_in_one_query_whatever_their_order(ledger: Ledger) -> None:
    """E8."""
    accept(ledger, 1, 2, 3)
    ledger.commit()
    assert events_of(ledger.db, [3, 1]) == {1: event(1, at=START + 1), 3: event(3, at=START + 3)}
    assert events_of(ledger.db, []) == {}


def test_events_are_read_on_from_where_somebody_stopped(ledger: Ledger) -> None:
    """E10: oldest first, all of them or those of a name."""
    lead = Event(3, "demo", "lead_changed", {"LEAD_ID": "l1"}, START)
    for one in (event(4), lead, event(2), event(1)):
        ledger.add_event(one)
    ledger.commit()
    assert events_after(ledger.db, 1) == [event(2), lead, event(4)]
    assert events_after(ledger.db, 0, limit=2) == [event(1), event(2)]
    assert events_after(ledger.db, 0, name="lead_changed") == [lead]
    assert events_after(ledger.db, 3, name="lead_changed") == events_after(ledger.db, 4) == []


def test_a_delivery_that_is_not_in_the_ledger_is_a_bug(ledger: Ledger) -> None:
    """R14: the due index may never know more than the ledger."""
    accept(ledger, 1)
    ledger.commit()
    with pytest.raises(Bug, match="1 deliveries of 2 are not in the ledger"):
        events_of(ledger.db, [1, 2])


def test_where_a_delivery_stands_is_told_with_its_past(ledger: Ledger) -> None:
    """R10: what a resend has to know."""
    accept(ledger, 1)
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.commit()
    assert standing_of(ledger.db, 1) == Standing(
        1, "s1", START + 1, State.PENDING, START + 30 * SECOND, attempts=1, chain=1
    )
    ledger.add_move(1, Move.CANCEL, State.CANCELLED, at=START, reason="deleted")
    ledger.add_move(1, Move.RESEND, State.PENDING, at=START, reason="resent", following=Rung(START, 2, 2))
    ledger.commit()
    assert standing_of(ledger.db, 1) == Standing(1, "s1", START + 1, State.PENDING, START, attempts=1, chain=2)


def test_one_delivery_is_found_without_folding_the_whole_ledger(ledger: Ledger) -> None:
    """R10: a thousand resends must not read a thousand ledgers."""
    asked: list[str] = []
    ledger.db.conn.set_trace_callback(asked.append)
    accept(ledger, 1)
    ledger.commit()
    standing_of(ledger.db, 1)
    plan = [row[-1].split() for row in ledger.db.execute(f"EXPLAIN QUERY PLAN {asked[-1]}")]
    assert {step[-1] for step in plan if step[0] == "SCAN"}.isdisjoint(ledger.db.table_names())


def test_a_delivery_nobody_knows_is_not_found(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="there is no delivery 7"):
        standing_of(ledger.db, 7)


def test_a_restart_finds_every_rung_that_was_due_and_no_other(ledger: Ledger) -> None:
    """R14."""
    accept(ledger, 1, 2, 3, 4)
    ledger.add_delivery(delivery(5, of=4, due_at=None))
    ledger.add_attempt(attempt(2), State.PENDING, retried(FIRST))
    ledger.add_attempt(attempt(3, kind=Kind.SUCCESS), State.DELIVERED, Decision(Move.DELIVER, "2xx", Health()))
    ledger.add_move(4, Move.CANCEL, State.CANCELLED, at=START, reason="deleted")
    ledger.commit()
    assert sorted(pending_deliveries(ledger.db)) == [(1, "s1", FIRST), (2, "s0", SECOND_RUNG)]


def test_a_restart_finds_a_duplicate_that_was_due(ledger: Ledger) -> None:
    """R11, R14."""
    accept(ledger, 1)
    again = replace(SECOND_RUNG, position=1, duplicate=True)
    decision = Decision(Move.DELIVER, "2xx", Health(), next=again)
    ledger.add_attempt(attempt(kind=Kind.SUCCESS), State.DELIVERED, decision)
    ledger.commit()
    assert list(pending_deliveries(ledger.db)) == [(1, "s1", again)]


@dataclass
class History:
    """What happens to three deliveries, written to the ledger and kept in the due index side by side."""

    ledger: Ledger
    pending: Pending = field(default_factory=Pending)
    states: dict[int, State] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), State.PENDING))
    rungs: dict[int, Rung] = field(default_factory=lambda: dict.fromkeys((1, 2, 3), FIRST))

    def begin(self) -> None:
        accept(self.ledger, *self.states)
        for number in self.states:
            self.pending.add(number, f"s{number % 2}", FIRST)

    def happen(self, number: int, by: Move, later_us: int) -> None:
        if (self.states[number], by) not in MOVES:
            return
        self.states[number] = move(self.states[number], by)
        self.pending.drop(number, f"s{number % 2}")
        following = self.following(number, by, later_us)
        self.write(number, by, following)
        self.rungs[number] = following or replace(self.rungs[number], number=self.rungs[number].number + 1)
        if following:
            self.pending.add(number, f"s{number % 2}", following)

    def following(self, number: int, by: Move, later_us: int) -> Rung | None:
        rung = self.rungs[number]
        if by is Move.RESEND:
            return Rung(rung.due_at + later_us, rung.number + 1, rung.chain + 1)
        if by is Move.RETRY:
            return Rung(rung.due_at + later_us, rung.number + 1, rung.chain, rung.position + 1)
        return None

    def write(self, number: int, by: Move, following: Rung | None) -> None:
        state = self.states[number]
        if by in {Move.CANCEL, Move.RESEND}:
            self.ledger.add_move(number, by, state, at=START, reason="why", following=following)
        else:
            decision = Decision(by, "why", Health(), following)
            self.ledger.add_attempt(attempt(number, self.rungs[number]), state, decision)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Move), st.integers(0, 99)), max_size=25))
def test_the_ledger_folded_is_the_due_index_as_it_was(steps: list[tuple[int, Move, int]]) -> None:
    """R3, R6, R10, R14: after any history of legal moves, states and due instants agree."""
    with closing(Ledger()) as ledger:
        history = History(ledger)
        history.begin()
        for number, by, later_us in steps:
            history.happen(number, by, later_us)
        ledger.commit()
        folded = sorted(pending_deliveries(ledger.db), key=lambda entry: (entry[2].due_at, entry[0]))
        assert folded == history.pending.take_due(START + DAY, 10)
        assert {number: standing_of(ledger.db, number).state for number in history.states} == history.states


def test_all_revisions_are_read_back_oldest_first_with_their_secrets(ledger: Ledger) -> None:
    """S14, R14: a restart sends with the same credentials."""
    rotated = replace(DEFINITION, headers=(HeaderAuth("X-Aurora-Webhook-Token", "rotated"),))
    other = replace(SUBSCRIPTION, id="s0", name="jobs")
    revisions = [SUBSCRIPTION, other, SUBSCRIPTION.revised(rotated, START + 1), other.deleted(START + 2)]
    for revision in revisions:
        ledger.add_revision(revision)
    ledger.commit()
    assert list(revisions_of_all(ledger.db)) == revisions


def test_what_had_left_is_found_in_the_order_in_which_it_left(ledger: Ledger) -> None:
    """R14."""
    accept(ledger, 1, 2, 3)
    late = replace(SECOND_RUNG, chain=2, duplicate=True)
    ledger.depart(1, late, 7, late.due_at + 1)
    ledger.depart(3, FIRST, 1, START)
    ledger.depart(2, FIRST, 1, START)
    ledger.add_attempt(attempt(3), State.PENDING, retried(FIRST))
    ledger.commit()
    assert departed(ledger.db) == [
        Departed(2, "s0", 1, START, FIRST),
        Departed(1, "s1", 7, late.due_at + 1, late),
    ]


def test_outcomes_are_read_in_the_order_in_which_they_were_applied(ledger: Ledger) -> None:
    """R7, R14: what the health of a subscription is folded from; an unknown outcome says nothing about it."""
    accept(ledger, 1)
    ledger.add_attempt(attempt(), State.PENDING, retried(FIRST))
    ledger.add_attempt(attempt(1, SECOND_RUNG, Kind.UNKNOWN), State.PENDING, retried(SECOND_RUNG, 0))
    third = replace(SECOND_RUNG, number=3)
    ledger.add_attempt(attempt(1, third, Kind.SUCCESS), State.DELIVERED, Decision(Move.DELIVER, "2xx", Health()))
    ledger.commit()
    assert list(outcomes_in_order(ledger.db)) == [
        ("s1", START + SECOND, 1, "server_error"),
        ("s1", START + 31 * SECOND, 1, "success"),
    ]


def test_planned_events_are_read_until_they_occur(ledger: Ledger) -> None:
    """R14: in the order in which they were accepted."""
    plans = [PlannedEvent(number, "demo", "lead_changed", {"LEAD_ID": "☀️"}, LAST - number) for number in (1, 2, 3)]
    for plan in plans:
        ledger.add_planned(plan)
    ledger.commit()
    assert list(planned_events(ledger.db)) == plans
    ledger.planned_occurred(2)
    ledger.commit()
    assert list(planned_events(ledger.db)) == [plans[0], plans[2]]


def test_what_is_planned_has_not_happened(ledger: Ledger) -> None:
    """R14: time goes on from the last instant, not from a future one."""
    accept(ledger, 1)
    ledger.add_planned(PlannedEvent(1, "demo", "lead_changed", {}, LAST))
    ledger.commit()
    assert last_instant(ledger.db) == START + 1


def test_a_fault_is_active_until_it_is_cleared(ledger: Ledger) -> None:
    """R11, R14: in the order in which they were injected, which decides which one acts."""
    faults = [Fault(name, FaultKind.STATUS, since=START, status=500) for name in ("f3", "f1", "f2")]
    for fault in faults:
        ledger.add_fault(fault, START)
    ledger.add_fault(faults[1], START + SECOND, cleared=True)
    ledger.commit()
    assert active_faults(ledger.db) == [faults[0], faults[2]]


@pytest.mark.parametrize(
    "add",
    [
        lambda ledger, at: ledger.add_revision(replace(SUBSCRIPTION, revision=at, updated_at=at)),
        lambda ledger, at: ledger.add_event(event(at, at)),
        lambda ledger, at: ledger.depart(1, replace(FIRST, number=at), 1, at),
        lambda ledger, at: ledger.add_attempt(attempt(1, Rung(at - SECOND)), State.PENDING, retried(FIRST)),
        lambda ledger, at: ledger.add_move(1, Move.CANCEL, State.CANCELLED, at=at, reason="deleted"),
        lambda ledger, at: ledger.add_fault(Fault("f1", FaultKind.DNS, since=START), at),
    ],
    ids=["revision", "event", "departure", "attempt", "move", "fault"],
)
def test_the_last_instant_is_that_of_whatever_happened_last(ledger: Ledger, add: Callable[[Ledger, int], None]) -> None:
    """R14: where virtual time goes on after a restart."""
    accept(ledger, 1)
    for at in (START + 2, LAST, START + 3):
        add(ledger, at)
    ledger.commit()
    assert last_instant(ledger.db) == LAST


def test_an_empty_ledger_has_no_last_instant(ledger: Ledger) -> None:
    """R14."""
    assert last_instant(ledger.db) is None
