"""The health of a subscription: the failing attempts that could disable it (R7).

Only attempts since the last success matter, and of those only the newest `attempts`, so a health is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.domain.instant import SECOND
from simulator.domain.reasons import AUTO_DISABLED
from simulator.domain.value import value_class

Window = Literal["trailing", "sustained"]


@dataclass(frozen=True, slots=True)
class DisableRule:
    """Disable a subscription that only fails: at least `attempts` attempts within `window_seconds`, no success."""

    attempts: int
    window_seconds: int

    @property
    def window_us(self) -> int:
        return self.window_seconds * SECOND


@value_class
class Health:
    """What the disable rule needs to know of the past; instants are those at which attempts ended.

    `failures` are the newest failing attempts since the last success, oldest first. `failing_since` is the first
    failure since then, `last_success` the latest success, both None before there was one.
    """

    failures: tuple[int, ...] = ()
    failing_since: int | None = None
    last_success: int | None = None

    def after_success(self, at: int) -> Health:
        return Health(last_success=at)

    def after_failure(self, at: int, rule: DisableRule) -> Health:
        newest = self.failures[max(0, len(self.failures) + 1 - rule.attempts) :]
        return Health((*newest, at), at if self.failing_since is None else self.failing_since, self.last_success)


def in_window(health: Health, rule: DisableRule, now: int) -> int:
    """How many failing attempts stand in the trailing window; one leaves it exactly `window_seconds` later."""
    return sum(1 for at in health.failures if now - at < rule.window_us)


def trips(health: Health, rule: DisableRule, now: int, window: Window) -> bool:
    """Whether the rule disables the subscription after the failure that `health` already holds (R7).

    `trailing`: enough attempts within the window that ends now, and no success in it.
    `sustained`: the same, and nothing but failures for at least as long as the window.
    """
    if len(health.failures) < rule.attempts or now - health.failures[0] >= rule.window_us:
        return False
    if window == "sustained":
        return health.failing_since is not None and now - health.failing_since >= rule.window_us
    return health.last_success is None or now - health.last_success >= rule.window_us


def describe(rule: DisableRule) -> str:
    """The words that are recorded as the reason when the rule trips."""
    hours = f"{rule.window_seconds / 3600:g} h"
    return f"{AUTO_DISABLED}: {rule.attempts} attempts within {hours} and no success among them"
