"""`simulator.plan.waits`: what is put off falls due in order of (due instant, delivery), at most so much at once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.subscription import Definition, Subscription
from simulator.plan.foreseen import Foreseen, Listener, Wait
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
    for number, (what, which, amount) in enumerate(steps):
        if what == "put off":
            wait: Wait = (which, number, 1, 1, False, now + amount, deliveries[which])
            deliveries[which].waiting = wait
            waits.after(amount, now).append(wait)
            waiting[which] = now + amount
        elif what == "drop":
            deliveries[which].waiting = None
            waiting.pop(which, None)
        else:
            now += amount
            due = sorted((at, delivery) for delivery, at in waiting.items() if at <= now)[:which]
            assert [(wait[5], wait[0]) for wait in waits.take(now, which)] == due
            for _, delivery in due:
                del waiting[delivery]
                assert deliveries[delivery].waiting is None
        assert waits.next_due() == min(waiting.values(), default=None)
