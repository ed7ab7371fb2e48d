"""What changes, as it changes: server-sent events from a cursor on.

    event: changes   id: EPOCH.NUMBER   {"changes": [{"kind": "delivery", "id": 7, "record": {…}}, …]}
                                        kinds: subscription, fault, delivery, and standing: the counts and the health
                                        of a subscription whose deliveries changed; and those of `desk.further`
    event: clock     without an id      the clock as it runs: whenever that changes, and every 10 s real
    event: reset     without an id      the cursor is of no use: take a new snapshot; the stream ends

One message in 50 ms at most. A reader that does not read holds up nobody: it is not waited for, what it misses is not
kept for it, and after a while it is let go.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from aiohttp import web

from simulator.clock.stopwatch import breathe
from simulator.control.desk import Desk
from simulator.control.feed import TICK_SECONDS, Batch, Touched
from simulator.control.operation import ENDLESS, Asked, Operation
from simulator.control.queries import StreamQuery
from simulator.control.records import (
    NONE,
    Record,
    delivery_records,
    event_records,
    fault_records,
    health_record,
    subscription_records,
    with_health,
)
from simulator.errors import Unavailable
from simulator.store.happenings import happenings

MOST_READERS = 64
MOST_CHANGES = 250  # in one message
HEARTBEAT_SECONDS = 10  # real
PATIENCE_SECONDS = 30  # real: how long a reader may take for one message

_LIVELY = frozenset({"speed", "paused", "rate", "on_wire", "next_due", "advancing_to", "failure"})
_HEADERS = {"Content-Type": ENDLESS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def follow(asked: Asked) -> web.StreamResponse:
    """Send until the reader goes, falls behind, or the server stops."""
    feed = asked.desk.feed
    if feed.readers >= MOST_READERS:
        raise Unavailable(f"{MOST_READERS} readers follow already; close one")
    query: StreamQuery = asked.query
    cursor = asked.request.headers.get("Last-Event-ID") or query.after
    position = feed.last if cursor is None else feed.position(cursor)
    response = web.StreamResponse(headers=_HEADERS)
    reader = _Reader(asked.desk, response)
    with feed.reading(), suppress(ConnectionError, TimeoutError):  # whoever leaves before the first word, too
        await response.prepare(asked.request)
        if position is None:
            await reader.reset("this cursor is of another run, or too old to go on from")
        else:
            await reader.follow(position)
    return response


class _Reader:
    """One stream on its way to one reader."""

    def __init__(self, desk: Desk, response: web.StreamResponse) -> None:
        self._desk, self._response = desk, response
        self._clock: Record = {}

    async def follow(self, position: int) -> None:
        feed = self._desk.feed
        await self._tell_clock()
        while not feed.closed:
            ticks = feed.ticks
            batch = feed.after(position, MOST_CHANGES)
            if batch is None:
                await self.reset("this reader fell too far behind")
                return
            if batch.touched:
                await self._tell(batch)
                position = batch.last
            await self._tell_clock(only_if_changed=True)
            if position < feed.last:
                await breathe(TICK_SECONDS)
            elif not await feed.news(ticks, HEARTBEAT_SECONDS):
                await self._tell_clock()

    async def reset(self, why: str) -> None:
        await self._send("reset", {"why": why})

    async def _tell(self, batch: Batch) -> None:
        changes = changed_records(self._desk, batch.touched)
        await self._send("changes", {"changes": changes}, self._desk.feed.cursor_at(batch.last))

    async def _tell_clock(self, *, only_if_changed: bool = False) -> None:
        state = self._desk.timekeeper.state()
        lively = {name: state[name] for name in _LIVELY}
        if not state["rate"]:
            lively["now"] = state["now"]  # where time does not flow, nobody can tell by himself how far it has come
        if only_if_changed and lively == self._clock:
            return
        self._clock = lively
        await self._send("clock", state)

    async def _send(self, event: str, data: dict[str, Any], cursor: str = "") -> None:
        lines = [f"event: {event}", *([f"id: {cursor}"] if cursor else []), f"data: {json.dumps(data)}", "", ""]
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._response.write("\n".join(lines).encode())


def changed_records(desk: Desk, touched: Sequence[Touched]) -> list[Record]:
    """These records as they are now."""
    simulation, db = desk.simulation, desk.simulation.ledger.db
    changes: list[Record] = []
    for kind, one in touched:
        if kind == "subscription":
            records = subscription_records(db, desk.meters.by_subscription, str(one))
            changes += _of_kind(kind, with_health(simulation, records))
    faults = {one for kind, one in touched if kind == "fault"}
    if faults:
        known = fault_records(db, simulation.clock.now())
        changes += _of_kind("fault", [record for record in known if record["id"] in faults])
    known_above = [(kind, one, desk.further[kind]) for kind, one in touched if kind in desk.further]
    further = [{"kind": kind, "id": one, "record": tell()} for kind, one, tell in known_above]
    deliveries = delivery_records(db, [int(one) for kind, one in touched if kind == "delivery"])
    events = event_records(db, happenings(db, [int(one) for kind, one in touched if kind == "event"]))
    told = _of_kind("delivery", deliveries) + _of_kind("event", events)
    return changes + told + _standings(desk, deliveries) + further


def _standings(desk: Desk, deliveries: Sequence[Record]) -> list[Record]:
    """How the subscriptions of these deliveries stand since: their counts and their health, without revisions."""
    concerned = dict.fromkeys(record["subscription_id"] for record in deliveries)
    return [{"kind": "standing", "id": one, "record": standing_record(desk, one)} for one in concerned]


def standing_record(desk: Desk, subscription_id: str) -> Record:
    """What changes of a subscription with every attempt, in the words of its own record."""
    attempts, failures = desk.meters.by_subscription.get(subscription_id, NONE)
    health = health_record(desk.simulation, subscription_id)
    return {"attempts": attempts, "failures": failures, "health": health}


def _of_kind(kind: str, records: Sequence[Record]) -> list[Record]:
    return [{"kind": kind, "id": record["id"], "record": record} for record in records]


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/stream",
        "follow_stream",
        "What changes, as server-sent events",
        follow,
        {200: "changes, until the reader goes", 503: "too many readers"},
        query=StreamQuery,
        media=ENDLESS,
    ),
)
