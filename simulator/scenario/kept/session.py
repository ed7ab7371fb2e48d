"""What happened in a simulation, as its ledger holds it: read once, for whoever tells it again as a scenario.

In: a database of `serve` or `run`. Out: a `Session`, values only. Secrets are in its definitions: never shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlite_utils import Database

from simulator.domain.event import Event, PlannedEvent
from simulator.domain.provider import Profile
from simulator.domain.reasons import BY_CUSTOMER
from simulator.domain.subscription import Definition, Subscription
from simulator.errors import Refused
from simulator.providers import profile_named
from simulator.store import readback
from simulator.store.history import Course, FaultAct, Resent, courses, fault_acts, resends
from simulator.store.queries import Departed, departed, events_after, last_instant, planned_events, revisions_of_all

MOST_DELIVERIES = 100_000

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Session:
    """`revisions` holds every revision of every subscription in the order in which they were made.

    Subscriptions of partner applications are not among them: no scenario can register one (S13). `others` counts these.
    """

    facts: Mapping[str, Any]
    profile: Profile
    start: int
    reached: int
    revisions: tuple[Subscription, ...]
    others: int
    events: tuple[Event, ...]
    courses: tuple[Course, ...]
    attempts: tuple[Row, ...]
    on_wire: tuple[Departed, ...]
    resends: tuple[Resent, ...]
    faults: tuple[FaultAct, ...]
    planned: tuple[PlannedEvent, ...]

    @property
    def seed(self) -> int:
        return int(self.facts["seed"])

    @property
    def live(self) -> bool:
        """Whether people held the clock; in a run of a scenario changes came first (R13)."""
        return "scenario" not in self.facts

    @cached_property
    def histories(self) -> dict[str, list[Subscription]]:
        """The revisions of each subscription, oldest first."""
        found: dict[str, list[Subscription]] = {}
        for revision in self.revisions:
            found.setdefault(revision.id, []).append(revision)
        return found

    def spell(self, definition: Definition) -> dict[str, Any]:
        """A definition in the customer's words, secrets included."""
        form = self.profile.form
        return form.spell(definition) if form else {}

    def is_automatic(self, revision: Subscription) -> bool:
        """Whether the provider made this revision by itself: it disabled the subscription (R7)."""
        if revision.revision == 1 or revision.definition.enabled or revision.disabled_reason.startswith(BY_CUSTOMER):
            return False
        return self.histories[revision.id][revision.revision - 2].definition.enabled

    @cached_property
    def event(self) -> dict[int, Event]:
        """Each event by its id."""
        return {one.id: one for one in self.events}

    @cached_property
    def course(self) -> dict[int, Course]:
        """Each delivery by its id."""
        return {one.id: one for one in self.courses}

    @cached_property
    def names(self) -> dict[str, str]:
        """What the file calls each subscription: its own name, with a number where two share one."""
        taken: dict[str, str] = {}
        for history in self.histories.values():
            wanted = name = history[0].name[:90]
            number = 1
            while name in taken:
                number += 1
                name = f"{wanted}-{number}"
            taken[name] = history[0].id
        return {subscription_id: name for name, subscription_id in taken.items()}


def read_session(db: Database) -> Session:
    """Everything that happened so far. Raises `Refused` where there is nothing, or too much for one file."""
    facts = readback.facts(db)
    if "start" not in facts:
        raise Refused("this database holds no simulation")
    (count,) = db.execute("SELECT count(*) FROM deliveries").fetchone()
    if count > MOST_DELIVERIES:
        raise Refused(f"there are {count} deliveries, more than the {MOST_DELIVERIES} of which a scenario can be made")
    profile = profile_named(facts["provider"])
    readings = replace(profile.readings, **facts["readings"])
    every = tuple(revisions_of_all(db))
    own = tuple(one for one in every if not one.application_id)
    return Session(
        facts=facts,
        profile=replace(profile, readings=readings),
        start=facts["start"],
        reached=max(facts.get("reached", 0), facts.get("now", 0), last_instant(db) or facts["start"]),
        revisions=own,
        others=len({one.id for one in every} - {one.id for one in own}),
        events=tuple(events_after(db, 0)),
        courses=tuple(courses(db)),
        attempts=tuple(readback.attempts(db)),
        on_wire=tuple(departed(db)),
        resends=tuple(resends(db)),
        faults=tuple(fault_acts(db)),
        planned=tuple(planned_events(db)),
    )
