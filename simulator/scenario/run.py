"""Runs a scenario against a receiver, over real HTTP, and judges what it expects.

In: a resolved scenario and how to run it. Out: a `Report`. The receiver is the scenario's own, an embedded one
started for the run, or the one that the user names.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import Pace, parse_pace
from simulator.clock.stopwatch import Stopwatch
from simulator.domain import order
from simulator.engine.simulation import Simulation
from simulator.engine.world import followed
from simulator.errors import Refused
from simulator.report.noted import course, judged, opening
from simulator.report.remark import RemarkView
from simulator.scenario.embedded import Access, embedded_receiver
from simulator.scenario.performer import Performer
from simulator.scenario.probe import addresses, ask
from simulator.scenario.scenario import Scenario
from simulator.store.database import MEMORY
from simulator.store.ledger import Ledger
from simulator.wire.sender import live_wire
from simulator.wire.targets import Targets

if TYPE_CHECKING:
    from simulator.report.model import Report

Serve = Callable[[Simulation, Sequence[str]], AbstractAsyncContextManager[Access]]
"""Serves the objects of these tenants for as long as a run lasts, and says where."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How to run a scenario, where the caller wants it otherwise than the file says."""

    target: str | None = None
    seed: int | None = None
    pace: Pace | None = None
    db: str | Path = MEMORY
    allowed_hosts: tuple[str, ...] = ()
    source_address: str | None = None
    """The address of this machine to send from, for a receiver that lets in only some (A13)."""

    command: str = ""
    api: Serve | None = None
    """Serves the objects of these tenants while the run lasts; an embedded receiver reads them back."""

    watch: Callable[[Simulation], None] = lambda _: None
    """Called once before the run begins: a chance to follow it."""

    remark: Callable[[RemarkView], None] = lambda _: None
    """Called for every checkpoint and every step that was refused."""


async def run_scenario(scenario: Scenario, conditions: Conditions) -> Report:
    """Run it to the end: all steps, all traffic, and until nothing is pending.

    Raises `Environment` where the receiver does not start, a target is not allowed or the database cannot serve.
    """
    if conditions.seed is not None:
        scenario = replace(scenario, seed=conditions.seed)
    stopwatch = Stopwatch()
    async with AsyncExitStack() as stack:
        ledger = _open_ledger(scenario, conditions)
        stack.callback(ledger.close)
        clock = Clock(scenario.start, conditions.pace or parse_pace(str(scenario.speed)))
        wire = live_wire(scenario.profile, conditions.allowed_hosts, source_address=conditions.source_address)
        simulation = Simulation(scenario.profile, clock, wire, ledger, seed=scenario.seed)
        api = await _api(scenario, simulation, conditions, stack)
        receiver = await _receiver(scenario, conditions, api, stack)
        targets = Targets(conditions.allowed_hosts)
        probes = addresses(scenario.probes, receiver, targets, api)  # before anything is sent
        ledger.note({"receiver": receiver, "receiver_kind": _kind(scenario, conditions)})
        stack.push_async_callback(simulation.stop)  # before the receiver is: what is on the wire is no receiver's fault
        conditions.watch(simulation)
        remarks: list[RemarkView] = []
        try:
            performer = await _perform(scenario, simulation, receiver, _both(remarks.append, conditions.remark), stack)
        finally:
            ledger.note(course(remarks, clock.now()))
        answers = await ask(probes, targets)
        from simulator.scenario.verdict import judged_report  # noqa: PLC0415 - the first request waits for no verdict

        report = judged_report(scenario, ledger.db, answers, performer.refusals, stopwatch)
        ledger.note(judged(report))
    return report


def _open_ledger(scenario: Scenario, conditions: Conditions) -> Ledger:
    ledger = Ledger(conditions.db)
    if not ledger.empty:
        ledger.close()
        raise Refused(f"{conditions.db} holds a run already; name a new file, or look at it with: aurora-sim report")
    ledger.note(
        opening(
            scenario.profile,
            scenario=scenario.name,
            description=scenario.description,
            seed=scenario.seed,
            start=scenario.start,
            command=conditions.command,
        )
    )
    return ledger


async def _api(
    scenario: Scenario, simulation: Simulation, conditions: Conditions, stack: AsyncExitStack
) -> Access | None:
    """Serve the objects of the scenario's tenants, if that is wanted."""
    if conditions.api is None or not scenario.tenants:
        return None
    return await stack.enter_async_context(conditions.api(simulation, scenario.tenants))


async def _receiver(scenario: Scenario, conditions: Conditions, api: Access | None, stack: AsyncExitStack) -> str:
    """The base URL to send to: the user's, the file's, or that of an embedded receiver started now."""
    wanted = conditions.target or scenario.receiver
    if "://" in wanted:
        return wanted.rstrip("/")
    return await stack.enter_async_context(embedded_receiver(wanted, scenario.demands, api))


def _kind(scenario: Scenario, conditions: Conditions) -> str | None:
    """The kind of the embedded receiver, None where it is the user's."""
    wanted = conditions.target or scenario.receiver
    return None if "://" in wanted else wanted


async def _perform(
    scenario: Scenario,
    simulation: Simulation,
    receiver: str,
    remark: Callable[[RemarkView], None],
    stack: AsyncExitStack,
) -> Performer:
    changes, events = (Agenda(simulation.clock, rank) for rank in (order.CHANGE, order.EVENT))
    for agenda in (changes, events):
        agenda.on_error = simulation.fail
        agenda.start()
        stack.push_async_callback(agenda.stop)
    world = stack.enter_context(followed(simulation)) if scenario.acts else None
    performer = Performer(
        scenario, simulation, receiver=receiver, changes=changes, events=events, remark=remark, world=world
    )
    await performer.perform()
    return performer


def _both(first: Callable[[RemarkView], None], second: Callable[[RemarkView], None]) -> Callable[[RemarkView], None]:
    def tell(remark: RemarkView) -> None:
        first(remark)
        second(remark)

    return tell
