"""`api/limit`: so many requests within any minute (S3)."""

from hypothesis import given
from hypothesis import strategies as st

from simulator.api.limit import MINUTE, Limiter

instants = st.lists(st.integers(0, 3 * MINUTE), max_size=60).map(sorted)


@given(instants, st.integers(1, 5))
def test_no_minute_holds_more_than_the_limit_s3(asked: list[int], per_minute: int) -> None:
    now = [0]
    limiter = Limiter(per_minute, lambda: now[0])
    allowed = []
    for now[0] in asked:
        if not limiter.wait_seconds("key"):
            allowed.append(now[0])
    assert all(later - earlier >= MINUTE for earlier, later in zip(allowed, allowed[per_minute:], strict=False))


@given(instants, st.integers(1, 5))
def test_whoever_waits_as_long_as_told_is_let_in_s3(asked: list[int], per_minute: int) -> None:
    now = [0]
    limiter = Limiter(per_minute, lambda: now[0])
    for at in asked:
        now[0] = max(now[0], at)
        if seconds := limiter.wait_seconds("key"):
            assert 1 <= seconds <= 60
            now[0] += seconds * 1_000_000
            assert limiter.wait_seconds("key") == 0


def test_the_oldest_request_leaves_the_window_exactly_a_minute_later_s3() -> None:
    now = [0]
    limiter = Limiter(1, lambda: now[0])
    assert limiter.wait_seconds("key") == 0
    now[0] = MINUTE - 1
    assert limiter.wait_seconds("key") == 1
    now[0] = MINUTE
    assert limiter.wait_seconds("key") == 0


def test_without_a_limit_nobody_waits() -> None:
    limiter = Limiter(None, lambda: 0)
    assert {limiter.wait_seconds("key") for _ in range(1_000)} == {0}
