"""`engine/tally`: counts for progress lines; what is counted once is counted once."""

from __future__ import annotations

import pytest
from specimens_engine import a_flight, a_landing
from stage import START, status

from simulator.domain.delivery import Rung, State
from simulator.engine.tally import Tally


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.PENDING, Tally(deliveries=1)),
        (State.FILTERED, Tally(filtered=1)),
        (State.CANCELLED, Tally(deliveries=1, cancelled=1)),
    ],
)
def test_a_delivery_counts_by_how_it_begins(state: State, expected: Tally) -> None:
    """E3, R8: a filtered one is no delivery."""
    tally = Tally()
    tally.begun(state)
    assert tally == expected


@pytest.mark.parametrize(
    ("code", "state", "expected"),
    [
        (200, State.DELIVERED, Tally(attempts=1, delivered=1)),
        (503, State.PENDING, Tally(attempts=1, failures=1)),
        (503, State.EXHAUSTED, Tally(attempts=1, failures=1, exhausted=1)),
        (503, State.CANCELLED, Tally(attempts=1, failures=1, cancelled=1)),
    ],
)
def test_an_attempt_counts_by_its_outcome_and_by_what_became_of_its_delivery(
    code: int, state: State, expected: Tally
) -> None:
    """R1–R3."""
    tally = Tally()
    tally.settled(a_landing(a_flight(), status(code)), state)
    assert tally == expected


@pytest.mark.parametrize("code", [200, 503])
def test_a_duplicate_is_an_attempt_and_delivers_nothing_a_second_time(code: int) -> None:
    """R11: least of all when it fails."""
    tally = Tally()
    flight = a_flight(rung=Rung(START, number=2, duplicate=True))
    tally.settled(a_landing(flight, status(code)), State.DELIVERED)
    assert tally == Tally(attempts=1, failures=int(code == 503))
