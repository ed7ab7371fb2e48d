"""What is read back from the ledger while the engine runs and when it starts again."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from simulator.domain.delivery import Rung, State
from simulator.domain.event import Event, PlannedEvent
from simulator.domain.fault import Fault
from simulator.domain.subscription import Subscription
from simulator.errors import Bug, NotFound
from simulator.store.pending import Untried, Waiting
from simulator.store.record import read_fault, read_subscription

_EVENTS_OF = """
    SELECT deliveries.id, events.id, tenant_id, name, attributes, occurred_at
    FROM json_each(?) AS wanted JOIN deliveries ON deliveries.id = wanted.value JOIN events ON events.id = event_id"""

_EVENTS_AFTER = """
    SELECT id, tenant_id, name, attributes, occurred_at FROM events
    WHERE id > :after AND (:name IS NULL OR name = :name) ORDER BY id LIMIT :limit"""

# One delivery is asked of `steps`, which can use an index; `standing` would fold the whole ledger.
_STANDING = """
    SELECT deliveries.subscription_id, events.occurred_at, latest.state, latest.next_due_at,
           (SELECT count(*) FROM attempts WHERE delivery_id = :id) AS attempts,
           (SELECT count(*) FROM moves WHERE delivery_id = :id AND move = 'resend') + 1 AS chain
    FROM deliveries JOIN events ON events.id = event_id
         JOIN (SELECT state, next_due_at FROM steps WHERE delivery_id = :id ORDER BY seq DESC LIMIT 1) AS latest
    WHERE deliveries.id = :id"""

# Deliveries of which nothing more is recorded stand where they began; only the others are folded, as `standing` does.
# Beyond the last delivery that was tried or moved, nothing has to be looked up: most of what a crash leaves lies there.
_LAST_TRIED = """
    SELECT max((SELECT ifnull(max(delivery_id), 0) FROM attempts), (SELECT ifnull(max(delivery_id), 0) FROM moves))"""

_PASSED_OVER = """
    SELECT id, subscription_id, next_due_at FROM deliveries
    WHERE id <= ? AND next_due_at IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM attempts WHERE delivery_id = id)
          AND NOT EXISTS (SELECT 1 FROM moves WHERE delivery_id = id)"""

_AFTERWARDS = "SELECT id, subscription_id, next_due_at FROM deliveries WHERE id > ? AND next_due_at IS NOT NULL"

_TRIED = """
    SELECT delivery_id, subscription_id, latest.next_due_at, next_number, next_chain, next_position, next_duplicate
    FROM (SELECT delivery_id, max(seq), next_due_at, next_number, next_chain, next_position, next_duplicate
          FROM steps WHERE seq > 0 GROUP BY delivery_id) AS latest
         JOIN deliveries ON deliveries.id = delivery_id
    WHERE latest.next_due_at IS NOT NULL"""

_SUBSCRIPTIONS = """
    SELECT revisions.*, secrets.secrets
    FROM revisions JOIN secrets ON secrets.subscription_id = revisions.subscription_id
                               AND secrets.revision = revisions.number
    WHERE :id IS NULL OR revisions.subscription_id = :id
    ORDER BY revisions.rowid"""


_DEPARTED = """
    SELECT delivery_id, subscription_id, on_wire.revision, started_at, due_at, number, chain, position, duplicate
    FROM on_wire JOIN deliveries ON deliveries.id = delivery_id ORDER BY due_at, delivery_id"""

_LAST_INSTANT = """
    SELECT max(at) FROM (
        SELECT max(occurred_at) AS at FROM events UNION ALL SELECT max(ended_at) FROM attempts
        UNION ALL SELECT max(at) FROM moves UNION ALL SELECT max(made_at) FROM revisions
        UNION ALL SELECT max(started_at) FROM on_wire UNION ALL SELECT max(at) FROM faults)"""


@dataclass(frozen=True, slots=True)
class Departed:
    """An attempt that left and of which nothing more was recorded."""

    delivery_id: int
    subscription_id: str
    revision: int
    started_at: int
    rung: Rung


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one delivery stands: how many attempts and chains it had, and its state."""

    delivery_id: int
    subscription_id: str
    occurred_at: int
    state: State
    next_due_at: int | None
    attempts: int
    chain: int


def events_of(db: Database, delivery_ids: Sequence[int]) -> dict[int, Event]:
    """The events behind these deliveries, by delivery."""
    rows = db.execute(_EVENTS_OF, [json.dumps(delivery_ids)]).fetchall()
    if len(rows) != len(delivery_ids):
        raise Bug(f"{len(delivery_ids) - len(rows)} deliveries of {len(delivery_ids)} are not in the ledger")
    return {
        delivery_id: Event(event_id, tenant_id, name, json.loads(attributes), occurred_at)
        for delivery_id, event_id, tenant_id, name, attributes, occurred_at in rows
    }


def events_after(db: Database, event_id: int, *, name: str | None = None, limit: int = -1) -> list[Event]:
    """The first `limit` events recorded after that one, all or those of a name, oldest first."""
    rows = db.execute(_EVENTS_AFTER, {"after": event_id, "name": name, "limit": limit}).fetchall()
    return [Event(number, tenant, kind, json.loads(attributes), at) for number, tenant, kind, attributes, at in rows]


def standing_of(db: Database, delivery_id: int) -> Standing:
    """Where one delivery stands; raises `NotFound`."""
    row = db.execute(_STANDING, {"id": delivery_id}).fetchone()
    if row is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    subscription_id, occurred_at, state, next_due_at, attempts, chain = row
    return Standing(delivery_id, subscription_id, occurred_at, State(state), next_due_at, attempts, chain)


def untried(db: Database) -> Iterator[Untried]:
    """Every delivery that waits for its first attempt."""
    last_tried = db.execute(_LAST_TRIED).fetchone()
    return itertools.chain(db.execute(_PASSED_OVER, last_tried), db.execute(_AFTERWARDS, last_tried))


def tried(db: Database) -> Iterator[Waiting]:
    """Every delivery that waits for a further attempt, folded from the whole ledger."""
    return db.execute(_TRIED)


def pending_deliveries(db: Database) -> Iterator[tuple[int, str, Rung]]:
    """Every delivery that waits, with the rung that it waits for."""
    for delivery_id, subscription_id, due_at in untried(db):
        yield delivery_id, subscription_id, Rung(due_at)
    for delivery_id, subscription_id, due_at, number, chain, position, duplicate in tried(db):
        yield delivery_id, subscription_id, Rung(due_at, number, chain, position, bool(duplicate))


def revisions_of_all(db: Database, subscription_id: str | None = None) -> Iterator[Subscription]:
    """Every revision of every subscription, or of one, oldest first."""
    return (read_subscription(row) for row in db.query(_SUBSCRIPTIONS, {"id": subscription_id}))


def departed(db: Database) -> list[Departed]:
    """What was on the wire when the process stopped, in the order in which it left (R14)."""
    return [
        Departed(delivery_id, subscription_id, revision, started_at, Rung(due_at, number, chain, position, bool(again)))
        for (
            delivery_id,
            subscription_id,
            revision,
            started_at,
            due_at,
            number,
            chain,
            position,
            again,
        ) in db.execute(_DEPARTED).fetchall()
    ]


def outcomes_in_order(db: Database) -> Iterator[tuple[str, int, int, str]]:
    """Subscription, instant of the end, revision and outcome of every attempt whose outcome is known, oldest first."""
    return db.execute(
        "SELECT subscription_id, ended_at, revision, outcome FROM attempts WHERE outcome <> 'unknown' ORDER BY seq"
    )


def planned_events(db: Database) -> Iterator[PlannedEvent]:
    """What was accepted for later instants and has not occurred, in the order of acceptance."""
    rows = db.execute("SELECT id, tenant_id, name, attributes, occurs_at FROM planned ORDER BY id").fetchall()
    return (PlannedEvent(number, tenant, name, json.loads(text), at) for number, tenant, name, text, at in rows)


def active_faults(db: Database) -> list[Fault]:
    """The faults that nobody has cleared."""
    rows = db.execute(
        "SELECT fault FROM faults WHERE NOT cleared AND id NOT IN (SELECT id FROM faults WHERE cleared) ORDER BY seq"
    )
    return [read_fault(text) for (text,) in rows.fetchall()]


def last_instant(db: Database) -> int | None:
    """The latest virtual instant of anything recorded; None for an empty ledger."""
    (at,) = db.execute(_LAST_INSTANT).fetchone()
    return None if at is None else int(at)
