"""The histories of a story: the shortest first, and in the end the whole in any order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.pytest_plugin.convergence import histories

length = st.integers(min_value=1, max_value=8)


def test_the_histories_of_two_events_can_be_read() -> None:
    assert list(histories(2, 0)) == [(0, 0), (1, 1), (1, 0), (0, 1, 0)]


def test_one_event_can_only_be_repeated() -> None:
    assert list(histories(1, 20)) == [(0, 0)]


@given(length)
def test_every_pair_is_turned_around_before_the_whole_is_shuffled(number: int) -> None:
    turned = [one for one in histories(number, 0) if len(one) == 2 and one[0] > one[1]]
    assert set(turned) == {(late, early) for late in range(number) for early in range(late)}


@given(st.integers(min_value=2, max_value=8))
def test_a_shuffle_holds_every_event_and_some_twice(number: int) -> None:
    shuffles = list(histories(number, 5))[-5:]
    assert all(set(one) == set(range(number)) and len(one) > number for one in shuffles)


@given(length)
def test_the_same_histories_come_every_time(number: int) -> None:
    assert list(histories(number, 5)) == list(histories(number, 5))
