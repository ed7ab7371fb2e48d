"""All policy in one place: what an outcome means for its delivery and its subscription (R1–R9).

In: the profile, the attempt, its outcome, the subscription's health before it, and whether the subscription still
wants retries. Out: the delivery's next state, when the next attempt is due, and whether to disable.
"""

from __future__ import annotations

from simulator.domain.delivery import Move, Rung
from simulator.domain.health import Health, describe, trips
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.reasons import AGAIN, AUTO_DISABLED, IN_TIME, LAST, NO_RETRY, NOT_AGAIN, ONLY, RETRIED
from simulator.domain.request import Request
from simulator.domain.value import value_class


@value_class
class Attempt:
    """One request that was made: for which delivery, under which revision, on which rung, and what came back.

    Without an outcome there is no attempt, so an unfinished one can never be recorded as finished.
    """

    delivery_id: int
    subscription_id: str
    revision: int
    request: Request
    rung: Rung
    started_at: int
    ended_at: int
    outcome: Outcome


@value_class
class Decision:
    """What follows from an attempt. `why` names the provider's clause; `disable` is the reason, or empty."""

    move: Move
    why: str
    health: Health
    next: Rung | None = None
    disable: str = ""


def decide(
    profile: Profile,
    attempt: Attempt,
    health: Health,
    *,
    stopped: str = "",
    enabled: bool = True,
    jitter: float = 0.0,
) -> Decision:
    """Decide after one attempt.

    `stopped` is why the subscription wants no retry of it (disabled, deleted, moved while the attempt was on the
    wire), else empty (R6). `enabled` is how the subscription stands now: only then can it be disabled (R7). `jitter`
    lies in [-1, 1] and is scaled by the reading `retry_jitter` (R4).
    """
    if attempt.outcome.kind is Kind.UNKNOWN:
        return _after_unknown(profile, attempt, health, stopped)
    if attempt.outcome.succeeded:
        move = Move.DUPLICATE if attempt.rung.duplicate else Move.DELIVER
        return Decision(move, profile.because(IN_TIME), health.after_success(attempt.ended_at))
    return _after_failure(profile, attempt, health, stopped, enabled=enabled, jitter=jitter)


def _after_failure(
    profile: Profile, attempt: Attempt, health: Health, stopped: str, *, enabled: bool, jitter: float
) -> Decision:
    disable = ""
    if profile.disable:
        health = health.after_failure(attempt.ended_at, profile.disable)
        if enabled and trips(health, profile.disable, attempt.ended_at, profile.readings.autodisable_window):
            disable = profile.because(AUTO_DISABLED, describe(profile.disable))
    if attempt.rung.duplicate:
        return Decision(Move.DUPLICATE, profile.because(NO_RETRY), health, disable=disable)
    if attempt.rung.position > len(profile.ladder_seconds):
        why = profile.because(LAST if profile.ladder_seconds else ONLY)
        return Decision(Move.EXHAUST, why, health, disable=disable)
    cancelled = stopped or (disable if profile.readings.disable_cancels_pending else "")
    if cancelled:
        return Decision(Move.CANCEL, cancelled, health, disable=disable)
    due_at = _retry_at(profile, attempt, jitter)
    why = profile.because(RETRIED, f"{RETRIED} {attempt.rung.position} of {len(profile.ladder_seconds)}")
    return Decision(Move.RETRY, why, health, _next(attempt.rung, due_at, attempt.rung.position + 1), disable)


def _after_unknown(profile: Profile, attempt: Attempt, health: Health, stopped: str) -> Decision:
    """The sender died while the attempt was on the wire: the same rung again, at once (R14)."""
    if attempt.rung.duplicate:
        return Decision(Move.DUPLICATE, profile.because(NOT_AGAIN), health)
    if stopped:
        return Decision(Move.CANCEL, stopped, health)
    again = _next(attempt.rung, attempt.ended_at, attempt.rung.position)
    return Decision(Move.RETRY, profile.because(AGAIN), health, again)


def _retry_at(profile: Profile, attempt: Attempt, jitter: float) -> int:
    delay = profile.ladder_seconds[attempt.rung.position - 1] * SECOND
    delay += round(delay * profile.readings.retry_jitter * jitter)
    since = attempt.ended_at if profile.readings.retry_delay_from == "end" else attempt.started_at
    return max(since + delay, attempt.ended_at)  # never in the past, whatever the readings


def _next(rung: Rung, due_at: int, position: int) -> Rung:
    return Rung(due_at, rung.number + 1, rung.chain, position)
