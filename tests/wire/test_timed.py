"""`wire/timed`: the virtual instant, told to whoever wants to know it."""

from __future__ import annotations

from simulator.domain.fault import Passage
from simulator.domain.instant import parse_instant
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.wire.scripted import ScriptedWire
from simulator.wire.timed import HEADER, TimedWire

AT = parse_instant("2026-03-06T17:00:00.250Z")


async def test_the_instant_of_the_attempt_is_one_header_more_and_nothing_else_changes() -> None:
    inner = ScriptedWire(lambda *_: Outcome(Kind.SUCCESS, 200), remember=True)
    request = Request("GET", "http://localhost/", (("X-Mine", "1"),), (("X-Token", "s3cret"),), b"body")
    outcome = await TimedWire(inner).send(request, Passage(1, "s", "lead_changed", 1, 1, AT))
    ((sent, passage),) = inner.seen
    assert sent.headers == (("X-Mine", "1"), (HEADER, "2026-03-06T17:00:00.250000Z"))
    assert (sent.url, sent.secret_headers, sent.body) == (request.url, request.secret_headers, request.body)
    assert passage.started_at == AT
    assert outcome.succeeded


async def test_closing_it_closes_the_wire_inside() -> None:
    closed = []

    class Inner(ScriptedWire):
        async def close(self) -> None:
            closed.append(self)

    await TimedWire(Inner(lambda *_: Outcome(Kind.SUCCESS, 200))).close()
    assert len(closed) == 1
