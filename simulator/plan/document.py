"""The plan as plain data: instants in ISO 8601, durations in seconds, for `--json` and for whoever reads it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from simulator.domain.instant import SECOND, format_instant
from simulator.plan.model import SCHEMA, Plan

_INSTANTS = frozenset({"at", "start", "end", "since", "until"})
_DURATION = "_us"


def plan_document(plan: Plan) -> dict[str, Any]:
    """The plan for `json.dumps`; the same assumptions and seed give the same document."""
    document: dict[str, Any] = _readable({"schema": SCHEMA, **asdict(plan)})
    document["counts"]["missed"] = plan.counts.missed
    for written, subscription in zip(document["subscriptions"], plan.subscriptions, strict=True):
        written["counts"]["missed"] = subscription.counts.missed
    return document


def _readable(value: Any) -> Any:
    if isinstance(value, dict):
        return {_name(key): _write(key, inner) for key, inner in value.items()}
    return [_readable(inner) for inner in value] if isinstance(value, list | tuple) else value


def _name(key: str) -> str:
    return f"{key.removesuffix(_DURATION)}_seconds" if key.endswith(_DURATION) else key


def _write(key: str, value: Any) -> Any:
    if not isinstance(value, int):
        return _readable(value)
    if key in _INSTANTS or key.endswith("_at"):
        return format_instant(value)
    if key.endswith(_DURATION):
        return value // SECOND if value % SECOND == 0 else value / SECOND
    return value
