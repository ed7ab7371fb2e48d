"""`GET /simulator/receiver`: what the embedded receiver got and did, beside what the sender believes.

The receiver is a program of its own and is asked over HTTP, as anybody could ask it. What was read of both sides is
kept, so that every look reads only what is new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from pydantic import Field
from sqlite_utils import Database

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.control.queries import Number, Query
from simulator.dashboard.compare import Got, Row, Sent, compare
from simulator.domain.instant import format_instant
from simulator.errors import Refused

PATH = "/simulator/receiver"
PATIENCE = ClientTimeout(total=3)  # real seconds; it is a neighbour on this machine
MOST = 50_000  # attempts or requests that are compared
MOST_CANDIDATES = 10

_ATTEMPTS = """
    SELECT seq, delivery_id, number, subscription_id, method, url, body, started_at, ended_at, outcome, status, fault
    FROM attempts WHERE seq > ? ORDER BY seq LIMIT ?"""


class ReceiverQuery(Query):
    """Which rows; newest first."""

    skip: Number = Field(0, description="Leave out so many of the newest: `next` of the page before.")
    limit: int = Field(200, ge=1, le=1000, description="How many rows.")


@dataclass(slots=True)
class Beside:
    """Both sides of one embedded receiver, as far as they were read."""

    kind: str
    base: str
    sent: list[Sent] = field(default_factory=list)
    got: list[Got] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    read_to: int = 0
    compared: tuple[int, int, Got | None] | None = None
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def look(self, asked: Asked) -> Mapping[str, Any]:
        """Read what is new, and the receiver's state. The receiver is asked first: what it has was sent before."""
        async with self.reading:
            state, got = await self._ask()
            if self.got and (not got or got[0] != self.got[-1]):
                self.got = []  # it forgot everything, so it counts anew
                state, got = await self._ask()
            self.got += got[1:] if self.got else got
            await asked.desk.library.read(self._read)
        return state

    def _read(self, db: Database) -> None:
        """What was sent meanwhile, and both sides compared: beside the engine, which goes on."""
        fresh = [Sent(*row) for row in db.execute(_ATTEMPTS, [self.read_to, MOST + 1]).fetchall()]
        self.read_to = fresh[-1].seq if fresh else self.read_to
        self.sent += (one for one in fresh if one.url.startswith(self.base))
        if max(len(self.sent), len(self.got)) > MOST:
            raise Refused(f"there are more than {MOST} requests; start again with an empty database to compare them")
        known = len(self.sent), len(self.got), self.got[-1] if self.got else None
        if known != self.compared:
            self.rows, self.compared = compare(self.sent, self.got), known

    async def _ask(self) -> tuple[Mapping[str, Any], list[Got]]:
        """Its state, and its entries from the last known one on: if that is another now, it has begun anew."""
        last = self.got[-1].number if self.got else 1
        try:
            async with ClientSession(self.base, timeout=PATIENCE) as session:
                async with session.get("/received", params={"after": last - 1}) as answer:
                    entries = await answer.json()
                async with session.get("/state") as answer:
                    state: Mapping[str, Any] = await answer.json()
            return state, [_got(one) for one in entries]
        except (ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            words = f"the receiver at {self.base} gave no answer that could be read ({type(error).__name__})"
            raise web.HTTPBadGateway(reason=words) from error


def receiver_operations(kind: str, base: str | None) -> tuple[Operation, ...]:
    """The operation for the receiver that `serve` started, if it started one."""
    beside = Beside(kind, base.rstrip("/")) if base else None

    async def show(asked: Asked) -> web.Response:
        if beside is None:
            return say({"kind": None, "why": "serve was started without --receiver"})
        state = await beside.look(asked)
        wanted: ReceiverQuery = asked.query
        end = max(0, len(beside.rows) - wanted.skip)
        start = max(0, end - wanted.limit)
        names = {one.id: one.name for one in asked.desk.simulation.roster}
        return say(
            {
                "kind": beside.kind,
                "url": beside.base,
                "rows": [_record(row, names) for row in reversed(beside.rows[start:end])],
                "counts": _counts(beside.rows),
                "objects": state.get("objects", {}),
                "effects": state.get("effects", []),
                "next": wanted.skip + wanted.limit if start else None,
            }
        )

    words = {200: "both views, or that there is no such receiver", 409: "too much to compare", 502: "it is silent"}
    summary = "What the embedded receiver got and did, beside what was sent"
    return (Operation("GET", PATH, "show_receiver", summary, show, words, query=ReceiverQuery),)


def _got(entry: Mapping[str, Any]) -> Got:
    return Got(*(entry[name] for name in ("number", "method", "path", "query", "decision", "status")))


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    """How many rows there are, how many requests came, and how many rows want a look."""
    every = list(rows)
    return {
        "rows": len(every),
        "received": sum(one.got is not None for one in every),
        "disagreements": sum(one.disagrees for one in every),
        "ambiguous": sum(bool(one.candidates) for one in every),
    }


def _record(row: Row, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sent": row.sent and _sent_record(row.sent, names),
        "got": row.got and asdict(row.got),
        "candidates": [_sent_record(one, names) for one in row.candidates[:MOST_CANDIDATES]],
        "candidate_count": len(row.candidates),
        "note": row.note,
        "disagrees": row.disagrees,
    }


def _sent_record(one: Sent, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "delivery_id": one.delivery_id,
        "number": one.number,
        "subscription": names.get(one.subscription_id, ""),
        "method": one.method,
        "url": one.url,
        "started_at": format_instant(one.started_at),
        "outcome": one.outcome,
        "status": one.status,
        "fault": one.fault,
    }
