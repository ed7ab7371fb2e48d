"""The statements with which the ledger is written, and the columns of each table in the order of its rows."""

from __future__ import annotations

COLUMNS = {
    "events": "id, tenant_id, name, attributes, occurred_at",
    "revisions": "subscription_id, number, tenant_id, application_id, name, definition, created_at, made_at, "
    "disabled_at, disabled_reason, deleted_at",
    "secrets": "subscription_id, revision, secrets",
    "deliveries": "id, event_id, subscription_id, revision, state, reason, fault, next_due_at",
    "on_wire": "delivery_id, number, chain, position, duplicate, revision, due_at, started_at",
    "attempts": "seq, delivery_id, subscription_id, number, chain, position, duplicate, revision, due_at, started_at, "
    "ended_at, method, url, outcome, status, error, fault, real_us, state, reason, next_due_at, next_position, "
    "next_duplicate, body",
    "moves": "seq, delivery_id, move, at, state, reason, next_due_at, next_number, next_chain",
    "faults": "seq, id, fault, at, cleared",
    "planned": "id, tenant_id, name, attributes, occurs_at",
    "resends": "id, wanted, at, upto, position, resent, refused, refusals, finished",
}

_REPLACED = {"resends"}

INSERT = {
    table: f"INSERT {'OR REPLACE' if table in _REPLACED else ''} INTO {table} ({columns}) "
    f"VALUES ({', '.join('?' * (columns.count(',') + 1))})"
    for table, columns in COLUMNS.items()
}
MOVED_ON = f"""
    UPDATE on_wire SET ({COLUMNS["on_wire"]}) = ({", ".join("?" * (COLUMNS["on_wire"].count(",") + 1))})
    WHERE delivery_id = ? AND number = ?"""
LANDED = "DELETE FROM on_wire WHERE delivery_id = ? AND number = ?"
OCCURRED = "DELETE FROM planned WHERE id = ?"
