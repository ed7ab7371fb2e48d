"""What a plan says, as values: the one model behind its views (text, JSON, HTML).

Instants are virtual microseconds, durations end in `_us`; the views write them out. Secrets never enter this model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from simulator.domain.health import DisableRule

SCHEMA = "aurora-sim/plan/1"

Recovery = Literal["unharmed", "recovered", "failing", "disabled"]
"""How it ends, from best to worst. `failing`: the last attempt failed, so nothing shows a recovery."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Deliveries that were to be sent, and what becomes of them; `filtered` ones are counted apart.

    `on_time` were delivered at the instant of their event, `late` after it, `resent` of these only by a resend.
    `missed` are exhausted or cancelled; of the cancelled, `while_disabled` were never attempted (R8).
    """

    deliveries: int = 0
    filtered: int = 0
    attempts: int = 0
    failed_attempts: int = 0
    duplicates: int = 0
    delivered: int = 0
    on_time: int = 0
    late: int = 0
    resent: int = 0
    exhausted: int = 0
    cancelled: int = 0
    while_disabled: int = 0

    @property
    def missed(self) -> int:
        return self.exhausted + self.cancelled


@dataclass(frozen=True, slots=True)
class Lateness:
    """How long after their events the late deliveries were delivered; percentiles by nearest rank."""

    p50_us: int
    p95_us: int
    max_us: int


@dataclass(frozen=True, slots=True)
class RungView:
    """How many deliveries were delivered by the attempt at this place of their first chain, `delay_us` after the last.

    `within` counts them with all places before.
    """

    position: int
    delay_us: int
    delivered: int
    within: int


@dataclass(frozen=True, slots=True)
class MissedView:
    """So many deliveries were missed for this reason."""

    reason: str
    deliveries: int


@dataclass(frozen=True, slots=True)
class DisablingView:
    """The subscription was disabled: deliveries it `cancelled`, and events `missed` until it was enabled."""

    at: int
    reason: str
    automatic: bool
    cancelled: int
    missed: int
    enabled_at: int | None


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """`recovered_at` is the instant from which on nothing is late or missed any more, None where there is none."""

    id: str
    name: str
    event: str
    counts: Counts
    lateness: Lateness | None
    rungs: tuple[RungView, ...]
    missed: tuple[MissedView, ...]
    disablings: tuple[DisablingView, ...]
    recovery: Recovery
    recovered_at: int | None


@dataclass(frozen=True, slots=True)
class HerdView:
    """What the receiver meets when it is back: deliveries `waiting` for a retry then, and attempts from then on.

    `retries` are those of the first hour that are not first attempts of new events; the peak is that of the first hour.
    """

    waiting: int
    first_minute: int
    first_hour: int
    retries: int
    peak_per_second: int
    peak_at: int | None


@dataclass(frozen=True, slots=True)
class OutageView:
    """A fault under which attempts fail; `until` and `herd` are None where it never ended, `subscription` for all."""

    summary: str
    subscription: str | None
    since: int
    until: int | None
    herd: HerdView | None


@dataclass(frozen=True, slots=True)
class LoadView:
    """Attempts that began in one step of time, and those of them that failed."""

    at: int
    attempts: int
    failed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What the assumptions cost, from `start` until nothing is pending any more at `end`.

    `assumptions` are words for people, by what they are about; `refusals` are steps that the provider would refuse.
    """

    provider: str
    seed: int
    version: str
    start: int
    end: int
    assumptions: Mapping[str, str]
    events: int
    counts: Counts
    lateness: Lateness | None
    rungs: tuple[RungView, ...]
    missed: tuple[MissedView, ...]
    outages: tuple[OutageView, ...]
    subscriptions: tuple[SubscriptionView, ...]
    recovery: Recovery
    recovered_at: int | None
    load_step_us: int
    load: tuple[LoadView, ...]
    refusals: tuple[str, ...]
    readings: Mapping[str, Any]
    ladder_seconds: tuple[int, ...]
    disable: DisableRule | None
