"""The plan for a terminal: a name and a sentence a line, the worst told as plainly as the rest.

In: a `Plan`. Out: text; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.domain.counting import format_count
from simulator.plan import wording
from simulator.plan.model import Plan, SubscriptionView

Line = tuple[str, str]

_INDENT = 14


def render_plan(plan: Plan) -> str:
    """All of it: what was assumed, what it costs, how it ends, and each subscription where there are several."""
    parts = [_assumed(plan), _costs(plan), _ends(plan)]
    if len(plan.subscriptions) > 1:
        parts += [_subscription(one) for one in plan.subscriptions]
    if plan.refusals:
        parts.append(("refused", refusal) for refusal in plan.refusals)
    return "\n\n".join("\n".join(f"{name:<{_INDENT}}{text}".rstrip() for name, text in part) for part in parts)


def _assumed(plan: Plan) -> Iterator[Line]:
    yield "plan", wording.say_start(plan)
    yield from plan.assumptions.items()
    for outage in plan.outages:
        yield "outage", wording.say_outage(outage)


def _costs(plan: Plan) -> Iterator[Line]:
    counts = plan.counts
    filtered = f", {format_count(counts.filtered, 'delivery')} filtered" if counts.filtered else ""
    yield "events", f"{plan.events:,}{filtered}"
    yield "attempts", f"{counts.attempts:,}, {counts.failed_attempts:,} of them fail"
    yield "delivered", wording.say_delivered(counts)
    if plan.lateness:
        yield "late", wording.say_lateness(plan.lateness)
    yield "by attempt", " · ".join(f"{name} {number:,}" for name, number in wording.name_rungs(plan))
    yield "missed", wording.say_missed(counts)
    for one in plan.missed:
        yield "", f"{one.deliveries:,} × {one.reason}"


def _ends(plan: Plan) -> Iterator[Line]:
    disablings = [(one.name, disabling) for one in plan.subscriptions for disabling in one.disablings]
    for name, disabling in disablings:
        yield "disabled", f"{name}: {wording.say_disabling(disabling)}"
    if not disablings:
        yield "disabled", "never"
    for outage in plan.outages:
        if outage.herd:
            yield "back", wording.say_herd(outage)
    yield "recovered", wording.say_recovery(plan)


def _subscription(one: SubscriptionView) -> Iterator[Line]:
    yield "subscription", f"{one.name} · {one.event}, {format_count(one.counts.attempts, 'attempt')}"
    yield "  delivered", wording.say_delivered(one.counts)
    if one.lateness:
        yield "  late", wording.say_lateness(one.lateness)
    if one.counts.missed:
        yield "  missed", wording.say_missed(one.counts)
    yield "  recovered", wording.say_recovery(one)
