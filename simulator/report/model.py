"""What happened, as values: the one model behind every view (JSON, HTML, JUnit, text).

Field names are those of `report.json`. Instants are virtual microseconds here and ISO 8601 in the views.
Secrets never enter this model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.domain.health import DisableRule
from simulator.report.remark import RemarkView

SCHEMA = "aurora-sim/report/1"

Verdict = Literal["pass", "fail"]
CheckVerdict = Literal["pass", "fail", "warn", "unknown", "skipped"]


@dataclass(frozen=True, slots=True)
class AttemptView:
    """`body` is what was posted, None where the provider sends no body."""

    number: int
    chain: int
    position: int
    due_at: int
    started_at: int
    ended_at: int
    method: str
    url: str
    revision: int
    outcome: str
    status: int | None
    error: str
    fault: str
    duplicate: bool
    why: str
    real_ms: float
    body: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """One delivery with its attempts. `next_due_at` is set while another attempt is to come."""

    id: int
    event_id: int
    event: str
    tenant_id: str
    subscription_id: str
    attributes: Mapping[str, str]
    occurred_at: int
    state: str
    reason: str
    revision: int
    next_due_at: int | None
    attempts: tuple[AttemptView, ...]


@dataclass(frozen=True, slots=True)
class RevisionView:
    """A subscription as it was from an instant on; `change` names what differs from the revision before."""

    number: int
    at: int
    enabled: bool
    url_template: str
    change: str


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """`attempts` and `failures` count over the whole run; `disabled_at` and the reason tell the present state."""

    id: str
    name: str
    tenant_id: str
    event: str
    url_template: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]
    auth: tuple[str, ...]
    enabled: bool
    disabled_at: int | None
    disabled_reason: str
    deleted_at: int | None
    attempts: int
    failures: int
    revisions: tuple[RevisionView, ...]


@dataclass(frozen=True, slots=True)
class FaultView:
    """An injected fault's window; `until` is None where it was never cleared, `subscription_id` None for all."""

    id: str
    kind: str
    since: int
    until: int | None
    subscription_id: str | None
    event: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class Totals:
    """`deliveries` counts those that were to be sent; `filtered` those that a filter refused."""

    events: int = 0
    filtered: int = 0
    deliveries: int = 0
    attempts: int = 0
    delivered: int = 0
    exhausted: int = 0
    cancelled: int = 0
    pending: int = 0
    duplicates: int = 0


@dataclass(frozen=True, slots=True)
class Judgement:
    """One expectation of a scenario, judged. `evidence` holds the ids of the deliveries that show it."""

    name: str
    verdict: Verdict
    expected: str
    actual: str
    evidence: tuple[int, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check of a receiver's contract. `evidence` holds ids of deliveries, and texts.

    `advice` says what to do, or for an unknown what to give; `repeat` is the command, `scenario` a file that shows it
    again. `measured` holds real times: it is in no digest.
    """

    id: str
    verdict: CheckVerdict
    clause: str
    message: str
    evidence: tuple[int | str, ...] = ()
    advice: str = ""
    repeat: str = ""
    measured: str = ""
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class ClockView:
    virtual_start: int
    virtual_end: int
    real_seconds: float

    @property
    def virtual_seconds(self) -> float:
        return (self.virtual_end - self.virtual_start) / 1_000_000

    @property
    def compression(self) -> float:
        return self.virtual_seconds / self.real_seconds if self.real_seconds else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """The whole run. `ladder_seconds` and `disable` are the provider's own, for views that draw them; None: unsaid.

    `clauses` says what the clauses stand for that reasons name in brackets.
    """

    scenario: str
    description: str
    provider: str
    seed: int
    version: str
    clock: ClockView
    totals: Totals
    expectations: tuple[Judgement, ...]
    subscriptions: tuple[SubscriptionView, ...]
    deliveries: tuple[DeliveryView, ...]
    faults: tuple[FaultView, ...] = ()
    remarks: tuple[RemarkView, ...] = ()
    readings: Mapping[str, Any] = field(default_factory=dict)
    receiver: str = ""
    command: str = ""
    ladder_seconds: tuple[int, ...] | None = None
    disable: DisableRule | None = None
    clauses: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[CheckView, ...] = ()

    @property
    def verdict(self) -> Verdict:
        verdicts = [*(one.verdict for one in self.expectations), *(one.verdict for one in self.checks)]
        return "fail" if "fail" in verdicts else "pass"
