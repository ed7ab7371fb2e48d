"""How domain values are written as rows and read back. Secrets stand apart, in a table of their own (S7)."""

from __future__ import annotations

import json
import json.encoder
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.filters import Filter
from simulator.domain.subscription import Definition, Subscription

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))  # `json.dumps` would make one each time

_quoted = json.encoder.encode_basestring


def write_json(value: Any) -> str:
    return _ENCODER.encode(value)


def write_attributes(attributes: Mapping[str, str]) -> str:
    """As `write_json` writes them, in half the time: there is one for each event."""
    pairs = [f"{_quoted(name)}:{_quoted(value)}" for name, value in attributes.items()]
    return f"{{{','.join(pairs)}}}"


def write_definition(definition: Definition) -> tuple[str, str]:
    """A definition as two texts: what may be shown, and its secrets."""
    shown = {
        "events": definition.events,
        "url_template": definition.url_template,
        "enabled": definition.enabled,
        "description": definition.description,
        "headers": [header.name for header in definition.headers],
        "basic_auth": definition.basic_auth and definition.basic_auth.username,
        "filters": [[one.attribute, one.values] for one in definition.filters],
    }
    secrets = {
        "headers": [header.value for header in definition.headers],
        "basic_auth": definition.basic_auth and definition.basic_auth.password,
    }
    return write_json(shown), write_json(secrets)


def read_definition(shown_text: str, secrets_text: str) -> Definition:
    shown, secrets = json.loads(shown_text), json.loads(secrets_text)
    return Definition(
        events=tuple(shown["events"]),
        url_template=shown["url_template"],
        enabled=shown["enabled"],
        description=shown["description"],
        headers=tuple(HeaderAuth(*pair) for pair in zip(shown["headers"], secrets["headers"], strict=True)),
        basic_auth=None if shown["basic_auth"] is None else BasicAuth(shown["basic_auth"], secrets["basic_auth"]),
        filters=tuple(Filter(attribute, tuple(values)) for attribute, values in shown["filters"]),
    )


def read_subscription(row: Mapping[str, Any]) -> Subscription:
    """From a row of `revisions` joined with its secrets."""
    return Subscription(
        id=row["subscription_id"],
        tenant_id=row["tenant_id"],
        application_id=row["application_id"],
        name=row["name"],
        revision=row["number"],
        definition=read_definition(row["definition"], row["secrets"]),
        created_at=row["created_at"],
        updated_at=row["made_at"],
        disabled_at=row["disabled_at"],
        disabled_reason=row["disabled_reason"],
        deleted_at=row["deleted_at"],
    )


def write_fault(fault: Fault) -> str:
    words = asdict(fault) | {"kind": fault.kind.value}
    words["positions"] = sorted(fault.positions) if fault.positions is not None else None
    return write_json(words)


def read_fault(text: str) -> Fault:
    words = json.loads(text)
    positions = words.pop("positions")
    kind = FaultKind(words.pop("kind"))
    return Fault(kind=kind, positions=None if positions is None else frozenset(positions), **words)
