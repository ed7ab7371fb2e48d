"""Judges of attempts: when they were made, what they came to, and how fast the receiver was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil

from simulator.domain.counting import format_count
from simulator.domain.instant import MILLISECOND, format_duration
from simulator.domain.outcome import is_of_status
from simulator.report.model import AttemptView, DeliveryView
from simulator.scenario.expectations import AttemptsEntry, LatencyEntry, OutcomesEntry
from simulator.scenario.judging.scene import Opinion, Scene, ids


def attempts(scene: Scene, said: AttemptsEntry) -> Opinion:
    deliveries = scene.sent(said)
    if said.delivery is not None:
        if said.delivery > len(deliveries):
            expected = f"attempts of delivery {said.delivery}"
            return Opinion(False, expected, _there_were(len(deliveries)), ids(deliveries))
        deliveries = [deliveries[said.delivery - 1]]
    if said.at is not None:
        return _instants(deliveries[0], said.at, said.tolerance)
    total = sum(len(one.attempts) for one in deliveries)
    return Opinion(
        total == said.count,
        f"exactly {format_count(said.count or 0, 'attempt')}",
        format_count(total, "attempt"),
        ids(deliveries),
    )


def _there_were(count: int) -> str:
    return f"there {'was' if count == 1 else 'were'} {format_count(count, 'delivery')}"


def outcomes(scene: Scene, said: OutcomesEntry) -> Opinion:
    deliveries = scene.sent(said)
    found = {key: _with_outcome(deliveries, key) for key in said.counts}
    wrong = [key for key, count in said.counts.items() if len(found[key]) != count]
    kinds = Counter(attempt.outcome for one in deliveries for attempt in one.attempts)
    actual = ", ".join(f"{key}: {len(found[key])}" for key in said.counts)
    if wrong:
        actual += f" (all outcomes: {', '.join(f'{kind} {count}' for kind, count in kinds.most_common()) or 'none'})"
    expected = ", ".join(f"{key}: {count}" for key, count in said.counts.items())
    evidence = [delivery for key in wrong for delivery in found[key]] or ids(deliveries)
    return Opinion(not wrong, expected, actual, evidence)


def latency(scene: Scene, said: LatencyEntry) -> Opinion:
    """Real time of the attempts that a receiver answered by itself; the value at rank ceil(p n) counts."""
    answered = [
        (attempt.real_ms * MILLISECOND, one.id)
        for one in scene.sent(said)
        for attempt in one.attempts
        if attempt.status is not None and not attempt.fault
    ]
    limits = {name: limit for name in ("p50", "p95", "p99") if (limit := getattr(said, name)) is not None}
    expected = ", ".join(f"{name} below {format_duration(limit)}" for name, limit in limits.items()) + " (real)"
    if not answered:
        return Opinion(False, expected, "no receiver answered")
    times = sorted(time for time, _ in answered)
    reached = {name: times[ceil(int(name[1:]) * len(times) / 100) - 1] for name in limits}
    slow = [name for name, limit in limits.items() if reached[name] >= limit]
    evidence = [delivery for time, delivery in answered if any(time >= limits[name] for name in slow)]
    if not slow:  # the times themselves would differ from run to run, and the report's digest with them
        return Opinion(True, expected, f"{format_count(len(times), 'answer')} within the limits")
    actual = ", ".join(f"{name} {format_duration(round(time))}" for name, time in reached.items())
    return Opinion(False, expected, f"{actual} (real, {format_count(len(times), 'answer')})", evidence)


def _instants(delivery: DeliveryView, wanted: Sequence[int], tolerance: int) -> Opinion:
    starts = [attempt.started_at - delivery.occurred_at for attempt in delivery.attempts]
    fits = len(starts) == len(wanted) and all(
        abs(start - want) <= tolerance for start, want in zip(starts, wanted, strict=True)
    )
    margin = f" ± {format_duration(tolerance)}" if tolerance else ""
    return Opinion(fits, f"attempts at {_list(wanted)}{margin}", f"attempts at {_list(starts)}", [delivery.id])


def _list(offsets: Sequence[int]) -> str:
    return ", ".join(map(format_duration, offsets)) or "no instant"


def _with_outcome(deliveries: Sequence[DeliveryView], key: str) -> list[int]:
    """The delivery of every attempt that came to this: a kind, a status, or a class of statuses."""
    return [one.id for one in deliveries for attempt in one.attempts if key in _names_of(attempt)]


def _names_of(attempt: AttemptView) -> tuple[str, ...]:
    if attempt.status is None or not is_of_status(attempt.outcome, attempt.status):
        return (attempt.outcome,)
    return attempt.outcome, str(attempt.status), f"{attempt.status // 100}xx"
