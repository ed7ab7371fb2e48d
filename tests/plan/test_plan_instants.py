"""`simulator.plan.instants`: one instant strictly after the other, and the order within one (R13)."""

from __future__ import annotations

from functools import partial

from simulator.domain.order import CHANGE, EVENT, FIRST, OUTCOME, RETRY
from simulator.plan.instants import NEVER, Instants


def test_what_is_planned_happens_at_its_instant_in_order_of_time():
    instants, seen = Instants(100), []
    for when in (300, 100, 200):
        instants.at(when, EVENT, lambda: seen.append(instants.now))
    instants.run()
    assert seen == [100, 200, 300]


def test_within_an_instant_the_smaller_rank_is_first_then_first_in_first_out():
    """R13."""
    instants, seen = Instants(0), []
    for rank in (FIRST, EVENT, RETRY, OUTCOME, CHANGE, EVENT):
        instants.at(7, rank, partial(seen.append, rank))
    instants.run()
    assert seen == [CHANGE, OUTCOME, RETRY, EVENT, EVENT, FIRST]


def test_what_is_planned_for_the_past_happens_now():
    instants, seen = Instants(50), []
    instants.at(60, EVENT, lambda: instants.at(10, EVENT, lambda: seen.append(instants.now)))
    instants.run()
    assert seen == [60]


def test_time_stands_at_the_last_thing_that_happened():
    instants = Instants(50)
    instants.at(60, EVENT, lambda: None)
    instants.cancel(instants.at(90, EVENT, lambda: None))
    instants.run()
    assert instants.now == 60


def test_the_bell_rings_at_its_place_among_the_others_until_nobody_moves_it():
    """R13."""
    instants, seen = Instants(0), []

    def ring() -> None:
        seen.append("bell")
        instants.bell = (9, FIRST) if instants.now < 9 else NEVER

    instants.hang(ring)
    instants.bell = (7, RETRY)
    for rank in (OUTCOME, EVENT):
        instants.at(7, rank, partial(seen.append, rank))
    instants.run()
    assert (seen, instants.now) == ([OUTCOME, "bell", EVENT, "bell"], 9)


def test_what_is_planned_next_tells_how_far_a_rank_is_alone():
    instants = Instants(0)
    assert instants.alone_until(RETRY) > 10**15
    instants.at(30, EVENT, lambda: None)
    assert (instants.alone_until(RETRY), instants.alone_until(EVENT), instants.alone_until(FIRST)) == (30, 29, 29)
