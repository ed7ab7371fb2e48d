"""The load a receiver meets: attempts over time, and the herd that comes when an outage ends.

In: a course that has run. Out: views of its outages, and a count of attempts for each step of time.
"""

from __future__ import annotations

from collections import Counter

from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import DAY, HOUR, MINUTE, SECOND
from simulator.plan.course import Course
from simulator.plan.foreseen import Foreseen
from simulator.plan.model import HerdView, LoadView, OutageView
from simulator.plan.records import Window

MOST_STEPS = 300

_STEPS = (SECOND, 10 * SECOND, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY)
_HARMLESS = frozenset({FaultKind.DUPLICATE, FaultKind.REORDER})


def view_outages(course: Course) -> tuple[OutageView, ...]:
    """Every fault under which attempts fail, and what the receiver meets when it has ended."""
    limit_us = course.profile.timeout_seconds * SECOND
    names = {one.subscription.id: one.subscription.name for one in course.subscriptions.listeners}
    return tuple(
        OutageView(
            summary=_summarise(window.fault),
            subscription=names.get(window.fault.subscription_id or ""),
            since=window.fault.since,
            until=window.until,
            herd=None if window.until is None else _view_herd(course, window.fault, window.until),
        )
        for window in course.windows
        if _is_outage(window, limit_us)
    )


def view_load(course: Course) -> tuple[int, tuple[LoadView, ...]]:
    """Attempts for each step of time from start to end, and the length of a step; empty steps are left out."""
    step = next((step for step in _STEPS if (course.instants.now - course.start) // step < MOST_STEPS), 30 * DAY)
    attempts: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    for delivery in course.deliveries:
        for attempt in delivery.attempts:
            place = (attempt.started_at - course.start) // step
            attempts[place] += 1
            failed[place] += not attempt.outcome.succeeded
    views = (LoadView(course.start + place * step, attempts[place], failed[place]) for place in sorted(attempts))
    return step, tuple(views)


def _is_outage(window: Window, limit_us: int) -> bool:
    fault = window.fault
    if fault.kind is FaultKind.SLOW:
        return fault.delay_us >= limit_us
    if fault.kind is FaultKind.STATUS:
        return fault.status // 100 != 2  # noqa: PLR2004 - the class of success
    return fault.kind not in _HARMLESS


def _summarise(fault: Fault) -> str:
    words = f"status {fault.status}" if fault.kind is FaultKind.STATUS else fault.kind.value.replace("_", " ")
    return words if fault.probability >= 1 else f"{words}, {fault.probability:.0%} of attempts"


def _view_herd(course: Course, fault: Fault, back_at: int) -> HerdView:
    meant = [one for one in course.deliveries if _concerns(fault, one) and one.occurred_at < back_at + HOUR]
    attempts = [one for delivery in meant for one in delivery.attempts if back_at <= one.started_at < back_at + HOUR]
    seconds = Counter((attempt.started_at - back_at) // SECOND for attempt in attempts)
    peak = max(seconds, key=lambda second: (seconds[second], -second), default=None)
    return HerdView(
        waiting=sum(_waits_at(one, back_at) for one in meant),
        first_minute=sum(attempt.started_at < back_at + MINUTE for attempt in attempts),
        first_hour=len(attempts),
        retries=sum(attempt.number > 1 for attempt in attempts),
        peak_per_second=0 if peak is None else seconds[peak],
        peak_at=None if peak is None else back_at + peak * SECOND,
    )


def _concerns(fault: Fault, delivery: Foreseen) -> bool:
    return fault.subscription_id in (None, delivery.to.subscription.id) and fault.event in (None, delivery.event)


def _waits_at(delivery: Foreseen, at: int) -> bool:
    """Whether a delivery whose event lay before this instant was under way then: begun, and not yet over."""
    over_at = delivery.delivered_at or delivery.settled_at or 0
    if delivery.occurred_at >= at or over_at < at:
        return False
    before = {one.chain for one in delivery.attempts if one.started_at < at}
    after = {one.chain for one in delivery.attempts if one.started_at >= at and not one.duplicate}
    return bool(before & after if after else before and over_at > at)
