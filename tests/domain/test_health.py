"""`domain/health`: when a failing subscription is disabled (R7), against a reference that keeps every attempt."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from simulator.domain.health import DisableRule, Health, Window, describe, in_window, trips
from simulator.domain.instant import HOUR, SECOND

RULE = DisableRule(attempts=100, window_seconds=48 * 3_600)
SMALL = DisableRule(attempts=3, window_seconds=10)
WINDOWS: tuple[Window, ...] = get_args(Window)


@dataclass(frozen=True)
class Past:
    """One attempt of the reference: when it ended, and how."""

    at: int
    succeeded: bool


def trailing(past: list[Past], rule: DisableRule) -> bool:
    """R7, word by word: at least so many attempts in the window that ends now, and no success among them."""
    now = past[-1].at
    recent = [attempt for attempt in past if now - attempt.at < rule.window_us]
    return len(recent) >= rule.attempts and not any(attempt.succeeded for attempt in recent)


def sustained(past: list[Past], rule: DisableRule) -> bool:
    """The other reading: the same, and nothing but failures for as long as the window."""
    successes = [index for index, attempt in enumerate(past) if attempt.succeeded]
    failing = past[successes[-1] + 1 :] if successes else past
    return trailing(past, rule) and past[-1].at - failing[0].at >= rule.window_us


REFERENCES = {"trailing": trailing, "sustained": sustained}


def past_of(steps: list[tuple[int, bool]]) -> list[Past]:
    """From gaps between attempts to the instants at which they ended."""
    instants = accumulate(gap for gap, _ in steps)
    return [Past(at, succeeded) for at, (_, succeeded) in zip(instants, steps, strict=True)]


def health_of(past: list[Past], rule: DisableRule) -> Health:
    health = Health()
    for attempt in past:
        health = health.after_success(attempt.at) if attempt.succeeded else health.after_failure(attempt.at, rule)
    return health


def failing_at(*instants: int, rule: DisableRule = RULE) -> Health:
    return health_of([Past(at, succeeded=False) for at in instants], rule)


def evenly(count: int, over_us: int) -> list[int]:
    """`count` instants from 0 to `over_us`, both included."""
    return [index * over_us // (count - 1) for index in range(count)]


gaps = st.sampled_from([0, 1, SECOND, 3 * SECOND, 5 * SECOND, 10 * SECOND - 1, 10 * SECOND, 10 * SECOND + 1])
pasts = st.lists(st.tuples(gaps, st.sampled_from([False, False, False, True])), min_size=1, max_size=30)


@pytest.mark.parametrize("window", WINDOWS)
@given(steps=pasts)
@example(steps=[(0, False), (1, False), (10 * SECOND - 2, False)])  # the third at the window's very end
@example(steps=[(0, True), (10 * SECOND - 1, False), (0, False), (0, False)])  # a success still in the window
@example(steps=[(0, True), (10 * SECOND, False), (0, False), (0, False)])  # the same one microsecond later
@example(steps=[(0, False), (5 * SECOND, False), (3 * SECOND, False), (2 * SECOND, False)])  # failing throughout
def test_the_rule_agrees_with_a_reference_that_keeps_every_attempt(
    window: Window, steps: list[tuple[int, bool]]
) -> None:
    """R7: after every failed attempt, under both readings of `autodisable_window`."""
    whole = past_of(steps)
    for count, attempt in enumerate(whole, start=1):
        past = whole[:count]
        if not attempt.succeeded:
            assert trips(health_of(past, SMALL), SMALL, attempt.at, window) == REFERENCES[window](past, SMALL)


@given(pasts)
def test_a_health_is_bounded_and_in_order(steps: list[tuple[int, bool]]) -> None:
    """R7."""
    health = health_of(past_of(steps), SMALL)
    assert len(health.failures) <= SMALL.attempts
    assert all(earlier <= later for earlier, later in pairwise(health.failures))


def test_the_99th_failure_does_not_disable_and_the_100th_does() -> None:
    """R7."""
    assert not trips(failing_at(*range(99)), RULE, 98, "trailing")
    assert trips(failing_at(*range(100)), RULE, 99, "trailing")


@pytest.mark.parametrize(
    ("span_us", "disabled"),
    [(48 * HOUR - SECOND, True), (48 * HOUR - 1, True), (48 * HOUR, False), (48 * HOUR + SECOND, False)],
)
def test_an_attempt_leaves_the_window_exactly_48_hours_later(span_us: int, disabled: bool) -> None:
    """R7: 47:59:59 is within, 48:00:00 is not."""
    instants = evenly(100, span_us)
    assert trips(failing_at(*instants), RULE, instants[-1], "trailing") == disabled


@pytest.mark.parametrize(
    ("since_success_us", "disabled"), [(HOUR, False), (48 * HOUR - 1, False), (48 * HOUR, True), (60 * HOUR, True)]
)
def test_a_success_in_the_window_blocks(since_success_us: int, disabled: bool) -> None:
    """R7: however many failures followed it."""
    health = Health().after_success(0)
    for _ in range(150):
        health = health.after_failure(since_success_us, RULE)
    assert trips(health, RULE, since_success_us, "trailing") == disabled


def test_failures_before_a_success_do_not_count() -> None:
    """R7."""
    health = failing_at(*range(99)).after_success(99)
    assert health == Health(failures=(), failing_since=None, last_success=99)
    assert not trips(health.after_failure(100 + 48 * HOUR, RULE), RULE, 100 + 48 * HOUR, "trailing")


def test_a_burst_disables_at_once_unless_the_failing_must_be_sustained() -> None:
    """R7: `autodisable_window`."""
    burst = failing_at(*range(100))
    assert trips(burst, RULE, 99, "trailing")
    assert not trips(burst, RULE, 99, "sustained")


@pytest.mark.parametrize(("since_first_us", "disabled"), [(48 * HOUR - 1, False), (48 * HOUR, True)])
def test_sustained_means_failing_for_the_whole_window(since_first_us: int, disabled: bool) -> None:
    """R7: `autodisable_window: sustained`."""
    health = failing_at(0, *range(since_first_us - 99, since_first_us + 1))
    assert trips(health, RULE, since_first_us, "sustained") == disabled


def test_under_either_reading_100_attempts_must_lie_within_48_hours() -> None:
    """R7: a slow trickle of failures disables nothing."""
    days = evenly(100, 100 * 24 * HOUR)
    assert not any(trips(failing_at(*days), RULE, days[-1], window) for window in WINDOWS)


def test_the_attempts_in_the_window_are_counted_for_people() -> None:
    """R7, R8."""
    health = failing_at(0, 5 * SECOND, 9 * SECOND, rule=SMALL)
    assert [in_window(health, SMALL, now) for now in (9 * SECOND, 10 * SECOND - 1, 10 * SECOND, 19 * SECOND)] == [
        3,
        3,
        2,
        0,
    ]


def test_the_reason_is_recorded_in_words() -> None:
    """R8."""
    assert describe(RULE) == "auto-disabled: 100 attempts within 48 h and no success among them"
    assert "within 1.5 h" in describe(DisableRule(attempts=1, window_seconds=5_400))
