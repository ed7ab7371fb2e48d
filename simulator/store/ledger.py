"""The append-only ledger: what was accepted, what was sent, what came of it.

In: domain values, buffered as rows of plain types, for to bind an enum or a boolean costs SQLite three times as much.
Out: nothing is told to anyone before `commit`, which writes all that was buffered in one transaction: one for a virtual
instant or a few milliseconds. Ids and `seq` are counted here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from simulator.domain.decision import Attempt, Decision
from simulator.domain.delivery import Delivery, Move, Rung, State
from simulator.domain.event import Event, PlannedEvent
from simulator.domain.fault import Fault
from simulator.domain.subscription import Subscription
from simulator.errors import StoreUnusable
from simulator.store.changes import Changes
from simulator.store.database import BRIEF_LOG_PAGES, LOG_PAGES, MEMORY, claim, open_database, plain_errors
from simulator.store.insertion import insert
from simulator.store.progress import Progress, write_progress
from simulator.store.record import write_attributes, write_definition, write_fault, write_json
from simulator.store.statements import INSERT, LANDED, MOVED_ON, OCCURRED

Batch = tuple[str, list[tuple[Any, ...]]]
"""A statement, and the rows for which it is executed."""


class Ledger:
    """Buffers rows and commits them together. One ledger owns one database file or one database in memory."""

    def __init__(self, path: str | Path = MEMORY) -> None:
        self.path = path
        self._claim = claim(path)
        try:
            self.db: Database = open_database(path)
        except BaseException:
            self._claim.close()
            raise
        self._rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in INSERT}
        self._brief = False
        self._landed: dict[int, int] = {}
        self._moved_on: list[tuple[Any, ...]] = []
        self._occurred: list[tuple[Any, ...]] = []
        self._last_event = self._highest("events", "id")
        self._delivery_ids = count(self._highest("deliveries", "id") + 1)
        self._last_planned = self._highest("planned", "id")
        self.seq = count(max(self._highest(table, "seq") for table in ("attempts", "moves", "faults")) + 1)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever accepted here."""
        return not self.db["events"].count and not self.db["revisions"].count

    @property
    def mark(self) -> tuple[int, int]:
        """What no two acceptances see alike: the last event and the last planned one, also across restarts."""
        return self._last_event, self._last_planned

    def next_event_id(self) -> int:
        self._last_event += 1
        return self._last_event

    def next_delivery_id(self) -> int:
        return next(self._delivery_ids)

    def next_planned_number(self) -> int:
        self._last_planned += 1
        return self._last_planned

    def add_event(self, event: Event) -> None:
        attributes = write_attributes(event.attributes)
        self._rows["events"].append((event.id, event.tenant_id, event.name, attributes, event.occurred_at))

    def add_planned(self, planned: PlannedEvent) -> None:
        """An event that was accepted for a later instant."""
        attributes = write_attributes(planned.attributes)
        self._rows["planned"].append((planned.number, planned.tenant_id, planned.name, attributes, planned.occurs_at))

    def planned_occurred(self, number: int) -> None:
        """It occurs now: its row goes in the transaction that records the event."""
        self._occurred.append((number,))

    def add_progress(self, progress: Progress) -> None:
        """How far a resend of many has come; replaces what was written of it before (R10)."""
        self._rows["resends"].append(write_progress(progress))

    def add_revision(self, subscription: Subscription) -> None:
        shown, secrets = write_definition(subscription.definition)
        self._rows["revisions"].append(
            (
                subscription.id,
                subscription.revision,
                subscription.tenant_id,
                subscription.application_id,
                subscription.name,
                shown,
                subscription.created_at,
                subscription.updated_at,
                subscription.disabled_at,
                subscription.disabled_reason,
                subscription.deleted_at,
            )
        )
        self._rows["secrets"].append((subscription.id, subscription.revision, secrets))

    def add_delivery(self, new: Delivery) -> None:
        self._rows["deliveries"].append(
            (
                new.id,
                new.event_id,
                new.subscription_id,
                new.revision,
                new.state.value,
                new.reason,
                new.fault,
                new.due_at,
            )
        )

    def depart(self, delivery_id: int, rung: Rung, revision: int, started_at: int) -> None:
        """An attempt is about to leave; committed before it does (R14)."""
        place = (rung.number, rung.chain, rung.position, int(rung.duplicate))
        row = (delivery_id, *place, revision, rung.due_at, started_at)
        landed = self._landed.pop(delivery_id, None)
        if landed is None:
            self._rows["on_wire"].append(row)
        else:  # the one before it landed in this transaction: one statement for both
            self._moved_on.append((*row, delivery_id, landed))

    def recall(self, delivery_id: int, rung: Rung) -> None:
        """An attempt that was about to leave did not leave after all."""
        self._landed[delivery_id] = rung.number

    def add_attempt(self, attempt: Attempt, state: State, decision: Decision) -> None:
        """A finished attempt with what was decided, the state it led to, and when the next one is due."""
        rung, outcome, following = attempt.rung, attempt.outcome, decision.next
        self._landed[attempt.delivery_id] = rung.number
        self._rows["attempts"].append(
            (
                next(self.seq),
                attempt.delivery_id,
                attempt.subscription_id,
                rung.number,
                rung.chain,
                rung.position,
                int(rung.duplicate),
                attempt.revision,
                rung.due_at,
                attempt.started_at,
                attempt.ended_at,
                attempt.request.method,
                attempt.request.url,
                outcome.kind.value,
                outcome.status,
                outcome.error,
                outcome.fault,
                outcome.real_us,
                state.value,
                decision.why,
                following and following.due_at,
                following and following.position,
                following and int(following.duplicate),
                None if attempt.request.body is None else attempt.request.body.decode(),
            )
        )

    def add_move(
        self, delivery_id: int, move: Move, state: State, *, at: int, reason: str, following: Rung | None = None
    ) -> None:
        """A cancellation or a resend: what changes a delivery without an attempt (R6, R10)."""
        place = (following.due_at, following.number, following.chain) if following else (None, None, None)
        self._rows["moves"].append((next(self.seq), delivery_id, move, at, state, reason, *place))

    def add_fault(self, fault: Fault, at: int, *, cleared: bool = False) -> None:
        self._rows["faults"].append((next(self.seq), fault.id, write_fault(fault), at, cleared))

    def extend(self, table: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Rows for this table, as `add_…` makes them: for whoever makes many at once. A `seq` is taken from `seq`."""
        self._rows[table].extend(rows)

    def note(self, facts: Mapping[str, Any]) -> None:
        """Keep facts about the run itself (seed, provider, start …); written at once."""
        with self._writing():
            self.db["facts"].upsert_all(  # type: ignore[union-attr]  # a table, never a view
                ({"name": name, "value": write_json(value)} for name, value in facts.items()), pk="name"
            )

    def buffered(self) -> Changes:
        """What the next commit will touch."""
        rows = self._rows
        events = frozenset(row[0] for row in rows["events"])
        return Changes(
            events=events,
            deliveries=frozenset(
                (
                    *(row[0] for row in rows["deliveries"]),
                    *(row[0] for row in rows["on_wire"]),
                    *(row[1] for row in rows["attempts"]),
                    *(row[1] for row in rows["moves"]),
                )
            ),
            subscriptions=frozenset(row[0] for row in rows["revisions"]),
            faults=frozenset(row[1] for row in rows["faults"]),
            silent=events.difference(row[1] for row in rows["deliveries"]),  # both are written together
        )

    def commit(self) -> None:
        """Write everything buffered in one transaction; afterwards it survives the death of the process."""
        inserts: list[Batch] = [(INSERT[table], rows) for table, rows in self._rows.items() if rows]
        changes: list[Batch] = []
        if self._moved_on:
            changes.append((MOVED_ON, self._moved_on))
        if self._landed:
            changes.append((LANDED, list(self._landed.items())))
        if self._occurred:
            changes.append((OCCURRED, self._occurred))
        if not (inserts or changes):
            return
        try:
            self._write(inserts, changes)
        except sqlite3.DatabaseError:
            with self._writing():  # only now, for it costs as much as a row
                raise
        for _, rows in (*inserts, *changes):
            rows.clear()
        self._landed.clear()

    def fold_briefly(self, *, brief: bool) -> None:
        """Whether a commit may wait for the disk often and briefly (real time), or rarely and for longer."""
        if brief is not self._brief:
            self._brief = brief
            self.db.execute(f"PRAGMA wal_autocheckpoint = {BRIEF_LOG_PAGES if brief else LOG_PAGES}")

    def close(self) -> None:
        try:
            self.commit()
        finally:
            self.db.close()
            self._claim.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Errors in plain words. A lock that was waited for once in vain is not waited for again."""
        try:
            with plain_errors(self.path):
                yield
        except StoreUnusable:
            self.db.execute("PRAGMA busy_timeout = 0")
            raise

    def _write(self, inserts: Iterable[Batch], changes: Iterable[Batch]) -> None:
        connection = self.db.conn
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement, rows in inserts:
                insert(connection, statement, rows)
            for statement, rows in changes:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise

    def _highest(self, table: str, column: str) -> int:
        (highest,) = self.db.execute(f"SELECT max({column}) FROM {table}").fetchone()
        return highest or 0
