"""`store/pending`: the due index against a sorted list (R3, R6, R10, R13)."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from simulator.domain.delivery import Rung
from simulator.domain.instant import LAST_INSTANT
from simulator.errors import Bug
from simulator.store.pending import Pending

Entry = tuple[int, str, Rung]

subscriptions = st.sampled_from(["s0", "s1", "s2"])
numbers = st.integers(0, 11)
rungs = st.builds(
    Rung,
    due_at=st.integers(0, 20),
    number=st.integers(1, 9),
    chain=st.integers(1, 3),
    position=st.integers(1, 6),
    duplicate=st.booleans(),
)


def owner(delivery_id: int) -> str:
    """Every delivery belongs to one subscription for good."""
    return f"s{delivery_id % 3}"


class PendingMachine(RuleBasedStateMachine):
    """The index beside a plain dictionary that is sorted whenever it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.pending = Pending()
        self.model: dict[int, Rung] = {}

    def in_order(self) -> list[Entry]:
        entries = [(delivery_id, owner(delivery_id), rung) for delivery_id, rung in self.model.items()]
        return sorted(entries, key=lambda entry: (entry[2].due_at, entry[0]))

    def forget(self, delivery_ids: Iterable[int]) -> None:
        for delivery_id in list(delivery_ids):
            del self.model[delivery_id]

    @rule(delivery_id=numbers, rung=rungs)
    def add(self, delivery_id: int, rung: Rung) -> None:
        self.pending.add(delivery_id, owner(delivery_id), rung)
        self.model[delivery_id] = rung

    @rule(now=st.integers(0, 20), limit=st.integers(0, 5))
    def take_due(self, now: int, limit: int) -> None:
        due = [entry for entry in self.in_order() if entry[2].due_at <= now][:limit]
        assert self.pending.take_due(now, limit) == due
        self.forget(delivery_id for delivery_id, _, _ in due)

    @rule(now=st.integers(0, 20))
    def count_due(self, now: int) -> None:
        assert self.pending.count_due(now) == sum(rung.due_at <= now for rung in self.model.values())

    @rule(delivery_id=numbers)
    def drop(self, delivery_id: int) -> None:
        assert self.pending.drop(delivery_id, owner(delivery_id)) == self.model.pop(delivery_id, None)

    @rule(subscription_id=subscriptions)
    def drop_subscription(self, subscription_id: str) -> None:
        own = sorted(item for item in self.model.items() if owner(item[0]) == subscription_id)
        assert self.pending.drop_subscription(subscription_id) == own
        self.forget(delivery_id for delivery_id, _ in own)

    @rule(subscription_id=subscriptions)
    def look_at_a_subscription(self, subscription_id: str) -> None:
        own = {one: rung for one, rung in self.model.items() if owner(one) == subscription_id}
        assert self.pending.of_subscription(subscription_id) == own

    @invariant()
    def agree(self) -> None:
        assert len(self.pending) == len(self.model)
        assert self.pending.next_due() == min((rung.due_at for rung in self.model.values()), default=None)


TestPendingAgainstASortedList = PendingMachine.TestCase
TestPendingAgainstASortedList.settings = settings(deadline=None, max_examples=60, stateful_step_count=40)


@given(st.lists(st.tuples(numbers, rungs), max_size=30))
def test_what_is_due_at_one_instant_comes_in_the_order_of_deliveries(added: list[tuple[int, Rung]]) -> None:
    """R13: retries in due order; the order of adding is irrelevant."""
    pending = Pending()
    for delivery_id, rung in added:
        pending.add(delivery_id, owner(delivery_id), rung)
    places = [(rung.due_at, delivery_id) for delivery_id, _, rung in pending.take_due(20, 100)]
    assert places == sorted((rung.due_at, delivery_id) for delivery_id, rung in dict(added).items())


@given(
    st.integers(0, 2**40 - 1),
    st.builds(
        Rung,
        due_at=st.integers(0, LAST_INSTANT),
        number=st.integers(0, 2**16 - 1),
        chain=st.integers(0, 2**12 - 1),
        position=st.integers(0, 2**11 - 1),
        duplicate=st.booleans(),
    ),
)
def test_an_entry_comes_back_as_it_went_in(delivery_id: int, rung: Rung) -> None:
    """R3: however small it is kept."""
    pending = Pending()
    pending.add(delivery_id, "s0", rung)
    assert pending.next_due() == rung.due_at
    assert pending.of_subscription("s0") == {delivery_id: rung}
    assert pending.take_due(rung.due_at, 1) == [(delivery_id, "s0", rung)]


@pytest.mark.parametrize(
    "rung", [Rung(0, number=2**16), Rung(0, chain=2**12), Rung(0, position=2**11)], ids=["number", "chain", "position"]
)
def test_a_place_beyond_the_bounds_is_a_bug_and_never_another_place(rung: Rung) -> None:
    with pytest.raises(Bug, match="lies beyond what the due index can hold"):
        Pending().add(1, "s0", rung)


def test_nothing_is_due_before_its_instant() -> None:
    """R3."""
    pending = Pending()
    pending.add(1, "s0", Rung(100))
    assert pending.take_due(99, 10) == []
    assert pending.take_due(100, 10) == [(1, "s0", Rung(100))]


def test_a_new_rung_supersedes_the_former_one() -> None:
    """R10: a resend supersedes a pending automatic retry, so it is never sent twice."""
    pending = Pending()
    pending.add(1, "s0", Rung(100, number=2, position=2))
    pending.add(1, "s0", Rung(50, number=2, chain=2))
    assert len(pending) == 1
    assert pending.take_due(1_000, 10) == [(1, "s0", Rung(50, number=2, chain=2))]


def test_what_was_dropped_and_added_again_is_due_once() -> None:
    """R6, R9."""
    pending = Pending()
    for _ in range(3):
        pending.add(1, "s0", Rung(100))
        pending.drop(1, "s0")
    pending.add(1, "s0", Rung(100))
    assert pending.take_due(100, 10) == [(1, "s0", Rung(100))]


def test_what_waits_although_it_is_due_is_counted() -> None:
    """R12: for people who ask how far behind a sender is."""
    pending = Pending()
    for delivery_id in range(10):
        pending.add(delivery_id, owner(delivery_id), Rung(delivery_id))
    pending.drop(0, "s0")
    assert [pending.count_due(now) for now in (0, 1, 5, 100)] == [0, 1, 5, 9]
    assert len(pending) == 9


def test_a_cancelled_subscription_leaves_nothing_behind() -> None:
    """R6: not even in memory, and the others stay as they were."""
    pending = Pending()
    pending.add(0, "s1", Rung(5))
    for turn in range(3):
        for delivery_id in range(1, 5_001):
            pending.add(delivery_id, "s0", Rung(turn + delivery_id))
        assert len(pending.drop_subscription("s0")) == 5_000
    assert len(pending) == 1
    assert len(pending._heap) < 2_000
    assert pending.take_due(10_000, 10) == [(0, "s1", Rung(5))]


def test_a_subscription_nobody_knows_waits_for_nothing() -> None:
    pending = Pending()
    assert pending.drop(1, "s9") is None
    assert pending.drop_subscription("s9") == []
    assert pending.of_subscription("s9") == {}
    assert pending.next_due() is None


def test_filled_at_once_it_is_what_it_would_be_one_by_one() -> None:
    rows = [(number, f"s{number % 3}", 1_000 - 7 * number, number, 1, 2, number % 2) for number in range(1, 50)]
    filled, grown = Pending(), Pending()
    filled.fill(rows)
    for delivery_id, subscription_id, due_at, number, chain, position, duplicate in rows:
        grown.add(delivery_id, subscription_id, Rung(due_at, number, chain, position, bool(duplicate)))
    assert len(filled) == len(grown) == len(rows)
    assert filled.take_due(1_000, 100) == grown.take_due(1_000, 100)


def test_filled_with_what_was_never_tried_it_waits_for_first_attempts() -> None:
    rows = [(number, f"s{number % 3}", 1_000 - 7 * number) for number in range(1, 50)]
    filled, grown = Pending(), Pending()
    for pending in (filled, grown):
        pending.add(99, "s1", Rung(500, 2, 1, 2))
    filled.fill_untried(rows)
    for delivery_id, subscription_id, due_at in rows:
        grown.add(delivery_id, subscription_id, Rung(due_at))
    assert len(filled) == len(grown) == len(rows) + 1
    assert filled.take_due(1_000, 100) == grown.take_due(1_000, 100)
