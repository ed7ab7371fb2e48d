"""Reports made by hand, as small as what is to be judged allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scenario_texts import HEAD, WHERE

from simulator.domain.instant import HOUR, SECOND
from simulator.report.model import (
    AttemptView,
    ClockView,
    DeliveryView,
    Judgement,
    Report,
    RevisionView,
    SubscriptionView,
    Totals,
)
from simulator.scenario.expect import judge
from simulator.scenario.load import parse_scenario

START = parse_scenario(HEAD, WHERE).start


def attempt(
    offset_seconds: float = 0,
    outcome: str = "success",
    status: int | None = None,
    *,
    number: int = 1,
    chain: int = 1,
    real_ms: float = 1.0,
    **changes: Any,
) -> AttemptView:
    """An attempt so long after the start; a success has the status 200 unless another is given."""
    at = START + round(offset_seconds * SECOND)
    made = AttemptView(
        number=number,
        chain=chain,
        position=number,
        due_at=at,
        started_at=at,
        ended_at=at,
        method="GET",
        url="http://127.0.0.1:1/x",
        revision=1,
        outcome=outcome,
        status=200 if status is None and outcome == "success" else status,
        error="",
        fault="",
        duplicate=False,
        why="",
        real_ms=real_ms,
    )
    return replace(made, **changes)


def delivery(number: int, state: str, *attempts: AttemptView, to: str = "crm", **changes: Any) -> DeliveryView:
    """A delivery of an event of its own, to the subscription of this name."""
    made = DeliveryView(
        id=number,
        event_id=number,
        event="agreement_status_changed" if to == "crm" else "auto_designer_job_completed",
        tenant_id="demo",
        subscription_id=f"id-{to}",
        attributes={},
        occurred_at=START,
        state=state,
        reason="",
        revision=1,
        next_due_at=None,
        attempts=attempts,
    )
    return replace(made, **changes)


def subscription(name: str, *switches: tuple[int, bool, str], deleted_at: int | None = None) -> SubscriptionView:
    """A subscription that was enabled at first; each switch is an instant, whether enabled, and why."""
    revisions = [RevisionView(1, START, True, "http://x", "created")]
    revisions += [
        RevisionView(number, at, enabled, "http://x", why) for number, (at, enabled, why) in enumerate(switches, 2)
    ]
    return SubscriptionView(
        id=f"id-{name}",
        name=name,
        tenant_id="demo",
        event="agreement_status_changed",
        url_template="http://x",
        filters=(),
        auth=(),
        enabled=revisions[-1].enabled,
        disabled_at=None,
        disabled_reason="",
        deleted_at=deleted_at,
        attempts=0,
        failures=0,
        revisions=tuple(revisions),
    )


def report(*deliveries: DeliveryView, crm: SubscriptionView | None = None) -> Report:
    """A report with these deliveries; `crm` and `jobs` are there in any case."""
    return Report(
        scenario="Test",
        description="",
        provider="aurora",
        seed=0,
        version="0",
        clock=ClockView(START, START + HOUR, 1.0),
        totals=Totals(),
        expectations=(),
        subscriptions=(crm or subscription("crm"), subscription("jobs")),
        deliveries=deliveries,
    )


def judged(entry: str, run: Report, **known: Any) -> Judgement:
    """The verdict on one expectation, written as in a file; it stands on line 6."""
    scenario = parse_scenario(f"{HEAD}expect:\n  - {entry}\n", WHERE)
    return judge(scenario.expectations[0], run, scenario, **known)
