"""`clock/timers`: what rings next, and what cancelling costs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock.timers import FEW, Timer, TimerQueue


def drained(queue: TimerQueue) -> list[Timer]:
    timers = []
    while timer := queue.head():
        queue.pop()
        timers.append(timer)
    return timers


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(-2, 2), st.booleans()), max_size=200))
def test_timers_come_by_instant_then_order_then_age_and_cancelled_ones_never(
    wanted: list[tuple[int, int, bool]],
) -> None:
    queue = TimerQueue()
    made = [queue.push(when, order, lambda: None) for when, order, _ in wanted]
    for timer, (_, _, cancelled) in zip(made, wanted, strict=True):
        if cancelled:
            timer.cancel()
    kept = [entry for entry in zip(wanted, made, strict=True) if not entry[0][2]]
    expected = [timer for _, timer in sorted(kept, key=lambda entry: entry[0][:2])]
    assert drained(queue) == expected


def test_cancelled_timers_do_not_pile_up() -> None:
    queue = TimerQueue()
    far = queue.push(1_000_000, 0, lambda: None)
    for instant in range(10_000):
        queue.push(instant + 10, 0, lambda: None).cancel()
        assert len(queue) <= FEW + 1
    assert drained(queue) == [far]


def test_of_many_timers_half_may_be_cancelled_before_the_heap_is_swept() -> None:
    queue = TimerQueue()
    timers = [queue.push(instant, 0, lambda: None) for instant in range(1000)]
    for timer in timers[:500]:
        timer.cancel()
    assert len(queue) == 1000
    timers[500].cancel()
    assert len(queue) == 499
    assert drained(queue) == timers[501:]


def test_cancelled_timers_that_were_met_count_no_longer() -> None:
    queue = TimerQueue()
    timers = [queue.push(instant, 0, lambda: None) for instant in range(200)]
    for timer in timers[:90]:
        timer.cancel()
    assert queue.head() is timers[90]
    for timer in timers[150:]:
        timer.cancel()
    assert len(queue) == 110


def test_cancelling_twice_or_after_the_ring_changes_nothing() -> None:
    queue = TimerQueue()
    rung: list[str] = []
    timers = [queue.push(0, 0, lambda: rung.append("once")) for _ in range(FEW + 2)]
    queue.pop()
    timers[0].ring()
    for _ in range(1000):
        timers[0].cancel()
        timers[1].cancel()
    timers[0].ring()
    timers[1].ring()
    assert rung == ["once"]
    assert len(queue) == FEW + 1
    assert drained(queue) == timers[2:]


def test_a_timer_is_pending_until_it_is_taken_or_cancelled() -> None:
    queue = TimerQueue()
    seen: list[bool] = []
    rings = queue.push(0, 0, lambda: seen.append(rings.pending))
    cancelled = queue.push(1, 0, lambda: None)
    assert [rings.pending, cancelled.pending] == [True, True]
    cancelled.cancel()
    rings.ring()
    assert [*seen, rings.pending, cancelled.pending] == [False, False, False]
