"""The sentences of a plan, for the terminal and the page alike.

In: values of the model. Out: plain text, instants in UTC.
"""

from __future__ import annotations

from simulator.domain.counting import format_count
from simulator.domain.instant import format_clock, format_duration
from simulator.plan.model import Counts, DisablingView, Lateness, OutageView, Plan, SubscriptionView


def say_headline(plan: Plan) -> str:
    """The whole plan in one sentence."""
    counts = plan.counts
    late = f"{format_count(counts.late, 'delivery')} late"
    if counts.missed:
        return f"{format_count(counts.missed, 'delivery')} missed for good, {late}"
    return f"Everything is delivered, {late}" if counts.late else "Everything is delivered at once"


def say_start(plan: Plan) -> str:
    """Whose behaviour, from when, by which seed."""
    return f"{plan.provider}, from {format_clock(plan.start)} UTC, seed {plan.seed}"


def say_outage(outage: OutageView) -> str:
    """When, how long, and what fails."""
    whom = f" for {outage.subscription}" if outage.subscription else ""
    return f"{say_window(outage)}  {outage.summary}{whom}"


def say_window(outage: OutageView) -> str:
    """`Tue 06 Jan 09:00:00 to Tue 06 Jan 15:00:00 (6h)`."""
    if outage.until is None:
        return f"{format_clock(outage.since)}, without end"
    length = format_duration(outage.until - outage.since)
    return f"{format_clock(outage.since)} to {format_clock(outage.until)} ({length})"


def say_delivered(counts: Counts) -> str:
    """How many of those that were to be sent, at once and late."""
    if not counts.deliveries:
        return "nothing was to be sent"
    share = f"{counts.delivered / counts.deliveries:.2%}"
    of_all = f"{counts.delivered:,} of {format_count(counts.deliveries, 'delivery')} ({share})"
    return f"{of_all}: {counts.on_time:,} at once, {counts.late:,} late"


def say_lateness(lateness: Lateness) -> str:
    """Percentiles, and the latest of all."""
    p50, p95, latest = map(format_duration, (lateness.p50_us, lateness.p95_us, lateness.max_us))
    return f"half of them within {p50}, 95 % within {p95}, the latest {latest}"


def name_rungs(plan: Plan) -> list[tuple[str, int]]:
    """What each place of the ladder delivered, and what only a resend did."""
    named = [(f"+{format_duration(one.delay_us)}" if one.delay_us else "first", one.delivered) for one in plan.rungs]
    return [*named, ("resent", plan.counts.resent)]


def say_missed(counts: Counts) -> str:
    """How many are lost unless somebody resends them."""
    if not counts.missed:
        return "nothing"
    asleep = f", {counts.while_disabled:,} of these while disabled" if counts.while_disabled else ""
    return f"{counts.missed:,} for good: {counts.exhausted:,} exhausted, {counts.cancelled:,} cancelled{asleep}"


def say_disabling(one: DisablingView) -> str:
    """When and why it was disabled, what that cost, and when it was enabled."""
    cost = f"{format_count(one.cancelled, 'retry')} cancelled, {format_count(one.missed, 'event')} missed"
    ended = "not enabled again" if one.enabled_at is None else f"enabled {format_clock(one.enabled_at)}"
    return f"{format_clock(one.at)}  {one.reason}; {cost}; {ended}"


def say_herd(outage: OutageView) -> str:
    """What the receiver meets when it is back."""
    herd = outage.herd
    if herd is None or outage.until is None:
        return "the receiver does not come back"
    wait = "waits" if herd.waiting == 1 else "wait"
    sentence = (
        f"{format_clock(outage.until)}  {format_count(herd.waiting, 'delivery')} {wait}; "
        f"{format_count(herd.first_minute, 'attempt')} in the first minute, {herd.first_hour:,} in the first hour"
    )
    if not herd.first_hour:
        return sentence
    return f"{sentence} ({format_count(herd.retries, 'retry')}), at most {herd.peak_per_second:,} a second"


def say_recovery(one: Plan | SubscriptionView) -> str:
    """How it ends."""
    if one.recovered_at is not None:
        return f"{format_clock(one.recovered_at)}, from then on nothing is late"
    return {
        "disabled": "never: it stays disabled until somebody enables it",
        "failing": "not seen: the last attempt failed",
    }.get(one.recovery, "there is nothing to recover from")
