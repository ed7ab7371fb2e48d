"""A report as lines of JSON, one record each, for `jq` and for databases.

In: a document as it stands in `report.json`. Out: lines in this order, told apart by `type`: one `run`, then each
`subscription`, `fault`, `remark`, `event`, `delivery`, `attempt`, `expectation` and `check`. Every line names its
scenario, and what hangs on something else carries its id and its name, so that no question needs a join:

    jq -r 'select(.type == "attempt" and .outcome != "success") | [.subscription, .event, .started_at, .outcome] | @tsv'

An event stands here when there was a delivery of it; the totals of `run` count the others too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]

_PARTS = frozenset({"subscriptions", "deliveries", "faults", "remarks", "expectations", "checks"})


def ndjson_report(document: Record) -> str:
    """The lines, each ended by a newline."""
    scenario = document["scenario"]
    return "".join(_line({"type": kind, "scenario": scenario, **record}) for kind, record in _records(document))


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def _records(document: Record) -> Iterator[tuple[str, Record]]:
    yield "run", {name: value for name, value in document.items() if name not in _PARTS}
    for kind in ("subscription", "fault", "remark"):
        yield from ((kind, one) for one in document[f"{kind}s"])
    yield from (("event", one) for one in _events(document["deliveries"]))
    names = {one["id"]: one["name"] for one in document["subscriptions"]}
    for one in document["deliveries"]:
        yield from _delivery(one, names[one["subscription_id"]])
    for kind in ("expectation", "check"):
        yield from ((kind, one) for one in document.get(f"{kind}s", ()))


def _events(deliveries: Iterable[Record]) -> Iterator[Record]:
    """Each event once, with the deliveries that came of it."""
    of_event: dict[int, list[Record]] = {}
    for one in deliveries:
        of_event.setdefault(one["event_id"], []).append(one)
    for event_id, those in of_event.items():
        shared = {name: those[0][name] for name in ("event", "tenant_id", "occurred_at", "attributes")}
        yield {"id": event_id, **shared, "deliveries": [one["id"] for one in those]}


def _delivery(one: Record, subscription: str) -> Iterator[tuple[str, Record]]:
    """A delivery with the number of its attempts, then each of these with what it belongs to."""
    yield "delivery", {**one, "subscription": subscription, "attempts": len(one["attempts"])}
    whose = {name: one[name] for name in ("event_id", "event", "tenant_id", "subscription_id")}
    for attempt in one["attempts"]:
        yield "attempt", {"delivery_id": one["id"], **whose, "subscription": subscription, **attempt}
