"""`clock/flow`: virtual microseconds out of real seconds, without loss."""

from fractions import Fraction
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock.flow import Flow


class Real:
    seconds = 1000.0
    limit: int | None = None

    def flow(self, rate: float) -> Flow:
        return Flow(0, rate, lambda: self.seconds, lambda: self.limit)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0, 0.5, 1, 60, 1440])), max_size=300))
def test_no_number_of_changes_of_rate_loses_or_gains_time(steps: list[tuple[float, float]]) -> None:
    """Against exact fractions; what is left is the rounding of real seconds, far below a microsecond each."""
    real = Real()
    flow = real.flow(1)
    exact = Fraction(0)
    for seconds, rate in steps:
        before = real.seconds
        real.seconds += seconds
        exact += (Fraction(real.seconds) - Fraction(before)) * Fraction(flow.rate) * 1_000_000
        flow.fold()
        flow.rate = rate
        assert abs(flow.base - exact) <= 1 + len(steps) * 1e-3


def test_reading_changes_nothing() -> None:
    real = Real()
    flow = real.flow(1440)
    real.seconds += 0.25
    assert flow.read() == flow.read() == 360_000_000
    assert flow.base == 0


def test_time_stands_at_rate_zero_and_at_an_infinite_rate() -> None:
    for rate in (0, inf):
        real = Real()
        flow = real.flow(rate)
        real.seconds += 100
        flow.fold()
        assert flow.read() == 0


def test_time_that_stood_is_not_made_up_for() -> None:
    real = Real()
    flow = real.flow(0)
    real.seconds += 100
    flow.fold()
    flow.rate = 1
    real.seconds += 2
    assert flow.read() == 2_000_000


def test_the_limit_is_never_passed_and_real_time_spent_there_is_forgotten() -> None:
    real = Real()
    flow = real.flow(1)
    real.limit = 3_000_000
    real.seconds += 10
    assert flow.read() == 3_000_000
    flow.fold()
    real.limit = None
    real.seconds += 1
    assert flow.read() == 4_000_000


def test_what_the_limit_kept_back_is_made_up_for_up_to_the_allowance() -> None:
    real = Real()
    flow = real.flow(0)
    flow.go_on(2, allowance=3_000_000, paying=True)
    real.limit = 4_000_000
    real.seconds += 3
    assert flow.read() == 4_000_000
    flow.fold()
    real.limit = 5_000_000
    assert flow.read() == 5_000_000
    flow.fold()
    real.limit = None
    assert flow.read() == 6_000_000
    real.limit = 6_000_000
    real.seconds += 60
    flow.fold()
    real.limit = None
    assert flow.read() == 9_000_000


def test_a_flow_that_does_not_pay_keeps_what_it_owes_until_it_does() -> None:
    real = Real()
    flow = real.flow(0)
    flow.go_on(1, allowance=5_000_000)
    real.limit = 1_000_000
    real.seconds += 3
    flow.fold()
    real.limit = None
    real.seconds += 1
    flow.fold()
    assert flow.base == 2_000_000
    flow.go_on(1, allowance=5_000_000, paying=True)
    assert flow.base == 4_000_000


def test_less_is_owed_where_less_is_allowed_and_nothing_after_it_was_forgiven() -> None:
    real = Real()
    flow = real.flow(0)
    for forgiven, made_up in [(False, 500_000), (True, 0)]:
        flow.go_on(1, allowance=5_000_000)
        real.limit = flow.base
        real.seconds += 3
        flow.fold()
        real.limit = None
        if forgiven:
            flow.forgive()
        before = flow.base
        flow.go_on(1, allowance=500_000, paying=True)
        assert flow.base - before == made_up


def test_how_long_a_gap_takes() -> None:
    real = Real()
    assert real.flow(1440).real_seconds(1_440_000_000) == 1
    assert real.flow(inf).real_seconds(5) == 0
    assert real.flow(0).real_seconds(5) == inf
    assert real.flow(0).real_seconds(0) == 0
