"""What a receiver knows, as plain values for JSON: sorted, so that equal knowledge is equal text.

In go the records, out come dicts and lists. Counts of wishes stand in `refreshes` only: everything else but
the ledger is the same however often a webhook was repeated.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from simulator.receivers.records import Records

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"


def state(records: Records) -> Json:
    """The status of every object, `{kind: {id: status}}`, and the one-time work that was set off."""
    found = records.rows("SELECT kind, id, status FROM objects ORDER BY kind, id")
    objects: defaultdict[str, dict[str, Json]] = defaultdict(dict)
    for kind, object_id, status in found:
        objects[kind][object_id] = status or None
    done = records.rows("SELECT kind, id, effect FROM effects ORDER BY kind, id, effect")
    return {"objects": dict(objects), "effects": [dict(row) for row in done]}


def of_kind(records: Records, kind: str) -> dict[str, Json]:
    """The status of every object of one kind, by id; None where only the object is known."""
    found = records.rows("SELECT id, status FROM objects WHERE kind = ? ORDER BY id", kind)
    return {object_id: status or None for object_id, status in found}


def one_object(records: Records, kind: str, object_id: str) -> Json:
    """All that is known of one object, or None if it was never heard of."""
    found = records.rows("SELECT status FROM objects WHERE kind = ? AND id = ?", kind, object_id)
    if not found:
        return None
    wish = records.rows("SELECT served < wished FROM refreshes WHERE kind = ? AND id = ?", kind, object_id)
    return {
        "kind": kind,
        "id": object_id,
        "status": found[0]["status"] or None,
        "facts": _facts(records, kind, object_id),
        "effects": _effects(records, kind, object_id),
        "to_be_read_back": bool(wish and wish[0][0]),
    }


def received(records: Records, after: int) -> Json:
    """The ledger past one number, in the order of arrival."""
    return [dict(row) for row in records.rows("SELECT * FROM received WHERE number > ? ORDER BY number", after)]


def refreshes(records: Records) -> Json:
    """Objects to be read back: how many wishes there were, and how many of them a look has served."""
    return [dict(row) for row in records.rows("SELECT * FROM refreshes ORDER BY kind, id")]


def _facts(records: Records, kind: str, object_id: str) -> Json:
    facts: defaultdict[str, list[Json]] = defaultdict(list)
    for name, value in records.rows(
        "SELECT name, value FROM facts WHERE kind = ? AND id = ? ORDER BY name, value", kind, object_id
    ):
        facts[name].append(value)
    return dict(facts)


def _effects(records: Records, kind: str, object_id: str) -> Json:
    done = records.rows("SELECT effect FROM effects WHERE kind = ? AND id = ? ORDER BY effect", kind, object_id)
    return [row["effect"] for row in done]
