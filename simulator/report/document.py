"""`report.json`: the model as plain data, with its digest.

The digest covers everything but real time, generated addresses and what clauses say: the same scenario, seed and
answers give the same digest, however fast the machine was and whichever port the receiver had.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from simulator.domain.instant import format_instant
from simulator.report.model import SCHEMA, Report

_INSTANTS = frozenset({"at", "since", "until", "virtual_start", "virtual_end"})
_REAL = frozenset({"real_ms", "real_seconds", "compression", "command", "receiver", "version", "measured", "repeat"})
_EXPLAINED = frozenset({"clauses"})


def report_document(report: Report) -> dict[str, Any]:
    """The report as it is written to `report.json`, instants in ISO 8601, digest last."""
    document = _readable(
        {
            "schema": SCHEMA,
            **asdict(report),
            "verdict": report.verdict,
            "clock": {
                **asdict(report.clock),
                "virtual_seconds": report.clock.virtual_seconds,
                "compression": round(report.clock.compression, 1),
            },
        }
    )
    if not report.checks:
        del document["checks"]  # only a verification has any
    return {**document, "digest": digest(document, report.receiver)}


def readable(view: Any) -> Any:
    """Any part of the model as it stands in `report.json`."""
    return _readable(asdict(view))


def digest(document: dict[str, Any], receiver: str) -> str:
    """`sha256:…` over what is repeatable; the receiver's address is replaced by a word."""
    text = json.dumps(_repeatable(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    if receiver:
        address = receiver.partition("://")[2].rstrip("/")
        text = text.replace(address, "{receiver}")
    return f"sha256:{sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def _readable(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _readable(inner, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_readable(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and (name.endswith("_at") or name in _INSTANTS):
        return format_instant(value)
    return value


def _repeatable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _repeatable(inner) for key, inner in value.items() if key not in _REAL | _EXPLAINED}
    return [_repeatable(inner) for inner in value] if isinstance(value, list) else value
