"""`simulator.plan.waits`: what is put off falls due in order of (due instant, delivery), at most so much at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.subscription import Definition, Subscription
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.waits import Waits

SUBSCRIPTION = Subscription("id", "demo", "crm", 1, Definition(("lead_changed",), "http://x"), 0, 0)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("put off"), st.integers(1, 9), st.sampled_from([0, 3, 3, 10, 25])),
        st.tuples(st.just("drop"), st.integers(1, 9), st.just(0)),
        st.tuples(st.just("take"), st.integers(0, 4), st.sampled_from([0, 1, 5, 30])),
    ),
    max_size=60,
)


@given(steps)
def test_they_leave_as_from_one_sorted_list(steps: list[tuple[str, int, int]]) -> None:
    """Against a plain dictionary of what each delivery waits for: superseded, dropped, late, more than may leave."""
    waits, now = Waits(), 0
    to = Listener(SUBSCRIPTION)
    deliveries = {number: Foreseen(number, to, "lead_changed", 0) for number in range(1, 10)}
    waiting: dict[int, int] = {}
    for what, which, amount in steps:
        if what == "put off":
            due_at = deliveries[which].waiting = now + amount
            waits.after(amount, now).append((due_at, deliveries[which]))
            waiting[which] = due_at
        elif what == "drop":
            deliveries[which].waiting = None
            waiting.pop(which, None)
        else:
            now += amount
            due = sorted((at, delivery) for delivery, at in waiting.items() if at <= now)[:which]
            assert [(due_at, delivery.id) for due_at, delivery in waits.take(now, which)] == due
            for _, delivery in due:
                del waiting[delivery]
                assert deliveries[delivery].waiting is None
        assert waits.next_due() == min(waiting.values(), default=None)


@given(
    st.dictionaries(st.integers(1, 12), st.sampled_from([0, 3, 10, 25]), max_size=12),
    st.lists(st.sampled_from([None, 3, 10, 10, 25]), min_size=40, max_size=40),
    st.integers(0, 60),
    st.integers(1, 8),
)
def test_in_turn_they_leave_one_instant_after_the_other(
    begun: dict[int, int], delays: list[int | None], until: int, most: int
) -> None:
    """Whoever leaves may be put off again and falls due among the others; what is not reached stays as it was."""
    waits, to = Waits(), Listener(SUBSCRIPTION)
    deliveries = {number: Foreseen(number, to, "lead_changed", 0) for number in begun}

    def put_off(number: int, delay: int, now: int) -> None:
        due_at = deliveries[number].waiting = now + delay
        waits.after(delay, now).append((due_at, deliveries[number]))

    for number, delay in begun.items():
        put_off(number, delay, 0)
    left, waiting = [], dict(begun)
    for (due_at, delivery), delay in zip(waits.in_turn(until, most), delays, strict=False):
        left.append((due_at, delivery.id))
        assert left[-1] == min((at, number) for number, at in waiting.items())
        delivery.waiting = None
        del waiting[delivery.id]
        if delay is not None:
            put_off(delivery.id, delay, due_at)
            waiting[delivery.id] = due_at + delay
    assert len(left) <= most
    assert all(due_at <= until for due_at, _ in left)
    due_next = sorted(at for at in waiting.values() if at <= until)
    assert not due_next or len(left) + due_next.count(due_next[0]) > most
    rest = [(due_at, delivery.id) for due_at, delivery in waits.take(10**6, 100)]
    assert rest == sorted((at, number) for number, at in waiting.items())
