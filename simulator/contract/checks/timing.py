"""Does the receiver answer in time: one event after the other, and fifty at once."""

from __future__ import annotations

from collections.abc import Sequence

from simulator.contract.bench import Bench, Sent
from simulator.contract.check import Check
from simulator.contract.checks.reception import ids, tell
from simulator.contract.finding import Finding, failed, passed, unstable, warned
from simulator.domain.instant import MILLISECOND, SECOND

_SINGLE = 30
_BURST = 50
_COMFORTABLE = 0.5  # the share of the limit beyond which the slowest answers are a reason to worry


async def answers_in_time(bench: Bench) -> Finding:
    kinds = await bench.usable()
    sent = []
    for number in bench.patiently(range(_SINGLE)):
        sent += await bench.send(bench.case(kinds[number % len(kinds)], {}, number))
    return _judged(bench, sent, "one after the other")


async def answers_a_burst_in_time(bench: Bench) -> Finding:
    kind = (await bench.usable())[0]
    sent = await bench.send(*(bench.case(kind, {}, number) for number in range(_BURST)))
    return _judged(bench, sent, "at once")


def _judged(bench: Bench, sent: Sequence[Sent], how: str) -> Finding:
    limit = bench.profile.timeout_seconds
    late = [one for one in sent if one.outcomes[-1].timed_out]
    figures = _figures(sent, limit)
    if late:
        text = f"{len(late)} of {len(sent)} events, sent {how}, were not answered within {limit} s: {tell(late)}"
        return failed(text, *ids(late)).measuring(figures)
    if not all(one.accepted for one in sent):
        return unstable()
    if _percentile(sent, 0.99) > _COMFORTABLE * limit * SECOND:
        return warned(f"the slowest of {len(sent)} answers, asked {how}, took half the limit").measuring(figures)
    return passed(f"{len(sent)} events, sent {how}, were answered in less than half the limit").measuring(figures)


def _figures(sent: Sequence[Sent], limit: int) -> str:
    told = ", ".join(f"p{share} {_percentile(sent, share / 100) / MILLISECOND:.1f} ms" for share in (50, 95, 99))
    margin = limit - max(one.outcomes[-1].real_us for one in sent) / SECOND
    return f"{told}; the slowest left {margin:.2f} of {limit} s"


def _percentile(sent: Sequence[Sent], share: float) -> int:
    times = sorted(one.outcomes[-1].real_us for one in sent)
    return times[min(len(times) - 1, int(len(times) * share))]


CHECKS = (
    Check(
        id="answer-time",
        advice="Store the event, answer, and do the work afterwards.",
        run=answers_in_time,
    ),
    Check(
        id="burst",
        advice="Store the events and answer; requests must not wait for each other's work.",
        run=answers_a_burst_in_time,
        after=("answer-time",),
    ),
)
