"""An exercise: a third provider, tiny, sends its events with nothing changed but a profile (`providers/README.md`).

It puts a form-encoded body, retries twice and disables after three failures.
"""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP
from simulator.domain.event import EventType
from simulator.domain.health import DisableRule
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile, Quota, Readings
from simulator.domain.request import Request
from simulator.domain.subscription import Definition
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid, Problem
from simulator.report.build import view_deliveries
from simulator.store.ledger import Ledger
from simulator.wire.scripted import ScriptedWire

CATALOGUE = {"parcel_moved": EventType("parcel_moved", ("PARCEL", "PLACE"), "https://www.yourapp.com/", {}, {})}


def define(words, former, catalogue, readings):
    merged = {**({"to": former.url_template, "about": former.events[0]} if former else {}), **words}
    problems = [Problem((name,), "is missing") for name in ("to", "about") if name not in merged]
    if problems or merged["about"] not in catalogue:
        raise Invalid(problems or [Problem(("about",), "there is no such event")])
    return Definition((merged["about"],), merged["to"], enabled=merged.get("enabled", True))


def build_request(definition, event, readings):
    return Request("PUT", definition.url_template, body=urlencode(event.attributes).encode())


PARCELS = Profile(
    name="parcels",
    catalogue=CATALOGUE,
    timeout_seconds=5,
    ladder_seconds=(60, 600),
    disable=DisableRule(attempts=3, window_seconds=3_600),
    quota=Quota(limit=2, per_event=True, excess="refuse"),
    resend_days=1,
    readings=Readings(),
    define=define,
    build_request=build_request,
    stories={},
    samples=(),
    suggest=lambda event, receiver: {"about": event, "to": receiver},
    address_field="to",
    values_in="body",
)


@pytest.mark.parametrize(("status", "state", "attempts"), [(200, "delivered", 1), (500, "exhausted", 3)])
async def test_a_third_provider_needs_a_profile_and_nothing_else(status, state, attempts):
    kind = Kind.SUCCESS if status == 200 else Kind.SERVER_ERROR
    wire = ScriptedWire(lambda *_: Outcome(kind, status), remember=True)
    ledger = Ledger()
    simulation = Simulation(PARCELS, Clock(0, JUMP), wire, ledger)
    made = simulation.subscriptions.register("demo", {"to": "https://receiver.example/in", "about": "parcel_moved"})
    simulation.emit("demo", "parcel_moved", {"PARCEL": "7", "PLACE": "the depot"})
    await simulation.settled()
    (delivery,) = view_deliveries(ledger.db)
    assert (delivery.state, len(delivery.attempts)) == (state, attempts)
    assert [one.started_at // SECOND for one in delivery.attempts] == [0, 60, 660][:attempts]
    assert {(one.method, one.body) for one in delivery.attempts} == {("PUT", "PARCEL=7&PLACE=the+depot")}
    assert simulation.roster.get(made.id).enabled is (status == 200)
    await simulation.stop()
    ledger.close()
