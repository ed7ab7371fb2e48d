"""The simulator as it is measured: Aurora's profile, a clock that jumps, a ledger. Nothing is switched off."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, Pace
from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.engine.simulation import Simulation
from simulator.providers import AURORA
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire
from simulator.wire.sender import live_wire
from simulator.wire.wire import Wire

TOKEN = ("X-Token", "a-token-of-some-length")
TENANT, EVENT = "demo", "agreement_status_changed"
TEMPLATE = "/in?project=<PROJECT_ID>&agreement=<AGREEMENT_ID>&status=<STATUS>"


@asynccontextmanager
async def simulating(
    path: Path | str,
    *,
    pace: Pace = JUMP,
    answer: Callable[[Request, Passage], Outcome] | None = None,
    around: Callable[[Wire], Wire] = lambda wire: wire,
) -> AsyncIterator[Simulation]:
    """A simulation over real HTTP, or with a receiver in memory."""
    wire = around(ScriptedWire(answer) if answer else live_wire(AURORA))
    ledger = Ledger(path)
    simulation = Simulation(AURORA, Clock(0, pace), wire, ledger)
    try:
        yield simulation
    finally:
        await simulation.stop()
        ledger.close()


def subscribe(simulation: Simulation, base: str, *, tenant: str = TENANT) -> str:
    """A subscription: its id."""
    return simulation.subscriptions.register(tenant, words(base)).id


def words(base: str) -> dict[str, object]:
    """What a customer says: a filter, three placeholders and a credential."""
    return {
        "event": EVENT,
        "url_template": f"{base}{TEMPLATE}",
        "header_auth_key": TOKEN[0],
        "header_auth_value": TOKEN[1],
        "filters": [{"url_parameter": "STATUS", "value": ["signed", "declined"]}],
    }


def emit(simulation: Simulation, number: int, *, tenant: str = TENANT) -> None:
    simulation.emit(tenant, EVENT, attributes(number))


def attributes(number: int) -> dict[str, str]:
    return {"PROJECT_ID": f"project-{number}", "AGREEMENT_ID": f"agreement {number}", "STATUS": "signed"}


def url(base: str, number: int) -> str:
    """What the subscription's URL is for this number: for those who are compared with us."""
    return f"{base}/in?project=project-{number}&agreement=agreement%20{number}&status=signed"
