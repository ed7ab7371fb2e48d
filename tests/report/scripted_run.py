"""A run in memory, small enough to be checked by hand: three subscriptions, four events, everything that can happen.

Seconds after the start (Friday 6 March 2026, 17:00 UTC):

    0      leads    Ada, SOURCE api: 503, then 200 at 30 s
    0      leads    Bob, SOURCE lcai: refused by the filter
    0      designs  D-1: refused by a fault, then at 30 s and, the fault being cleared at 60 s, 200 at 330 s
    60     leads    the header token is changed
    400    surveys  S-1: 200, and a duplicate two seconds later
    500    surveys  disabled by its owner
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.clock.clock import Clock
from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.instant import SECOND, parse_instant
from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.providers import AURORA
from simulator.report.model import Judgement
from simulator.report.noted import opening
from simulator.report.remark import RemarkView
from simulator.store.database import MEMORY
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire

START = parse_instant("2026-03-06T17:00:00Z")
RECEIVER = "http://127.0.0.1:9"
SECRET = "never-shown"
COMMAND = "aurora-sim run small.yaml --seed 3"

JUDGEMENTS = (
    Judgement("delivered", "fail", "all delivered", "of 3 deliveries 3 delivered", (1, 3), "small.yaml:7"),
    Judgement("duplicates", "pass", "exactly 1 duplicates", "1 sent", (), "small.yaml:8"),
)
REMARKS = (
    RemarkView(START, "it begins", refused=False),
    RemarkView(START + 500 * SECOND, "line 9: no", refused=True),
)


def at(seconds: float) -> int:
    return START + round(seconds * SECOND)


@asynccontextmanager
async def scripted_run(db: str | Path = MEMORY, receiver: str = RECEIVER, real_us: int = 0) -> AsyncIterator[Ledger]:
    """The ledger of the run above, complete; `real_us` is what the receiver takes for each answer."""

    def answer(_: Request, passage: Passage) -> Outcome:
        failing = passage.event == "lead_created" and passage.number == 1
        status = 503 if failing else 200
        return Outcome(kind_of_status(status), status, real_us=real_us, virtual_us=0)

    clock, ledger = Clock(START), Ledger(db)
    simulation = Simulation(AURORA, clock, ScriptedWire(answer), ledger, seed=3)
    facts = opening(AURORA, scenario="Small", description="By hand.", seed=3, start=START, command=COMMAND)
    ledger.note({**facts, "receiver": receiver})
    try:
        _plan(simulation, receiver)
        await clock.advance_to(at(600))
        await simulation.settled()
        yield ledger
    finally:
        await simulation.stop()
        ledger.close()


def _plan(simulation: Simulation, receiver: str) -> None:
    leads, _, surveys = (
        simulation.subscriptions.register("demo", {**AURORA.suggest(event, receiver), **words}, name=name).id
        for name, event, words in (
            ("leads", "lead_created", _LEADS),
            ("designs", "design_created", {}),
            ("surveys", "site_survey_requested", {}),
        )
    )
    simulation.inject(Fault("down", FaultKind.REFUSE, START, event="design_created"))
    simulation.inject(Fault("twice", FaultKind.DUPLICATE, at(350), at(450), delay_us=2 * SECOND))
    simulation.emit("demo", "lead_created", {"LEAD_ID": "Ada", "SOURCE": "api"})
    simulation.emit("demo", "lead_created", {"LEAD_ID": "Bob", "SOURCE": "lcai"})
    simulation.emit("demo", "design_created", {"PROJECT_ID": "P-1", "DESIGN_ID": "D-1", "SOURCE": "app"})

    def rotate() -> None:
        simulation.clear(lambda fault: fault.id == "down")
        simulation.subscriptions.update(leads, {"header_auth_value": f"{SECRET}-2"})

    def survey() -> None:
        simulation.emit("demo", "site_survey_requested", {"SITE_SURVEY_REQUEST_ID": "S-1"})

    simulation.clock.call_at(at(60), rotate)
    simulation.clock.call_at(at(400), survey)
    simulation.clock.call_at(at(500), lambda: simulation.subscriptions.disable(surveys))


_LEADS = {
    "header_auth_key": "X-Token",
    "header_auth_value": SECRET,
    "filters": [{"url_parameter": "SOURCE", "value": ["api"]}],
}
