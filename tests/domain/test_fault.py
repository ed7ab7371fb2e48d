"""Whether a fault acts on an attempt: window, subscription, event, position, flapping, seeded chance."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.fault import Fault, FaultKind, Passage, applies, first_match, next_change
from simulator.domain.instant import HOUR, MINUTE

PASSAGE = Passage(3, "crm", "asset_created", number=2, position=2, started_at=HOUR)


def fault(kind: FaultKind = FaultKind.REFUSE, **more: Any) -> Fault:
    return Fault("f", kind, **{"since": 0} | more)


@pytest.mark.parametrize(
    ("since", "until", "acts"),
    [
        (0, None, True),
        (HOUR, None, True),
        (HOUR + 1, None, False),
        (0, HOUR, False),
        (0, HOUR + 1, True),
        (HOUR, HOUR, False),
    ],
)
def test_it_acts_from_since_on_and_before_until(since: int, until: int | None, acts: bool) -> None:
    assert applies(fault(since=since, until=until), PASSAGE, seed=1) is acts


@pytest.mark.parametrize(
    ("aim", "acts"),
    [
        ({"subscription_id": "crm"}, True),
        ({"subscription_id": "jobs"}, False),
        ({"subscription_id": ""}, False),
        ({"event": "asset_created"}, True),
        ({"event": "asset"}, False),
        ({"positions": frozenset({2})}, True),
        ({"positions": frozenset({1, 3})}, False),
        ({"positions": frozenset()}, False),
        ({"subscription_id": "crm", "event": "asset_created", "positions": frozenset({1, 2})}, True),
        ({"subscription_id": "crm", "event": "asset_created", "positions": frozenset({1})}, False),
    ],
)
def test_it_acts_only_where_everything_it_names_is_met(aim: dict[str, Any], acts: bool) -> None:
    assert applies(fault(**aim), PASSAGE, seed=1) is acts


@pytest.mark.parametrize("kind", FaultKind)
def test_only_a_flap_goes_up_and_down(kind: FaultKind) -> None:
    flapping = fault(kind, since=HOUR, period_us=MINUTE)
    downs = [applies(flapping, replace(PASSAGE, started_at=HOUR + n * MINUTE), seed=1) for n in range(4)]
    assert downs == ([True, False, True, False] if kind is FaultKind.FLAP else [True] * 4)


@pytest.mark.parametrize(("probability", "acts"), [(0.0, False), (1.0, True), (2.0, True)])
def test_never_and_always_are_no_chance(probability: float, acts: bool) -> None:
    for delivery in range(200):
        passage = replace(PASSAGE, delivery_id=delivery)
        assert applies(fault(probability=probability), passage, seed=delivery) is acts


@given(st.integers(), st.randoms(use_true_random=False))
def test_chance_belongs_to_the_attempt_and_not_to_the_order_of_asking(seed: int, shuffle: Any) -> None:
    passages = [replace(PASSAGE, delivery_id=delivery, number=number) for delivery in range(8) for number in (1, 2)]
    first = {passage: applies(fault(probability=0.5), passage, seed) for passage in passages}
    shuffle.shuffle(passages)
    assert {passage: applies(fault(probability=0.5), passage, seed) for passage in passages} == first


def test_chance_differs_by_seed_by_fault_by_delivery_and_by_attempt() -> None:
    def draws(seed: int = 1, fault_id: str = "f", number: int = 1) -> list[bool]:
        half = Fault(fault_id, FaultKind.REFUSE, 0, probability=0.5)
        passages = (replace(PASSAGE, delivery_id=delivery, number=number) for delivery in range(100))
        return [applies(half, passage, seed) for passage in passages]

    assert 30 < sum(draws()) < 70
    assert draws() == draws()
    assert draws() not in (draws(seed=2), draws(fault_id="g"), draws(number=2))


def test_a_rarer_fault_hits_a_part_of_what_a_more_frequent_one_hits() -> None:
    def hits(probability: float) -> set[int]:
        passages = (replace(PASSAGE, delivery_id=delivery) for delivery in range(200))
        return {p.delivery_id for p in passages if applies(fault(probability=probability), p, seed=1)}

    assert hits(0.1) < hits(0.5) < hits(0.9)


DNS, SLOW, TLS = fault(FaultKind.DNS), fault(FaultKind.SLOW), fault(FaultKind.TLS, until=1)


@pytest.mark.parametrize(
    ("kinds", "match"),
    [
        ({FaultKind.DNS, FaultKind.SLOW}, DNS),
        ({FaultKind.SLOW}, SLOW),
        ({FaultKind.TLS, FaultKind.SLOW}, SLOW),
        ({FaultKind.TLS}, None),
        ({FaultKind.RESET}, None),
        (set(), None),
    ],
)
def test_the_first_match_is_the_first_in_order_of_the_kinds_that_acts(
    kinds: set[FaultKind], match: Fault | None
) -> None:
    assert first_match([TLS, DNS, SLOW], kinds, PASSAGE, seed=1) is match


def test_without_faults_nothing_matches() -> None:
    assert first_match([], set(FaultKind), PASSAGE, seed=1) is None


kinds = st.sampled_from((FaultKind.REFUSE, FaultKind.FLAP))
windows = st.builds(
    Fault,
    id=st.just("a"),
    kind=kinds,
    since=st.integers(0, 20),
    until=st.one_of(st.none(), st.integers(0, 40)),
    period_us=st.integers(1, 9),
)


@given(st.lists(windows, max_size=3), st.integers(0, 50))
def test_until_the_next_change_time_alone_changes_nothing(faults, at):
    change = next_change(faults, at)
    assert change is None or change > at

    def acting(instant: int) -> list[bool]:
        return [applies(fault, Passage(1, "one", "lead_changed", 1, 1, instant), 0) for fault in faults]

    assert all(acting(later) == acting(at) for later in range(at, at + 60 if change is None else change))
