"""Sessions that people might have had, and the scenarios they become, performed on the same receivers in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlite_utils import Database

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, PAUSED
from simulator.domain import order
from simulator.domain.chance import pick
from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.errors import Misuse
from simulator.providers import AURORA
from simulator.report.noted import opening
from simulator.scenario.load import parse_scenario
from simulator.scenario.performer import Performer
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire

START = 1_772_816_400 * SECOND  # 2026-03-06 17:00:00 UTC
RECEIVER = "http://127.0.0.1:9"
EVENTS = ("lead_changed", "lead_created")
HASTY = replace(AURORA, disable=AURORA.disable and replace(AURORA.disable, attempts=6))
"""Aurora, disabling after six failures: a session in which that happens is a short one."""

ANSWERS = (
    Outcome(kind_of_status(200), 200, virtual_us=0),
    Outcome(kind_of_status(204), 204, virtual_us=2 * SECOND),
    Outcome(kind_of_status(503), 503, virtual_us=0),
    Outcome(Kind.REFUSED, error="connection refused", virtual_us=0),
    Outcome(Kind.HEADERS_TIMEOUT, error="no answer", virtual_us=10 * SECOND),
)


def capricious(_: Request, passage: Passage) -> Outcome:
    """A receiver whose answer belongs to the delivery and the number of the attempt."""
    return ANSWERS[pick(11, len(ANSWERS), passage.delivery_id, passage.number)]


def well(_request: Request, _passage: Passage) -> Outcome:
    """A receiver that answers 200."""
    return ANSWERS[0]


@dataclass
class Person:
    """Somebody who holds the clock of a simulation and does things; whatever is refused has no effect."""

    answer: Any = capricious
    ledger: Ledger = field(default_factory=Ledger)
    receiver: str = RECEIVER

    def __post_init__(self) -> None:
        facts = {
            key: one
            for key, one in opening(HASTY, scenario="", description="", seed=5, start=START, command="").items()
            if key != "scenario"
        }
        self.ledger.note(facts)
        self.sim = Simulation(HASTY, Clock(START, PAUSED), ScriptedWire(self.answer), self.ledger, seed=5)
        self.faults = 0

    async def do(self, acts: Sequence[tuple[Any, ...]]) -> None:
        """One act after the other; what is due at the instant of each happens before the next."""
        for name, *given in acts:
            try:
                getattr(self, name)(*given)
            except (Misuse, IndexError):
                continue
            finally:
                await self.wait(0)

    async def wait(self, seconds: float) -> None:
        await self.sim.clock.advance(round(seconds * SECOND))

    async def do_and_wait(self, acts: Sequence[tuple[Any, ...]]) -> None:
        for act in acts:
            if act[0] == "wait":
                await self.wait(act[1])
            else:
                await self.do([act])
            assert self.sim.failure is None, self.sim.failure

    def subscribe(self, event: int, **more: Any) -> None:
        words = {"event": EVENTS[event], "url_template": f"{self.receiver}/{EVENTS[event]}?id=<LEAD_ID>", **more}
        self.sim.subscriptions.register("demo", words)

    def emit(self, event: int) -> None:
        attributes = [{"LEAD_ID": "7"}, {"LEAD_ID": "no", "SOURCE": "api"}][event]
        self.sim.emit("demo", EVENTS[event], attributes)

    def fault(self, kind: FaultKind, lasts: int | None, target: int | None, share: float) -> None:
        now = self.sim.clock.now()
        self.faults += 1
        aim = None if target is None else self._id(target)
        until = None if lasts is None else now + lasts * SECOND
        self.sim.inject(Fault(f"f{self.faults}", kind, now, until, aim, probability=share))

    def clear(self, number: int) -> None:
        meant = self.sim.faults[number % len(self.sim.faults)].id if self.sim.faults else ""
        self.sim.clear(lambda fault: fault.id == meant)

    def disable(self, target: int) -> None:
        self.sim.subscriptions.disable(self._id(target))

    def enable(self, target: int) -> None:
        self.sim.subscriptions.enable(self._id(target))

    def delete(self, target: int) -> None:
        self.sim.subscriptions.delete(self._id(target))

    def update(self, target: int, words: dict[str, Any]) -> None:
        self.sim.subscriptions.update(self._id(target), words)

    def resend(self, number: int) -> None:
        (count,) = self.ledger.db.execute("SELECT count(*) FROM deliveries").fetchone()
        self.sim.resend(1 + number % count if count else 1)

    def _id(self, target: int) -> str:
        ids = [one.id for one in self.sim.roster]
        if not ids:
            raise IndexError(target)
        return ids[target % len(ids)]

    async def settle(self) -> None:
        self.sim.clock.set_pace(JUMP)
        await self.sim.settled()

    async def leave(self) -> None:
        """Go when nothing is on the wire."""
        while self.sim.ledger.db.execute("SELECT 1 FROM on_wire").fetchone():
            await self.wait(3)
        self.sim.commit()
        self.ledger.note({"now": self.sim.clock.now()})
        await self.sim.stop()


async def perform(text: str, answer: Any = capricious) -> Ledger:
    """What a run of this scenario records."""
    scenario = replace(parse_scenario(text, "kept.yaml"), profile=HASTY)
    ledger = Ledger()
    sim = Simulation(HASTY, Clock(scenario.start, JUMP), ScriptedWire(answer), ledger, seed=scenario.seed)
    changes, events = (Agenda(sim.clock, rank) for rank in (order.CHANGE, order.EVENT))
    for agenda in (changes, events):
        agenda.on_error = sim.fail
        agenda.start()
    refused: list[Any] = []
    performer = Performer(scenario, sim, receiver=RECEIVER, changes=changes, events=events, remark=refused.append)
    await performer.perform()
    for agenda in (changes, events):
        await agenda.stop()
    await sim.stop()
    assert not refused, refused
    return ledger


_DELIVERIES = """
    SELECT deliveries.id, revisions.name, events.name, attributes, occurred_at, deliveries.revision, deliveries.state
    FROM deliveries JOIN events ON events.id = event_id
         JOIN revisions ON revisions.subscription_id = deliveries.subscription_id AND number = 1
    ORDER BY deliveries.id"""
_ATTEMPTS = """
    SELECT delivery_id, number, chain, position, duplicate, revision, due_at, started_at, ended_at, method, url,
           outcome, status, error, fault
    FROM attempts WHERE ended_at <= ? ORDER BY delivery_id, number"""
_STATES = "SELECT delivery_id, state FROM standing WHERE state <> 'pending' ORDER BY delivery_id"


def told(db: Database, until: int) -> dict[str, list[Any]]:
    """Everything that a run must repeat."""
    return {
        "deliveries": db.execute(_DELIVERIES).fetchall(),
        "attempts": db.execute(_ATTEMPTS, [until]).fetchall(),
        "states": db.execute(_STATES).fetchall(),
    }
