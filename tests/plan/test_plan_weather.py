"""`simulator.plan.weather`: what attempts meet is what the wire of faults says, however often it is asked."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.subscription import Definition, Subscription
from simulator.errors import Bug
from simulator.plan import weather as module
from simulator.plan.foreseen import Foreseen, Listener
from simulator.plan.records import UNSENT
from simulator.plan.weather import Weather
from simulator.providers import AURORA
from simulator.wire.faults import FaultyWire
from simulator.wire.scripted import ScriptedWire

EVENTS = ("lead_changed", "project_created")
LISTENERS = [
    Listener(Subscription(name, "demo", name, 1, Definition(EVENTS, "http://receiver.example"), 0, 0))
    for name in ("one", "two")
]

faults = st.builds(
    Fault,
    id=st.sampled_from("ab"),
    kind=st.sampled_from(FaultKind),
    since=st.integers(0, 20),
    until=st.one_of(st.none(), st.integers(1, 40)),
    subscription_id=st.sampled_from((None, "one")),
    event=st.sampled_from((None, *EVENTS)),
    positions=st.sampled_from((None, frozenset({1, 3}))),
    probability=st.sampled_from((1.0, 1.0, 0.5)),
    status=st.sampled_from((503, 204)),
    delay_us=st.sampled_from((0, 5, 20_000_000)),
    period_us=st.integers(1, 9),
)
attempts = st.tuples(st.sampled_from(LISTENERS), st.sampled_from(EVENTS), st.integers(1, 4), st.integers(1, 3))


@given(st.lists(faults, max_size=3), st.lists(st.tuples(st.integers(0, 4), attempts), max_size=30), st.integers(0, 2))
def test_an_attempt_meets_what_the_wire_of_faults_says(injected, walk, seed):
    weather, now = Weather(AURORA, seed), 0
    for fault in injected:
        weather.inject(fault, now)
    answered = ScriptedWire(lambda *_: Outcome(Kind.SUCCESS, 200, virtual_us=0))
    wire = FaultyWire(answered, lambda: injected, seed, AURORA.timeout_seconds)
    for step, (to, event, number, position) in walk:
        now += step
        passage = Passage(number, to.id, event, number, position, now)
        said = module._at_once(wire.send(UNSENT, passage))
        assert weather.meet(Foreseen(number, to, event, 0), number, position, now).outcome == said


def test_a_wire_that_waits_is_a_fault_of_ours():
    with pytest.raises(Bug, match="waited"):
        module._at_once(asyncio.sleep(0))
