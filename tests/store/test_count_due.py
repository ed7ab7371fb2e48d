"""`store/pending`: how many wait although their attempt is due."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.delivery import Rung
from simulator.store.pending import Pending

instants = st.integers(0, 20)


@given(due=st.lists(instants, max_size=60), again=st.lists(st.tuples(st.integers(0, 59), instants)), now=instants)
def test_due_is_what_waits_for_an_instant_that_has_come(due: list[int], again: list[tuple[int, int]], now: int) -> None:
    """Superseded and dropped entries do not count, however many stand in the heap."""
    pending, waiting = Pending(), dict(enumerate(due))
    for delivery_id, at in waiting.items():
        pending.add(delivery_id, "s", Rung(at))
    for delivery_id, at in again:
        if delivery_id not in waiting:
            continue
        if at % 3:
            pending.add(delivery_id, "s", Rung(at))
            waiting[delivery_id] = at
        else:
            pending.drop(delivery_id, "s")
            del waiting[delivery_id]
    assert pending.count_due(now) == sum(at <= now for at in waiting.values())
