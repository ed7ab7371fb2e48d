"""The real engine and a plan, given the same scenario, and what each of them says happened.

The engine runs on the jump clock, with its ledger in memory, against a receiver in memory that answers 200 at once
behind the engine's own faults. Both tell it in the same rows, so that tests can hold one against the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from simulator.cli.foresee import RECEIVER, Foresight
from simulator.cli.planning import Inquiry
from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP
from simulator.domain import order
from simulator.domain.fault import Fault
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.domain.subscription import Subscription
from simulator.engine import bell
from simulator.engine.simulation import Simulation
from simulator.engine.world import followed
from simulator.plan import backlog
from simulator.plan.course import Course
from simulator.plan.foreseen import Foreseen
from simulator.plan.journal import Journal
from simulator.providers import AURORA
from simulator.report.remark import RemarkView
from simulator.scenario.cadence import Traffic
from simulator.scenario.load import parse_scenario
from simulator.scenario.performer import Performer
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Enable, Inject, Registration, Step
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire

START = 1_772_816_400_000_000  # 2026-03-06 17:00:00 UTC

_ATTEMPTS = """
    SELECT delivery_id, number, chain, position, duplicate, subscription_id, revision, due_at, started_at, ended_at,
           outcome, status, fault
    FROM attempts ORDER BY delivery_id, number"""

_BARE = parse_scenario("name: agreement\nsubscriptions: [{name: crm, event: asset_created}]\n", "agreement")

Row = tuple[Any, ...]
Rows = dict[str, list[Row]]

_TABLES = ("events", "revisions", "secrets", "deliveries", "attempts", "moves", "faults")
_IN_REAL_TIME = "real_us"


@dataclass(frozen=True)
class Told:
    """What happened: every attempt, where every delivery stands, and how every subscription ended."""

    attempts: list[Row]
    deliveries: list[Row]
    subscriptions: list[Row]
    refused: int


def make_scenario(
    subscriptions: Sequence[Registration],
    timeline: Sequence[Step] = (),
    traffic: Sequence[Traffic] = (),
    *,
    profile: Profile = AURORA,
    start: int = START,
    seed: int = 0,
) -> Scenario:
    """A scenario of these parts, with nothing else in it."""
    return replace(
        _BARE,
        seed=seed,
        start=start,
        profile=profile,
        subscriptions=tuple(subscriptions),
        timeline=tuple(sorted(timeline, key=lambda step: step.at)),
        traffic=tuple(traffic),
    )


def as_scenario(inquiry: Inquiry, *, enabled: Sequence[tuple[int, str]] = ()) -> Scenario:
    """What the options of `plan` say, as a scenario; `enabled` tells when somebody enables which subscription."""
    terms = inquiry.terms
    steps: list[Step] = [Enable(at, 0, name) for at, name in enabled]
    for number, outage in enumerate(terms.outages, start=1):
        since = inquiry.start + outage.offset_us
        until = since + outage.length_us
        fault = Fault(f"outage-{number}", terms.failure.kind, since, until, status=terms.failure.status)
        steps.append(Inject(since, 0, fault, None))
    readings = replace(inquiry.profile.readings, **terms.switches)
    return make_scenario(
        inquiry.subscriptions,
        steps,
        inquiry.traffic,
        profile=replace(inquiry.profile, readings=readings),
        start=inquiry.start,
        seed=inquiry.seed,
    )


@contextmanager
def bounded(wave: int, airspace: int) -> Iterator[None]:
    """Engine and plan let so many deliveries depart at one ring, and so many be under way at once."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (backlog, bell):
            patch.setattr(module, "WAVE", wave)
            patch.setattr(module, "AIRSPACE", airspace)
        yield


def run_engine(scenario: Scenario) -> Told:
    """What the engine records."""
    told, _ = asyncio.run(_run_engine(scenario))
    return told


def engine_rows(scenario: Scenario) -> Rows:
    """What the engine writes into its ledger."""
    _, rows = asyncio.run(_run_engine(scenario))
    return rows


def plan_rows(scenario: Scenario) -> Rows:
    """What a plan writes into a ledger."""
    ledger = Ledger()
    try:
        run_course(scenario, Journal(ledger))
        return _read_rows(ledger)
    finally:
        ledger.close()


def run_course(scenario: Scenario, journal: Journal | None = None) -> tuple[Course, Foresight]:
    """The course of the same scenario, once it has run."""
    course = Course(scenario.profile, start=scenario.start, seed=scenario.seed, journal=journal)
    foresight = Foresight(course)
    foresight.plan(scenario.subscriptions, scenario.timeline, scenario.traffic)
    course.run()
    return course, foresight


def run_plan(scenario: Scenario) -> Told:
    """What a plan foresees."""
    course, foresight = run_course(scenario)
    return tell(course, len(foresight.refusals))


def tell(course: Course, refused: int = 0) -> Told:
    """A course in the words of the ledger."""
    return Told(
        attempts=[row for delivery in course.deliveries for row in sorted(_attempts(delivery))],
        deliveries=[(one.id, one.event, one.occurred_at, one.state, one.reason) for one in course.deliveries],
        subscriptions=[_subscription(one.subscription) for one in course.subscriptions.listeners],
        refused=refused,
    )


def _attempts(delivery: Foreseen) -> list[Row]:
    return [
        (
            delivery.id,
            one.number,
            one.chain,
            one.position,
            one.duplicate,
            delivery.to.id,
            one.revision,
            one.due_at,
            one.started_at,
            one.ended_at,
            one.outcome.kind,
            one.outcome.status,
            one.outcome.fault,
        )
        for one in delivery.attempts
    ]


def _subscription(one: Subscription) -> Row:
    return one.id, one.name, one.revision, one.definition, one.disabled_at, one.disabled_reason, one.deleted_at


async def _run_engine(scenario: Scenario) -> tuple[Told, Rows]:
    remarks: list[RemarkView] = []
    async with AsyncExitStack() as stack:
        ledger = Ledger()
        stack.callback(ledger.close)
        clock = Clock(scenario.start, JUMP)
        wire = ScriptedWire(lambda *_: Outcome(Kind.SUCCESS, 200))
        simulation = Simulation(scenario.profile, clock, wire, ledger, seed=scenario.seed)
        stack.push_async_callback(simulation.stop)
        changes, events = (Agenda(clock, rank) for rank in (order.CHANGE, order.EVENT))
        for agenda in (changes, events):
            agenda.on_error = simulation.fail
            agenda.start()
            stack.push_async_callback(agenda.stop)
        world = stack.enter_context(followed(simulation)) if scenario.acts else None
        performer = Performer(
            scenario, simulation, receiver=RECEIVER, changes=changes, events=events, remark=remarks.append, world=world
        )
        await performer.perform()
        return _read(ledger, simulation, sum(remark.refused for remark in remarks)), _read_rows(ledger)


def _read_rows(ledger: Ledger) -> Rows:
    """All that is written, but how long attempts took in real time."""
    ledger.commit()
    return {
        table: [
            tuple(value for name, value in row.items() if name != _IN_REAL_TIME)
            for row in ledger.db.query(f"SELECT * FROM {table} ORDER BY rowid")
        ]
        for table in _TABLES
    }


def _read(ledger: Ledger, simulation: Simulation, refused: int) -> Told:
    standings = ledger.db.execute(
        "SELECT standing.delivery_id, events.name, events.occurred_at, standing.state, standing.reason "
        "FROM standing JOIN deliveries ON deliveries.id = standing.delivery_id JOIN events ON events.id = event_id "
        "ORDER BY standing.delivery_id"
    ).fetchall()
    return Told(
        attempts=ledger.db.execute(_ATTEMPTS).fetchall(),
        deliveries=standings,
        subscriptions=[_subscription(one) for one in simulation.roster],
        refused=refused,
    )
