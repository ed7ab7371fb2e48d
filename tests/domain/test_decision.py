"""`domain/decision`: all policy in one place (R1–R9, R11, R14)."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.decision import Attempt, Decision, decide
from simulator.domain.delivery import Move, Rung, State, move
from simulator.domain.health import Health
from simulator.domain.instant import HOUR, SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.request import Request
from simulator.providers import PROFILES

AURORA = PROFILES["aurora"]
LADDER = {1: 30, 2: 300, 3: 1_800, 4: 10_800, 5: 72_000}  # R3: after the failed attempt at a position, in seconds
LAST = 6

START = 1_772_816_400 * SECOND
REQUEST = Request("GET", "https://www.yourapp.com/e")
FAILED = Outcome(Kind.SERVER_ERROR, 503)
FAILURES = sorted(set(Kind) - {Kind.SUCCESS, Kind.UNKNOWN})
FRESH = Health()
ONE_FAILURE_SHORT = Health(failures=(START,) * 99, failing_since=START)

positions = st.sampled_from(list(LADDER))
durations = st.integers(0, 10 * SECOND)
shares = st.floats(0, 1, exclude_max=True)


def reading(**answers: Any) -> Profile:
    return replace(AURORA, readings=replace(AURORA.readings, **answers))


def an_attempt(
    position: int = 1, kind: Kind = Kind.SERVER_ERROR, *, took_us: int = 0, duplicate: bool = False, number: int = 0
) -> Attempt:
    rung = Rung(START, number=number or position, position=position, duplicate=duplicate)
    return Attempt(7, "s1", 1, REQUEST, rung, started_at=START, ended_at=START + took_us, outcome=Outcome(kind))


def decided(attempt: Attempt, health: Health = FRESH, **how: Any) -> Decision:
    return decide(AURORA, attempt, health, **how)


@pytest.mark.parametrize("position", range(1, LAST + 1))
def test_a_success_delivers_and_stops_the_chain(position: int) -> None:
    """R1, R3."""
    decision = decided(an_attempt(position, Kind.SUCCESS))
    assert (decision.move, decision.next, decision.disable) == (Move.DELIVER, None, "")


@pytest.mark.parametrize(("position", "seconds"), LADDER.items())
def test_a_failure_is_retried_after_the_ladders_interval(position: int, seconds: int) -> None:
    """R3."""
    decision = decided(an_attempt(position))
    assert decision.move is Move.RETRY
    assert decision.next == Rung(START + seconds * SECOND, number=position + 1, position=position + 1)
    assert decision.why == f"failed: retry {position} of 5 (R3)"


@pytest.mark.parametrize("kind", FAILURES)
def test_whatever_is_not_a_success_is_retried_alike(kind: Kind) -> None:
    """R2."""
    assert decided(an_attempt(1, kind)) == decided(an_attempt(1, Kind.SERVER_ERROR))


def test_the_sixth_failure_exhausts_the_delivery() -> None:
    """R3: at most 6 attempts."""
    decision = decided(an_attempt(LAST))
    assert (decision.move, decision.next) == (Move.EXHAUST, None)
    assert decision.why == "the last attempt of the ladder failed (R3)"


def walk(profile: Profile, took_us: int = 0) -> list[int]:
    """The instants, in seconds after the event, at which the attempts of a delivery start that never succeeds."""
    starts: list[int] = []
    health = Health()
    rung: Rung | None = Rung(START)
    while rung is not None:
        starts.append((rung.due_at - START) // SECOND)
        attempt = Attempt(7, "s1", 1, REQUEST, rung, rung.due_at, rung.due_at + took_us, FAILED)
        decision = decide(profile, attempt, health)
        health, rung = decision.health, decision.next
    return starts


def test_with_instant_failures_the_attempts_stand_at_the_documented_instants() -> None:
    """R3."""
    assert walk(AURORA) == [0, 30, 330, 2_130, 12_930, 84_930]


def test_the_delay_runs_from_the_end_of_the_failed_attempt_or_from_its_start() -> None:
    """R4: `retry_delay_from`; every attempt here takes the whole 10 seconds."""
    assert walk(AURORA, 10 * SECOND) == [0, 40, 350, 2_160, 12_970, 84_980]
    assert walk(reading(retry_delay_from="start"), 10 * SECOND) == [0, 30, 330, 2_130, 12_930, 84_930]


def test_a_retry_counted_from_the_start_never_falls_into_the_past() -> None:
    """R4: an attempt that took longer than the delay is retried when it ends."""
    decision = decide(reading(retry_delay_from="start"), an_attempt(1, took_us=45 * SECOND), FRESH)
    assert decision.next is not None
    assert decision.next.due_at == START + 45 * SECOND


@given(positions, durations, shares, st.floats(-1, 1))
def test_jitter_stays_within_its_share_of_the_delay(position: int, took_us: int, share: float, jitter: float) -> None:
    """R4: `retry_jitter`; never into the past."""
    attempt = an_attempt(position, took_us=took_us)
    decision = decide(reading(retry_jitter=share), attempt, FRESH, jitter=jitter)
    assert decision.next is not None
    delay = LADDER[position] * SECOND
    assert abs(decision.next.due_at - (attempt.ended_at + delay)) <= delay * share + 1
    assert decision.next.due_at >= attempt.ended_at


@given(positions, st.floats(-1, 1))
def test_without_the_reading_there_is_no_jitter(position: int, jitter: float) -> None:
    """R4: `retry_jitter: 0`."""
    assert decided(an_attempt(position), jitter=jitter) == decided(an_attempt(position))


@given(
    st.builds(reading, retry_delay_from=st.sampled_from(["end", "start"]), retry_jitter=shares),
    st.builds(an_attempt, st.integers(1, LAST), st.sampled_from(Kind), took_us=durations, duplicate=st.booleans()),
    st.sampled_from(["", "disabled by the customer (R6)"]),
    st.floats(-1, 1),
)
def test_no_decision_lies_in_the_past_or_reuses_a_number(
    profile: Profile, attempt: Attempt, stopped: str, jitter: float
) -> None:
    """R3, R4, R14: and every move is a legal one."""
    decision = decide(profile, attempt, FRESH, stopped=stopped, jitter=jitter)
    after = move(State.DELIVERED if attempt.rung.duplicate else State.PENDING, decision.move)
    assert (decision.next is not None) == (after is State.PENDING)
    assert decision.why
    if decision.next:
        assert decision.next.due_at >= attempt.ended_at
        assert decision.next.number == attempt.rung.number + 1
        assert decision.next.chain == attempt.rung.chain


def test_a_longer_ladder_needs_no_other_code() -> None:
    """R3: the ladder is data."""
    assert walk(replace(AURORA, ladder_seconds=(1, 1, 2))) == [0, 1, 2, 4]


@pytest.mark.parametrize("kind", FAILURES)
def test_a_provider_without_a_ladder_attempts_once(kind: Kind) -> None:
    """A9: no special case."""
    decision = decide(replace(AURORA, ladder_seconds=()), an_attempt(1, kind), FRESH)
    assert (decision.move, decision.next, decision.why) == (Move.EXHAUST, None, "the only attempt failed (R3)")


def test_an_attempt_of_a_resent_chain_climbs_from_its_beginning() -> None:
    """R10: a fresh chain, while the attempts are counted on."""
    rung = Rung(START, number=7, chain=2, position=1)
    decision = decided(replace(an_attempt(), rung=rung))
    assert decision.next == Rung(START + 30 * SECOND, number=8, chain=2, position=2)


def test_an_attempt_on_the_wire_while_its_subscription_is_stopped_is_not_retried() -> None:
    """R6."""
    decision = decided(an_attempt(1), stopped="the subscription was deleted (R6)")
    assert (decision.move, decision.next) == (Move.CANCEL, None)
    assert decision.why == "the subscription was deleted (R6)"


def test_an_attempt_on_the_wire_while_its_subscription_is_stopped_may_still_deliver() -> None:
    """R6: it finishes and is recorded."""
    assert decided(an_attempt(1, Kind.SUCCESS), stopped="disabled by the customer (R6)").move is Move.DELIVER


def test_the_last_attempt_exhausts_also_where_its_subscription_was_stopped() -> None:
    """R3, R6: there was nothing left to cancel."""
    assert decided(an_attempt(LAST), stopped="disabled by the customer (R6)").move is Move.EXHAUST


def test_a_success_makes_the_subscription_healthy_again() -> None:
    """R7."""
    decision = decided(an_attempt(1, Kind.SUCCESS, took_us=SECOND), ONE_FAILURE_SHORT)
    assert decision.health == Health(last_success=START + SECOND)


@pytest.mark.parametrize("position", range(1, LAST + 1))
def test_every_failed_attempt_counts_from_the_instant_at_which_it_ended(position: int) -> None:
    """R7: first ones included."""
    decision = decided(an_attempt(position, took_us=SECOND))
    assert decision.health == Health(failures=(START + SECOND,), failing_since=START + SECOND)


def test_the_hundredth_failure_disables_and_cancels_its_own_retry() -> None:
    """R7, R8; the ninety-ninth does neither."""
    short = replace(ONE_FAILURE_SHORT, failures=ONE_FAILURE_SHORT.failures[1:])
    assert decided(an_attempt(1), short).disable == ""
    decision = decided(an_attempt(1), ONE_FAILURE_SHORT)
    assert decision.disable == "auto-disabled: 100 attempts within 48 h and no success among them (R7)"
    assert (decision.move, decision.next, decision.why) == (Move.CANCEL, None, decision.disable)


def test_the_hundredth_failure_may_be_the_last_of_its_ladder() -> None:
    """R3, R7."""
    decision = decided(an_attempt(LAST), ONE_FAILURE_SHORT)
    assert (decision.move, bool(decision.disable)) == (Move.EXHAUST, True)


def test_where_disabling_does_not_cancel_the_retry_stays_due() -> None:
    """R6: `disable_cancels_pending: false` checks the state when the retry is due."""
    decision = decide(reading(disable_cancels_pending=False), an_attempt(1), ONE_FAILURE_SHORT)
    assert (decision.move, bool(decision.next), bool(decision.disable)) == (Move.RETRY, True, True)


def test_a_disabled_subscription_is_not_disabled_a_second_time() -> None:
    """R6, R7: the failure counts all the same."""
    decision = decided(an_attempt(1), ONE_FAILURE_SHORT, stopped="disabled by the customer (R6)", enabled=False)
    assert decision.disable == ""
    assert len(decision.health.failures) == 100


def test_the_hundredth_failure_disables_also_where_its_delivery_was_dropped() -> None:
    """R5, R7: moved to another event while the attempt was on the wire, the subscription is still enabled."""
    decision = decided(an_attempt(1), ONE_FAILURE_SHORT, stopped="the subscription was moved to another event (R5)")
    assert (decision.move, decision.why) == (Move.CANCEL, "the subscription was moved to another event (R5)")
    assert decision.disable != ""


def test_the_window_that_disables_is_a_reading() -> None:
    """R7: `autodisable_window`."""
    profile = reading(autodisable_window="sustained")
    assert decide(profile, an_attempt(1), ONE_FAILURE_SHORT).disable == ""
    two_days_failing = replace(ONE_FAILURE_SHORT, failing_since=START - 48 * HOUR)
    assert decide(profile, an_attempt(1), two_days_failing).disable != ""


def test_a_provider_that_never_disables_keeps_no_health() -> None:
    """R7: the rule is data."""
    decision = decide(replace(AURORA, disable=None), an_attempt(1), FRESH)
    assert (decision.move, decision.health, decision.disable) == (Move.RETRY, FRESH, "")


@pytest.mark.parametrize("kind", Kind)
def test_a_duplicate_changes_nothing_and_is_never_sent_again(kind: Kind) -> None:
    """R11."""
    decision = decided(an_attempt(1, kind, duplicate=True))
    assert (decision.move, decision.next) == (Move.DUPLICATE, None)


def test_a_failed_duplicate_counts_as_every_attempt_does() -> None:
    """R7, R11."""
    decision = decided(an_attempt(1, duplicate=True), ONE_FAILURE_SHORT)
    assert decision.move is Move.DUPLICATE
    assert decision.disable != ""


@pytest.mark.parametrize("position", range(1, LAST + 1))
def test_an_attempt_of_unknown_outcome_is_sent_again_at_once_on_the_same_rung(position: int) -> None:
    """R14: at least once, never silently lost; the ladder is not shortened by our own death."""
    decision = decided(an_attempt(position, Kind.UNKNOWN, took_us=3 * SECOND, number=position + 6))
    assert decision.move is Move.RETRY
    assert decision.next == Rung(START + 3 * SECOND, number=position + 7, position=position)


def test_an_attempt_of_unknown_outcome_says_nothing_about_the_receiver() -> None:
    """R7, R14."""
    decision = decided(an_attempt(1, Kind.UNKNOWN), ONE_FAILURE_SHORT)
    assert (decision.health, decision.disable) == (ONE_FAILURE_SHORT, "")


def test_an_attempt_of_unknown_outcome_is_not_sent_to_a_stopped_subscription() -> None:
    """R6, R14."""
    decision = decided(an_attempt(1, Kind.UNKNOWN), stopped="the subscription was deleted (R6)")
    assert (decision.move, decision.next, decision.why) == (Move.CANCEL, None, "the subscription was deleted (R6)")


def test_an_attempt_without_an_outcome_cannot_be_made() -> None:
    """R14: what is unfinished can never be recorded as finished."""
    with pytest.raises(TypeError, match="outcome"):
        Attempt(7, "s1", 1, REQUEST, Rung(START), START, START)  # type: ignore[call-arg]  # the very thing


def test_the_intervals_grow() -> None:
    """R3: "exponentially increasing intervals over 24 hours"."""
    starts = walk(AURORA)
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert gaps == sorted(gaps)
    assert starts[-1] < 24 * 3_600
