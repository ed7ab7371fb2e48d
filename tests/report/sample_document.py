"""The parts of a `report.json` made by hand: attempts, deliveries, subscriptions, the document around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.providers import AURORA

LADDER = (30, 300, 1800, 10800, 72000)
START = datetime(2026, 3, 6, 17, tzinfo=UTC)
HOUR = 3600
TENANT = "8fa1e1a4-2f8e-4c4e-9a38-6f2b0a5c1d11"
RECEIVER = "http://127.0.0.1:8931"
REAL_SECONDS = 1.42

Answer = tuple[str, int | None, str, str]
"""Outcome, status, error and the id of the fault that made it."""
OK: Answer = ("success", 200, "", "")
Document = dict[str, Any]


def iso(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


@dataclass
class Lane:
    """One subscription: what it is sent and when, how its receiver answers, when it was changed."""

    name: str
    event: str
    path: str
    answer: Callable[[float], Answer]
    attributes: Callable[[int], dict[str, str]]
    occurs: tuple[float, ...]
    auth: tuple[str, ...] = ()
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    revisions: list[Document] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.revise(0, "created")

    @property
    def id(self) -> str:
        return f"5b7c0d0e-0000-4000-8000-{sum(map(ord, self.name)):012d}"

    @property
    def template(self) -> str:
        return RECEIVER + self.path

    def revise(self, at: float, change: str, *, enabled: bool = True) -> None:
        self.revisions.append(
            {
                "number": len(self.revisions) + 1,
                "at": iso(at),
                "enabled": enabled,
                "url_template": self.template,
                "change": change,
            }
        )

    def revision_at(self, at: float) -> int:
        return max(one["number"] for one in self.revisions if one["at"] <= iso(at))

    def url(self, attributes: dict[str, str]) -> str:
        url = self.template
        for name, value in attributes.items():
            url = url.replace(f"<{name}>", value.replace("<", "%3C").replace(">", "%3E").replace(" ", "%20"))
        return url


def delivery(lane: Lane, number: int, at: float, attributes: dict[str, str]) -> Document:
    return {
        "id": number,
        "event_id": number,
        "event": lane.event,
        "tenant_id": TENANT,
        "subscription_id": lane.id,
        "attributes": attributes,
        "occurred_at": iso(at),
        "state": "pending",
        "reason": "",
        "revision": lane.revision_at(at),
        "next_due_at": None,
        "attempts": [],
    }


def attempt(lane: Lane, one: Document, at: float, answer: Answer, **place: Any) -> Document:
    """One more attempt of a delivery; `place` sets position, chain, duplicate or why."""
    outcome, status, error, fault = answer
    number = len(one["attempts"]) + 1
    position = place.get("position", number)
    took = 10 if outcome.endswith("timeout") else 0
    made = {
        "number": number,
        "chain": 1,
        "position": position,
        "due_at": iso(at),
        "started_at": iso(at),
        "ended_at": iso(at + took),
        "method": "GET",
        "url": lane.url(one["attributes"]),
        "revision": lane.revision_at(at),
        "outcome": outcome,
        "status": status,
        "error": error,
        "fault": fault,
        "duplicate": False,
        "why": _why(outcome, position),
        "real_ms": 0.0 if fault else took * 1000.0 or round(1.2 + (one["id"] * 7 % 23) / 10, 1),
        "body": None,
        **place,
    }
    one["attempts"].append(made)
    return made


def _why(outcome: str, position: int) -> str:
    if outcome == "success":
        return "a complete 2xx in time (R1)"
    if position > len(LADDER):
        return "the last attempt of the ladder failed (R3)"
    return f"failed: retry {position} of {len(LADDER)} (R3)"


def fault(lane: Lane, hours: tuple[float, float], **fields: str) -> Document:
    since, until = hours
    window = {"since": iso(since * HOUR), "until": iso(until * HOUR)}
    return {**fields, **window, "subscription_id": lane.id, "event": None}


def document(
    lanes: tuple[Lane, ...],
    deliveries: list[Document],
    end: float,
    expectations: list[Document],
    faults: list[Document],
) -> Document:
    failed = any(one["verdict"] == "fail" for one in expectations)
    return {
        "schema": "aurora-sim/report/1",
        "scenario": "Weekend outage",
        "description": "The CRM's load balancer dies on Friday evening; jobs go to a wrong address all along.",
        "provider": "aurora",
        "seed": 7,
        "version": "0.1.0",
        "verdict": "fail" if failed else "pass",
        "clock": _clock(end),
        "totals": _totals(deliveries),
        "expectations": expectations,
        "subscriptions": [_subscription(lane, deliveries) for lane in lanes],
        "deliveries": deliveries,
        "faults": faults,
        "readings": {
            "timeout_scope": "total",
            "retry_delay_from": "end",
            "retry_jitter": 0.0,
            "disable_cancels_pending": True,
            "autodisable_window": "trailing",
            "space_encoding": "%20",
        },
        "receiver": RECEIVER,
        "command": "aurora-sim run scenarios/weekend-outage.yaml --seed 7",
        "ladder_seconds": list(LADDER),
        "clauses": dict(AURORA.clauses),
        "disable": {"attempts": 100, "window_seconds": 48 * HOUR},
        "digest": "sha256:4e6f1a0c6f0d2f4d9f0f7f6a9d2f8c1f0b7c5c1f3f6f4ef0b1a4a1f8b9f3c2d1",
    }


def _clock(end: float) -> Document:
    return {
        "virtual_start": iso(0),
        "virtual_end": iso(end),
        "virtual_seconds": end,
        "real_seconds": REAL_SECONDS,
        "compression": round(end / REAL_SECONDS, 1),
    }


def _totals(deliveries: list[Document]) -> dict[str, int]:
    states = [one["state"] for one in deliveries]
    attempts = [attempt for one in deliveries for attempt in one["attempts"]]
    return {
        "events": len(deliveries),
        "filtered": states.count("filtered"),
        "deliveries": len(states) - states.count("filtered"),
        "attempts": len(attempts),
        "delivered": states.count("delivered"),
        "exhausted": states.count("exhausted"),
        "cancelled": states.count("cancelled"),
        "pending": states.count("pending"),
        "duplicates": sum(attempt["duplicate"] for attempt in attempts),
    }


def _subscription(lane: Lane, deliveries: list[Document]) -> Document:
    outcomes = [a["outcome"] for one in deliveries if one["subscription_id"] == lane.id for a in one["attempts"]]
    return {
        "id": lane.id,
        "name": lane.name,
        "tenant_id": TENANT,
        "event": lane.event,
        "url_template": lane.template,
        "filters": [[name, list(values)] for name, values in lane.filters],
        "auth": list(lane.auth),
        "enabled": lane.revisions[-1]["enabled"],
        "disabled_at": None,
        "disabled_reason": "",
        "deleted_at": None,
        "attempts": len(outcomes),
        "failures": sum(outcome != "success" for outcome in outcomes),
        "revisions": lane.revisions,
    }
