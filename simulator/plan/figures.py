"""The figures of a plan, counted from the course of things once it has run.

In: a course. Out: a `Plan`. Nothing is decided here; every number is a count of deliveries and attempts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from itertools import accumulate
from typing import get_args

from simulator import __version__
from simulator.domain.delivery import State
from simulator.domain.instant import SECOND
from simulator.domain.reasons import ASLEEP
from simulator.errors import Bug
from simulator.plan.course import Course
from simulator.plan.foreseen import MISSED, Foreseen, Listener
from simulator.plan.load import view_load, view_outages
from simulator.plan.model import (
    Counts,
    DisablingView,
    Lateness,
    MissedView,
    Plan,
    Recovery,
    RungView,
    SubscriptionView,
)
from simulator.plan.records import Disabling

Place = tuple[int, int]


def count(course: Course, assumptions: Mapping[str, str], refusals: Sequence[str] = ()) -> Plan:
    """The plan that this course amounts to."""
    listeners = course.subscriptions.listeners
    of_each: dict[str, list[Foreseen]] = {one.subscription.id: [] for one in listeners}
    for delivery in course.deliveries:
        of_each[delivery.to.subscription.id].append(delivery)
    ladder = course.profile.ladder_seconds
    views = tuple(_view_subscription(one, of_each[one.subscription.id], ladder) for one in listeners)
    step_us, load = view_load(course)
    recovery, recovered_at = _worst(views)
    return Plan(
        provider=course.profile.name,
        seed=course.seed,
        version=__version__,
        start=course.start,
        end=course.instants.now,
        assumptions=assumptions,
        events=course.events,
        counts=_add_counts([view.counts for view in views]),
        lateness=_lateness(course.deliveries),
        rungs=_add_rungs([view.rungs for view in views]),
        missed=_missed(course.deliveries),
        outages=view_outages(course),
        subscriptions=views,
        recovery=recovery,
        recovered_at=recovered_at,
        load_step_us=step_us,
        load=load,
        refusals=tuple(refusals),
        readings=asdict(course.profile.readings),
        ladder_seconds=ladder,
        disable=course.profile.disable,
    )


def _view_subscription(listener: Listener, deliveries: Sequence[Foreseen], ladder: Sequence[int]) -> SubscriptionView:
    subscription = listener.subscription
    places = Counter(_place(delivery) for delivery in deliveries if delivery.delivered_at is not None)
    recovery, recovered_at = _recovery(listener, deliveries)
    return SubscriptionView(
        id=subscription.id,
        name=subscription.name,
        event=", ".join(subscription.definition.events),
        counts=_counts(deliveries, places),
        lateness=_lateness(deliveries),
        rungs=_rungs([places[1, position] for position in range(1, len(ladder) + 2)], ladder),
        missed=_missed(deliveries),
        disablings=tuple(map(_view_disabling, listener.disablings)),
        recovery=recovery,
        recovered_at=recovered_at,
    )


def _view_disabling(one: Disabling) -> DisablingView:
    return DisablingView(one.at, one.reason, one.automatic, one.cancelled, one.missed, one.enabled_at)


def _counts(deliveries: Sequence[Foreseen], places: Mapping[Place, int]) -> Counts:
    states = Counter(delivery.state for delivery in deliveries)
    attempts = [attempt for delivery in deliveries for attempt in delivery.attempts]
    delivered, late = sum(places.values()), sum(_late_by(delivery) > 0 for delivery in deliveries)
    return Counts(
        deliveries=len(deliveries) - states[State.FILTERED],
        filtered=states[State.FILTERED],
        attempts=len(attempts),
        failed_attempts=sum(not attempt.outcome.succeeded for attempt in attempts),
        duplicates=sum(attempt.duplicate for attempt in attempts),
        delivered=delivered,
        on_time=delivered - late,
        late=late,
        resent=sum(number for (chain, _), number in places.items() if chain > 1),
        exhausted=states[State.EXHAUSTED],
        cancelled=states[State.CANCELLED],
        while_disabled=sum(delivery.reason.startswith(ASLEEP) for delivery in deliveries),
    )


def _late_by(delivery: Foreseen) -> int:
    """How long after its event a delivery was delivered; 0 for one that never was."""
    return 0 if delivery.delivered_at is None else delivery.delivered_at - delivery.occurred_at


def _place(delivery: Foreseen) -> Place:
    """Chain and position of the attempt that delivered it first."""
    for attempt in delivery.attempts:
        if attempt.outcome.succeeded:
            return attempt.chain, attempt.position
    raise Bug(f"delivery {delivery.id} was delivered by no attempt")


def _lateness(deliveries: Iterable[Foreseen]) -> Lateness | None:
    late = sorted(filter(None, map(_late_by, deliveries)))
    return Lateness(_nearest_rank(late, 50), _nearest_rank(late, 95), late[-1]) if late else None


def _nearest_rank(ascending: Sequence[int], percent: int) -> int:
    return ascending[-(-percent * len(ascending) // 100) - 1]


def _rungs(delivered: Sequence[int], ladder: Sequence[int]) -> tuple[RungView, ...]:
    """Views of what each place of the ladder delivered, the first attempt included."""
    rows = zip((0, *ladder), delivered, accumulate(delivered), strict=True)
    return tuple(
        RungView(position, delay * SECOND, number, within)
        for position, (delay, number, within) in enumerate(rows, start=1)
    )


def _missed(deliveries: Iterable[Foreseen]) -> tuple[MissedView, ...]:
    """The reasons for which deliveries were missed, the most frequent first."""
    reasons = Counter(delivery.reason for delivery in deliveries if delivery.state in MISSED)
    return tuple(MissedView(reason, number) for reason, number in reasons.most_common())


def _recovery(listener: Listener, deliveries: Iterable[Foreseen]) -> tuple[Recovery, int | None]:
    if not listener.subscription.definition.enabled:
        return "disabled", None
    if listener.failing:
        return "failing", None
    ends = [one.delivered_at or one.settled_at or 0 for one in deliveries if one.state in MISSED or _late_by(one)]
    ends += [one.enabled_at or one.at for one in listener.disablings]
    return ("recovered", max(ends)) if ends else ("unharmed", None)


# All subscriptions together


def _add_counts(counted: Sequence[Counts]) -> Counts:
    return Counts(**{field.name: sum(getattr(one, field.name) for one in counted) for field in fields(Counts)})


def _add_rungs(of_each: Sequence[Sequence[RungView]]) -> tuple[RungView, ...]:
    return tuple(
        replace(same[0], delivered=sum(one.delivered for one in same), within=sum(one.within for one in same))
        for same in zip(*of_each, strict=True)
    )


def _worst(views: Iterable[SubscriptionView]) -> tuple[Recovery, int | None]:
    """How all of it ends: as badly as the subscription that ends worst, and as late as the last."""
    order: tuple[Recovery, ...] = get_args(Recovery)
    worst = max((view.recovery for view in views), key=order.index, default=order[0])
    ends = [view.recovered_at for view in views if view.recovered_at is not None]
    return worst, max(ends) if worst == "recovered" else None
