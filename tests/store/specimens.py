"""Domain values for the tests of the store: short to write, complete enough to be recorded."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from simulator.domain.auth import BasicAuth, HeaderAuth
from simulator.domain.decision import Attempt, Decision
from simulator.domain.delivery import Delivery, Move, Rung, State
from simulator.domain.event import Event
from simulator.domain.filters import Filter
from simulator.domain.health import Health
from simulator.domain.instant import SECOND, to_datetime
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.domain.subscription import Definition, Subscription

START = 1_772_816_400 * SECOND  # 2026-03-06 17:00:00 UTC
FIRST = Rung(START)
TOKEN, PASSWORD = "s3cr3t-2dbcbba1", "s3cr3t-Powering the future 0f solar together!"
BASIC = BasicAuth("user@example.com", PASSWORD)

DEFINITION = Definition(
    events=("agreement_status_changed",),
    url_template="https://www.yourapp.com/e?status=<STATUS>",
    description="CRM",
    headers=(HeaderAuth("X-Aurora-Webhook-Token", TOKEN),),
    basic_auth=BASIC,
    filters=(Filter("STATUS", ("sent", "signed")),),
)
SUBSCRIPTION = Subscription("s1", "demo", "crm", 1, DEFINITION, created_at=START, updated_at=START)


def event(number: int = 1, at: int = START) -> Event:
    return Event(number, "demo", "agreement_status_changed", {"STATUS": "signed", "NOTE": "☀️, “soon”\n"}, at)


def delivery(number: int = 1, of: int = 1, subscription_id: str = "s1", due_at: int | None = START) -> Delivery:
    state = State.PENDING if due_at is not None else State.FILTERED
    return Delivery(number, of, subscription_id, 1, state, due_at=due_at)


def attempt(delivery_id: int = 1, rung: Rung = FIRST, kind: Kind = Kind.SERVER_ERROR) -> Attempt:
    """An attempt that took a second from the instant at which it was due."""
    request = Request("GET", "https://www.yourapp.com/e?status=signed", secret_headers=(("X-Token", TOKEN),))
    outcome = Outcome(kind, 503 if kind is Kind.SERVER_ERROR else None, "why", real_us=1_234_567)
    return Attempt(delivery_id, "s1", 1, request, rung, rung.due_at, rung.due_at + SECOND, outcome)


def retried(rung: Rung, after_us: int = 30 * SECOND) -> Decision:
    """The decision that the attempt on this rung is followed by another."""
    following = Rung(rung.due_at + after_us, rung.number + 1, rung.chain, rung.position + 1)
    return Decision(Move.RETRY, "failed: retry (R3)", Health(), following)


def readable(instant: int) -> str:
    return to_datetime(instant).strftime("%Y-%m-%d %H:%M:%S.%f")


@contextmanager
def plain_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """The file as any other SQLite program sees it: no code of ours, read-only."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def rows(path: Path, statement: str) -> list[dict[str, Any]]:
    with plain_connection(path) as connection:
        return [dict(row) for row in connection.execute(statement)]
