"""`domain/delivery`: the table of legal moves; what is not in it is a bug."""

from itertools import product

import pytest

from simulator.domain.delivery import MOVES, Delivery, Move, Rung, State, move
from simulator.errors import Bug

LEGAL = {
    # R1–R3, R6: what an attempt, or a change of its subscription, does to a delivery that waits
    ("pending", "deliver"): "delivered",
    ("pending", "retry"): "pending",
    ("pending", "exhaust"): "exhausted",
    ("pending", "cancel"): "cancelled",
    # R11: a duplicate is sent after the success, and changes nothing
    ("delivered", "duplicate"): "delivered",
    # R6, R11: what is cancelled of a delivered one is its duplicate
    ("delivered", "cancel"): "delivered",
    # R10: an operator may start a fresh chain from anywhere but from a filter's refusal
    ("pending", "resend"): "pending",
    ("delivered", "resend"): "pending",
    ("exhausted", "resend"): "pending",
    ("cancelled", "resend"): "pending",
}


@pytest.mark.parametrize(("state", "by"), [*product(State, Move)])
def test_what_is_in_the_table_happens_and_what_is_not_is_a_bug(state: State, by: Move) -> None:
    """R1–R11."""
    after = LEGAL.get((state.value, by.value))
    if after is None:
        with pytest.raises(Bug, match=f"a delivery that is {state.value} cannot {by.value}; this is a fault"):
            move(state, by)
    else:
        assert move(state, by) is State(after)


def test_the_table_holds_nothing_else() -> None:
    assert {(state.value, by.value) for state, by in MOVES} == set(LEGAL)


def test_a_filtered_delivery_stays_filtered() -> None:
    """E3: filters are decided once, so not even a resend moves it."""
    assert not [by for state, by in MOVES if state is State.FILTERED]
    assert State.FILTERED not in MOVES.values()


def test_only_an_operator_brings_a_finished_delivery_back() -> None:
    """R3, R6, R10: no attempt moves what was delivered, exhausted or cancelled."""
    finished = {State.DELIVERED, State.EXHAUSTED, State.CANCELLED}
    assert {by for (state, by), after in MOVES.items() if state in finished and after is State.PENDING} == {Move.RESEND}


def test_every_state_but_filtered_can_be_reached_from_pending() -> None:
    reached = {State.PENDING}
    while more := {after for (state, _), after in MOVES.items() if state in reached} - reached:
        reached |= more
    assert reached == set(State) - {State.FILTERED}


def test_a_delivery_begins_with_the_first_attempt_of_its_first_chain() -> None:
    """R3."""
    assert Rung(due_at=42) == Rung(due_at=42, number=1, chain=1, position=1, duplicate=False)


def test_a_refused_delivery_is_never_due() -> None:
    """E2, E3."""
    refused = Delivery(1, 1, "s1", 1, State.FILTERED, reason="filter STATUS wants …")
    assert (refused.due_at, refused.fault) == (None, "")
