"""Receivers in memory: a function answers, time is decreed."""

from __future__ import annotations

from raw_receiver import PASSAGE

from simulator.domain.fault import Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.wire.scripted import ScriptedWire
from simulator.wire.wire import Wire

REQUEST = Request("GET", "http://localhost/")


async def test_the_script_sees_request_and_passage_and_its_answer_is_the_outcome() -> None:
    slow_failure = Outcome(Kind.SERVER_ERROR, 500, virtual_us=3 * SECOND)

    def answer(request: Request, passage: Passage) -> Outcome:
        assert (request, passage) == (REQUEST, PASSAGE)
        return slow_failure

    assert await ScriptedWire(answer).send(REQUEST, PASSAGE) == slow_failure


async def test_an_answer_without_a_duration_took_none() -> None:
    wire = ScriptedWire(lambda *_: Outcome(Kind.SUCCESS, 200))
    assert await wire.send(REQUEST, PASSAGE) == Outcome(Kind.SUCCESS, 200, virtual_us=0)


async def test_what_was_sent_is_remembered_in_order_only_where_asked_for() -> None:
    ok = Outcome(Kind.SUCCESS, 200, virtual_us=0)
    forgetful, mindful = ScriptedWire(lambda *_: ok), ScriptedWire(lambda *_: ok, remember=True)
    requests = [Request("GET", f"http://localhost/{number}") for number in range(3)]
    for wire in (forgetful, mindful):
        for request in requests:
            await wire.send(request, PASSAGE)
    assert forgetful.seen == []
    assert mindful.seen == [(request, PASSAGE) for request in requests]


async def test_it_is_a_wire_and_may_be_closed() -> None:
    wire: Wire = ScriptedWire(lambda *_: Outcome(Kind.SUCCESS, 200))
    await wire.close()
    assert (await wire.send(REQUEST, PASSAGE)).succeeded
