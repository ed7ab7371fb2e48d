"""The picture of a plan: attempts over time, failing up and delivered down, under outages and disabled spans.

In: a `Plan`. Out: SVG, styled by the page that holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from simulator.domain.counting import format_count
from simulator.domain.instant import DAY, HOUR, MINUTE, format_day
from simulator.plan.model import Plan

WIDTH, HEIGHT, FOOT = 1000, 160, 18
MOST_TICKS = 8

_TICKS = (10 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, *(days * DAY for days in (1, 2, 5, 10, 30, 90, 365)))
_KEYS = {"failed": "attempts that fail", "delivered": "that deliver", "outage": "outage", "disabled": "disabled"}


def draw_load(plan: Plan) -> str:
    """The picture and its key."""
    shapes = "".join((*_outages(plan), *_disabled(plan), *_columns(plan), *_axis(plan)))
    key = "".join(f'<span class="key {name}"></span>{escape(text)}' for name, text in _KEYS.items())
    label = f"{format_count(plan.counts.attempts, 'attempt')} over time, {plan.counts.failed_attempts:,} of them fail"
    box = f"0 0 {WIDTH} {HEIGHT + FOOT}"
    return f'<svg class="load" viewBox="{box}" role="img" aria-label="{escape(label)}">{shapes}</svg><p>{key}</p>'


def _columns(plan: Plan) -> Iterator[str]:
    """One path for each outcome, whatever the number of columns."""
    tallest = max((max(one.failed, one.attempts - one.failed) for one in plan.load), default=1)
    scale = (HEIGHT / 2 - 4) / max(tallest, 1)
    width = max(1.0, _x(plan, plan.start + plan.load_step_us) - 0.5)
    for name, direction in (("failed", -1), ("delivered", 1)):
        bars = []
        for one in plan.load:
            height = (one.failed if direction < 0 else one.attempts - one.failed) * scale
            if height:
                bars.append(
                    f"M{_x(plan, one.at):.1f} {HEIGHT / 2}v{direction * max(height, 1):.1f}h{width:.1f}V{HEIGHT / 2}z"
                )
        yield f'<path class="{name}" d="{"".join(bars)}"/>'


def _outages(plan: Plan) -> Iterator[str]:
    for one in plan.outages:
        yield _span(plan, "outage", one.since, one.until)


def _disabled(plan: Plan) -> Iterator[str]:
    for subscription in plan.subscriptions:
        for one in subscription.disablings:
            yield _span(plan, "disabled", one.at, one.enabled_at)


def _span(plan: Plan, name: str, since: int, until: int | None) -> str:
    left, right = _x(plan, since), _x(plan, plan.end if until is None else until)
    return f'<rect class="{name}" x="{left:.1f}" y="1" width="{max(right - left, 1):.1f}" height="{HEIGHT - 2}"/>'


def _axis(plan: Plan) -> Iterator[str]:
    yield f'<path class="base" d="M0 {HEIGHT / 2}H{WIDTH}"/>'
    step = next((tick for tick in _TICKS if (plan.end - plan.start) // tick <= MOST_TICKS), _TICKS[-1])
    for at in range(plan.start, plan.end + 1, step):
        x = _x(plan, at)
        yield f'<path class="tick" d="M{x:.1f} {HEIGHT}v4"/>'
        if x < WIDTH - 60:  # a text further right would be cut off
            yield f'<text x="{x + 3:.1f}" y="{HEIGHT + 13}">{escape(format_day(at))}</text>'


def _x(plan: Plan, instant: int) -> float:
    """Where an instant lies; beyond the edges it is the edge."""
    length = max(plan.end - plan.start, 1)
    return min(max((instant - plan.start) / length, 0.0), 1.0) * WIDTH
