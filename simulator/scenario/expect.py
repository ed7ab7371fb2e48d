"""Expectations, judged: what was expected, what happened, and which deliveries show it.

In: an expectation of a scenario, the report of its run, and what the report cannot know: the receiver's answers to
the probes, and the resends that were refused. Out: a `Judgement`. The wording repeats from run to run; only a latency
expectation that is not met speaks of real time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from simulator.report.model import Judgement, Report
from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.judging import amounts, conditions, schedule
from simulator.scenario.judging.scene import Opinion, Scene
from simulator.scenario.scenario import Expectation, Scenario

MOST_EVIDENCE = 20

_NOTHING: Mapping[Any, Any] = MappingProxyType({})

_JUDGES: Mapping[str, Callable[[Scene, Any], Opinion]] = {
    "delivered": amounts.delivered,
    "exhausted": amounts.exhausted,
    "cancelled": amounts.cancelled,
    "pending": amounts.pending,
    "filtered": amounts.filtered,
    "duplicates": amounts.duplicates,
    "resent": amounts.resent,
    "attempts": schedule.attempts,
    "outcomes": schedule.outcomes,
    "latency": schedule.latency,
    "disabled": conditions.disabled,
    "receiver": conditions.receiver,
}


def judge(
    expectation: Expectation,
    report: Report,
    scenario: Scenario,
    probe_answers: Mapping[str, Any] = _NOTHING,
    *,
    refusals: Mapping[int, str] = _NOTHING,
) -> Judgement:
    """The verdict on one expectation.

    `probe_answers` holds the decoded JSON by probe as the file writes it (`Scenario.probes`); one that is missing was
    not answered. `refusals` says of deliveries whose resend was refused why (R10).
    """
    entry = expectation.entry
    scene = Scene(report, scenario.start, probe_answers, refusals)
    absent = scene.absent(entry.content)
    opinion = absent or _JUDGES[entry.chosen](scene, entry.content)
    return Judgement(
        name=_name(entry),
        verdict="pass" if opinion.passed else "fail",
        expected=opinion.expected,
        actual=opinion.actual,
        evidence=() if opinion.passed else tuple(sorted(set(opinion.evidence)))[:MOST_EVIDENCE],
        where=expectation.where,
    )


def _name(entry: ExpectEntry) -> str:
    """What the expectation is about: `attempts: crm, delivery 1`."""
    said = entry.content
    about = [getattr(said, key, None) for key in ("subscription", "event", "probe")]
    if delivery := getattr(said, "delivery", None):
        about.append(f"delivery {delivery}")
    return ": ".join(filter(None, (entry.chosen, ", ".join(filter(None, about)))))
