"""Injected faults: each acts on exactly the attempts it was meant for, costs no real time, and signs its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from raw_receiver import PASSAGE, MakeWire, Receive

from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.instant import HOUR, MINUTE, SECOND
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.request import Request
from simulator.errors import TargetNotAllowed
from simulator.wire.faults import PIECES, FaultyWire

REQUEST = Request("GET", "http://localhost/")
OK = Outcome(Kind.SUCCESS, 200, virtual_us=1 * SECOND)
LIMIT_SECONDS = 10
LIMIT = LIMIT_SECONDS * SECOND

KEPT_FROM_THE_RECEIVER = [
    (FaultKind.REFUSE, Outcome(Kind.REFUSED, error="connection refused", virtual_us=0)),
    (FaultKind.FLAP, Outcome(Kind.REFUSED, error="connection refused", virtual_us=0)),
    (FaultKind.DNS, Outcome(Kind.DNS, error="the name does not resolve", virtual_us=0)),
    (FaultKind.TLS, Outcome(Kind.TLS, error="certificate not accepted", virtual_us=0)),
    (FaultKind.RESET, Outcome(Kind.RESET, error="connection broken off before an answer", virtual_us=0)),
    (FaultKind.STATUS, Outcome(Kind.SERVER_ERROR, 503, virtual_us=0)),
    (FaultKind.REDIRECT, Outcome(Kind.REDIRECT, 302, "redirects are not followed", virtual_us=0)),
    (FaultKind.MALFORMED, Outcome(Kind.MALFORMED, error="what came back is not HTTP", virtual_us=0)),
    (FaultKind.TIMEOUT, Outcome(Kind.HEADERS_TIMEOUT, error="no answer before the time was up", virtual_us=LIMIT)),
]
ON_THE_WAY_BACK = [
    (
        FaultKind.LOST_RESPONSE,
        Outcome(Kind.HEADERS_TIMEOUT, error="answer lost on the way back", virtual_us=LIMIT),
    ),
    (FaultKind.SLOW, Outcome(Kind.SUCCESS, 200, virtual_us=6 * SECOND)),
]
EVERY_FAULT = [kind for kind, _ in KEPT_FROM_THE_RECEIVER + ON_THE_WAY_BACK]


def fault(kind: FaultKind, **more: Any) -> Fault:
    return Fault(f"fault-{kind}", kind, **{"since": 0} | more)


class Inside:
    """A receiver that comes to one outcome, as it is; `hits` counts how often it was reached."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self.hits = 0
        self.closed = False

    async def send(self, _request: Request, _passage: Passage, /) -> Outcome:
        self.hits += 1
        return self._outcome

    async def close(self) -> None:
        self.closed = True


async def through(
    *faults: Fault, passage: Passage = PASSAGE, inner: Outcome = OK, seed: int = 7
) -> tuple[Outcome, int]:
    """What comes of an attempt, and how often the receiver was reached."""
    receiver = Inside(inner)
    outcome = await FaultyWire(receiver, lambda: faults, seed, LIMIT_SECONDS).send(REQUEST, passage)
    return outcome, receiver.hits


def signed(outcome: Outcome, kind: FaultKind) -> Outcome:
    return replace(outcome, fault=kind.value)


@pytest.mark.parametrize(("kind", "expected"), KEPT_FROM_THE_RECEIVER)
async def test_a_fault_on_the_way_there_keeps_the_attempt_from_the_receiver(kind: FaultKind, expected: Outcome) -> None:
    assert await through(fault(kind)) == (signed(expected, kind), 0)


@pytest.mark.parametrize(("kind", "expected"), ON_THE_WAY_BACK)
async def test_a_fault_on_the_way_back_lets_the_receiver_do_its_work(kind: FaultKind, expected: Outcome) -> None:
    assert await through(fault(kind)) == (signed(expected, kind), 1)


def test_every_kind_is_done_here_or_by_the_engine() -> None:
    assert set(EVERY_FAULT) == set(PIECES) == set(FaultKind) - {FaultKind.DUPLICATE, FaultKind.REORDER}


ELSEWHERE: dict[str, Callable[[FaultKind], Fault]] = {
    "not yet begun": lambda kind: fault(kind, since=PASSAGE.started_at + 1),
    "just over": lambda kind: fault(kind, since=-HOUR, until=PASSAGE.started_at),
    "another subscription": lambda kind: fault(kind, subscription_id="other"),
    "another event": lambda kind: fault(kind, event="project_created"),
    "another position": lambda kind: fault(kind, positions=frozenset({2, 3})),
    "never": lambda kind: fault(kind, probability=0.0),
}


@pytest.mark.parametrize("kind", EVERY_FAULT)
@pytest.mark.parametrize("case", ELSEWHERE)
async def test_an_attempt_that_is_not_meant_passes_untouched(kind: FaultKind, case: str) -> None:
    assert await through(ELSEWHERE[case](kind)) == (OK, 1)


@pytest.mark.parametrize("kind", EVERY_FAULT)
async def test_an_attempt_that_is_meant_in_every_respect_is_hit(kind: FaultKind) -> None:
    aimed = fault(kind, until=1, subscription_id=PASSAGE.subscription_id, event=PASSAGE.event, positions=frozenset({1}))
    outcome, _ = await through(aimed)
    assert outcome.fault == kind.value


@pytest.mark.parametrize("kind", [FaultKind.DUPLICATE, FaultKind.REORDER])
async def test_what_the_engine_does_is_no_fault_of_the_wire(kind: FaultKind) -> None:
    assert await through(fault(kind)) == (OK, 1)


@pytest.mark.parametrize("kind", EVERY_FAULT)
async def test_half_a_probability_hits_about_half_and_the_same_ones_in_any_order(kind: FaultKind) -> None:
    half = fault(kind, probability=0.5)
    passages = [replace(PASSAGE, delivery_id=delivery, number=number) for delivery in range(100) for number in (1, 2)]

    async def hit(order: list[Passage], seed: int = 7) -> set[Passage]:
        return {passage for passage in order if (await through(half, passage=passage, seed=seed))[0].fault}

    hits = await hit(passages)
    assert 70 < len(hits) < 130
    assert await hit(passages[::-1]) == hits
    assert await hit(passages, seed=8) != hits


async def test_the_first_fault_that_acts_is_the_one() -> None:
    asleep, first, second = fault(FaultKind.DNS, since=9), fault(FaultKind.TLS), fault(FaultKind.REFUSE)
    assert (await through(asleep, first, second))[0].kind is Kind.TLS
    assert (await through(asleep, second, first))[0].kind is Kind.REFUSED


async def test_faults_are_asked_for_anew_at_each_attempt() -> None:
    in_force: list[Fault] = []
    wire = FaultyWire(Inside(OK), lambda: in_force, 7, LIMIT_SECONDS)
    assert (await wire.send(REQUEST, PASSAGE)).succeeded
    in_force.append(fault(FaultKind.REFUSE))
    assert (await wire.send(REQUEST, PASSAGE)).kind is Kind.REFUSED
    in_force.clear()
    assert (await wire.send(REQUEST, PASSAGE)).succeeded


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (100, Kind.INFORMATIONAL),
        (204, Kind.SUCCESS),
        (307, Kind.REDIRECT),
        (404, Kind.CLIENT_ERROR),
        (429, Kind.CLIENT_ERROR),
        (599, Kind.SERVER_ERROR),
    ],
)
async def test_any_status_can_be_answered_in_between(status: int, kind: Kind) -> None:
    outcome, _ = await through(fault(FaultKind.STATUS, status=status))
    assert (outcome.kind, outcome.status) == (kind, status)


@pytest.mark.parametrize(
    ("at", "down"),
    [(0, True), (MINUTE - 1, True), (MINUTE, False), (2 * MINUTE - 1, False), (2 * MINUTE, True), (3 * MINUTE, False)],
)
async def test_a_flap_is_down_and_up_in_turn_beginning_with_down(at: int, down: bool) -> None:
    outcome, hits = await through(fault(FaultKind.FLAP, period_us=MINUTE), passage=replace(PASSAGE, started_at=at))
    assert (outcome.kind is Kind.REFUSED, hits) == (down, 0 if down else 1)


@pytest.mark.parametrize(
    ("own", "delay_us", "expected"),
    [
        (Outcome(Kind.SUCCESS, 200, virtual_us=0), 9 * SECOND, 9 * SECOND),
        (Outcome(Kind.SUCCESS, 200, virtual_us=3 * SECOND), 6 * SECOND, 9 * SECOND),
        (Outcome(Kind.SUCCESS, 200, real_us=1_999_999), 5 * SECOND, 6 * SECOND),
        (Outcome(Kind.SUCCESS, 200, real_us=999_999), 9_999_999, 9_999_999),
        (Outcome(Kind.SERVER_ERROR, 503, virtual_us=0), SECOND, SECOND),
    ],
)
async def test_slow_adds_its_delay_to_what_the_attempt_cost_itself(own: Outcome, delay_us: int, expected: int) -> None:
    outcome, _ = await through(fault(FaultKind.SLOW, delay_us=delay_us), inner=own)
    assert outcome == replace(own, virtual_us=expected, fault="slow")


@pytest.mark.parametrize(
    ("own", "delay_us"),
    [
        (Outcome(Kind.SUCCESS, 200, virtual_us=0), 10 * SECOND),
        (Outcome(Kind.SUCCESS, 200, virtual_us=1), 10 * SECOND - 1),
        (Outcome(Kind.SUCCESS, 200, real_us=2_000_000), 8 * SECOND),
        (Outcome(Kind.CLIENT_ERROR, 404, virtual_us=0), HOUR),
    ],
)
async def test_slow_up_to_the_limit_is_a_timeout_of_exactly_the_limit_r1(own: Outcome, delay_us: int) -> None:
    outcome, hits = await through(fault(FaultKind.SLOW, delay_us=delay_us), inner=own)
    assert (outcome.kind, outcome.status, outcome.virtual_us, hits) == (Kind.HEADERS_TIMEOUT, None, LIMIT, 1)
    assert (outcome.fault, outcome.real_us) == ("slow", own.real_us)


@pytest.mark.parametrize("kind", [FaultKind.SLOW, FaultKind.LOST_RESPONSE])
@pytest.mark.parametrize(
    "own",
    [
        Kind.REFUSED,
        Kind.UNREACHABLE,
        Kind.RESET,
        Kind.DNS,
        Kind.TLS,
        Kind.CONNECT_TIMEOUT,
        Kind.HEADERS_TIMEOUT,
        Kind.BODY_TIMEOUT,
    ],
)
async def test_where_no_answer_came_there_is_none_to_delay_or_to_lose(kind: FaultKind, own: Kind) -> None:
    unanswered = Outcome(own, virtual_us=0)
    assert await through(fault(kind), inner=unanswered) == (unanswered, 1)


@pytest.mark.parametrize("own", [Outcome(Kind.SERVER_ERROR, 500), Outcome(Kind.MALFORMED)])
async def test_an_answer_of_failure_is_lost_like_any_other(own: Outcome) -> None:
    outcome, _ = await through(fault(FaultKind.LOST_RESPONSE), inner=replace(own, real_us=5, virtual_us=0))
    assert (outcome.kind, outcome.virtual_us, outcome.real_us) == (Kind.HEADERS_TIMEOUT, LIMIT, 5)


async def test_a_real_receiver_does_the_work_whose_answer_is_lost(receive: Receive, live: MakeWire) -> None:
    receiver = await receive()
    wire = FaultyWire(live(), lambda: [fault(FaultKind.LOST_RESPONSE)], 7, LIMIT_SECONDS)
    outcome = await wire.send(Request("GET", receiver.url("/work")), PASSAGE)
    assert (outcome.kind, outcome.virtual_us) == (Kind.HEADERS_TIMEOUT, LIMIT)
    assert outcome.real_us > 0
    assert len(receiver.requests) == 1


async def test_what_the_inner_wire_refuses_passes_through(live: MakeWire) -> None:
    wire = FaultyWire(live(), lambda: [fault(FaultKind.SLOW)], 7, LIMIT_SECONDS)
    with pytest.raises(TargetNotAllowed):
        await wire.send(Request("GET", "http://evil.example/"), PASSAGE)


async def test_closing_closes_the_wire_inside() -> None:
    inner = Inside(OK)
    await FaultyWire(inner, list, 7, LIMIT_SECONDS).close()
    assert inner.closed
