"""The bugs of other senders, one by one: each of these has been somebody's incident.

The invariants are the product; faults and outages are only what brings them out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from loopback import Hit, Loopback
from stage import DAY, LADDER, START, Stage, instant, status, with_readings

from simulator.domain import order
from simulator.domain.fault import Fault, FaultKind
from simulator.domain.instant import SECOND

Make = Callable[..., Stage]


async def test_one_threshold_decides_so_nothing_warns_at_one_count_and_acts_at_another_r7(in_memory: Make) -> None:
    """An alert at `>= 10` and a disable at `> 10`: here count, flag, reason and cancellations change at one attempt."""
    stage = in_memory()
    subscription = stage.subscribe()
    for number in range(1, 102):
        stage.emit()
        await stage.now()
        latest = stage.latest(subscription)
        tripped = number >= 100
        assert latest.enabled is not tripped
        assert bool(latest.disabled_at) is bool(latest.disabled_reason) is tripped
        assert stage.sim.tally.disabled == int(tripped)
        assert len(stage.sim.pending) == (0 if tripped else number)
    assert len(stage.attempts()) == 100


async def test_retries_end_and_every_attempt_is_counted_r3(in_memory: Make) -> None:
    stage = in_memory()
    stage.subscribe()
    stage.emit_many(5)
    await stage.until(1_000 * DAY)
    assert Counter(row["delivery_id"] for row in stage.attempts()) == dict.fromkeys(range(1, 6), 6)
    assert [row["number"] for row in stage.attempts(3)] == [1, 2, 3, 4, 5, 6]
    assert stage.sim.tally.attempts == stage.sim.tally.failures == 30
    assert (len(stage.sim.pending), stage.clock.next_due()) == (0, None)


@pytest.mark.parametrize("seconds", [0, 1, 10, 29, 31, 45])
@pytest.mark.parametrize("jitter", [0.0, 0.9])
@pytest.mark.parametrize("since", ["start", "end"])
async def test_no_next_attempt_lies_in_the_past_r4(in_memory: Make, seconds: int, jitter: float, since: str) -> None:
    """Whatever the readings, and however long the failed attempt took."""
    profile = with_readings(retry_delay_from=since, retry_jitter=jitter)
    stage = in_memory(lambda *_: status(503, seconds), profile=profile)
    stage.subscribe()
    stage.emit_many(3)
    await stage.settle()
    for row in stage.attempts():
        assert row["next_due_at"] is None or row["next_due_at"] >= row["ended_at"]
        assert row["started_at"] == row["due_at"]
    assert len(stage.attempts()) == 18


async def test_no_two_fields_disagree_about_where_a_delivery_stands(in_memory: Make) -> None:
    """State, what is due, the last attempt and the tally are told from one row: there is no second status field."""
    answers = {"0": 200, "1": 503, "2": 404}
    stage = in_memory(lambda request, _: status(answers[request.url[-1]]))
    subscription = stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit_many(3)
    await stage.until(400)
    stage.sim.subscriptions.disable(subscription.id)
    stage.emit_many(1)
    await stage.now()
    for row in stage.rows("SELECT * FROM standing"):
        assert (row["state"] == "pending") == (row["next_due_at"] is not None)
        assert (row["state"] == "pending") == (row["delivery_id"] in stage.sim.pending.of_subscription(subscription.id))
        last = stage.attempts(row["delivery_id"])[-1:]
        assert (row["state"] == "delivered") == (bool(last) and last[0]["outcome"] == "success")
    assert stage.states() == ["delivered", "cancelled", "cancelled", "cancelled"]
    assert (stage.sim.tally.delivered, stage.sim.tally.cancelled) == (1, 3)


async def test_no_event_is_lost_silently_while_disabled_r8(in_memory: Make) -> None:
    stage = in_memory()
    subscription = stage.subscribe()
    stage.sim.subscriptions.disable(subscription.id)
    stage.emit_many(4)
    assert len(stage.rows("SELECT * FROM events")) == len(stage.states()) == 4
    assert {stage.standing(number) for number in range(1, 5)} == {
        ("cancelled", "the subscription was disabled when the event occurred (R8)")
    }


async def test_a_resend_does_not_race_the_pending_retry_r10(stage: Stage, receiver: Loopback) -> None:
    """Resent at the very instant at which the retry is due, before and after it: one request each."""
    receiver.script(503)
    stage.subscribe()
    stage.emit()
    stage.at(30, lambda: stage.sim.resend(1), rank=order.CHANGE)
    await stage.until(30)
    assert stage.starts() == [0, 30]
    assert [row["chain"] for row in stage.attempts()] == [1, 2]
    stage.sim.resend(1)
    stage.sim.resend(1)
    await stage.now()
    assert stage.starts() == [0, 30, 30]
    assert len(receiver.hits) == 3


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (FaultKind.DNS, "dns"),
        (FaultKind.TLS, "tls"),
        (FaultKind.REFUSE, "refused"),
        (FaultKind.RESET, "reset"),
        (FaultKind.MALFORMED, "malformed"),
        (FaultKind.REDIRECT, "redirect"),
    ],
)
async def test_failures_before_any_answer_are_retried_like_all_others_r2(
    in_memory: Make, kind: FaultKind, outcome: str
) -> None:
    """DNS errors that were never retried."""
    stage = in_memory(lambda *_: status(200))
    stage.sim.inject(Fault("f", kind, START, positions=frozenset({1, 2, 3, 4, 5})))
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER
    assert [row["outcome"] for row in stage.attempts()] == [outcome] * 5 + ["success"]


async def test_a_port_where_nobody_listens_is_retried_too_r2(over_http: Make, receiver: Loopback) -> None:
    stage = over_http()
    stage.subscribe()
    await receiver.stop()
    stage.emit()
    await stage.settle()
    assert stage.starts() == LADDER
    assert {row["outcome"] for row in stage.attempts()} == {"refused"}


async def test_every_timestamp_is_of_the_virtual_clock_s6(in_memory: Make) -> None:
    """Timestamps that ignore the simulated clock: not one column of the ledger may hold a real instant."""
    stage = in_memory()
    subscription = stage.subscribe()
    stage.sim.inject(Fault("f", FaultKind.DUPLICATE, START))
    stage.emit()
    await stage.until(40)
    stage.sim.resend(1)
    stage.sim.subscriptions.disable(subscription.id)
    stage.sim.subscriptions.delete(subscription.id)
    instants = {
        f"{table}.{name}": row[name]
        for table in ("events", "revisions", "deliveries", "attempts", "moves", "faults")
        for row in stage.rows(f"SELECT * FROM {table}")
        for name in row
        if name.endswith("_at") or name == "at"
    }
    told = {name: at for name, at in instants.items() if at is not None}
    assert len(told) > 10
    assert all(START <= at <= instant(400) for at in told.values()), told
    (readable,) = {row["occurred"] for row in stage.rows("SELECT occurred FROM events")}
    assert readable == datetime.fromtimestamp(START // SECOND, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


@pytest.mark.parametrize("hangs_up", ["at once", "on a connection that served before"])
async def test_the_http_client_sends_nothing_by_itself_so_both_sides_count_alike_r2(
    stage: Stage, receiver: Loopback, hangs_up: str
) -> None:
    """Clients that send a GET again when a kept-alive connection breaks double the count."""
    served: Counter[str] = Counter()

    def answer(hit: Hit) -> int | bytes:
        served[hit.target] += 1
        return b"" if hangs_up == "at once" or hit.number % 3 == 0 else 503

    receiver.answer = answer
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit_many(8)
    await stage.settle()
    assert len(stage.attempts()) == len(receiver.hits) == 48
    assert set(served.values()) == {6}


async def test_success_is_not_the_number_of_completions_r2(stage: Stage, receiver: Loopback) -> None:
    """After a storm every delivery is accounted for on both sides: what counts as delivered was answered with 2xx."""
    answered: Counter[str] = Counter()

    def answer(hit: Hit) -> int | bytes:
        code = (200, 500, b"", 302, 404, 204)[hit.number % 6]
        answered[hit.target] += code in (200, 204)
        return code

    receiver.answer = answer
    stage.sim.inject(Fault("lost", FaultKind.LOST_RESPONSE, START, probability=0.3))
    stage.sim.inject(Fault("twice", FaultKind.DUPLICATE, START, probability=0.3))
    stage.sim.inject(Fault("gone", FaultKind.REFUSE, START, probability=0.5))
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit_many(60)
    await stage.settle()
    succeeded = {row["delivery_id"] for row in stage.attempts() if row["outcome"] == "success"}
    states = dict(enumerate(stage.states(), 1))
    assert {delivery_id for delivery_id, state in states.items() if state == "delivered"} == succeeded
    assert all(answered[f"/in?id={delivery_id - 1}"] for delivery_id in succeeded)
    assert len(states) == 60
    assert set(states.values()) <= {"delivered", "exhausted"}
    tally = stage.sim.tally
    assert (tally.delivered, tally.exhausted) == (len(succeeded), 60 - len(succeeded))
    assert tally.attempts == len(stage.attempts()) == len(receiver.hits) + _never_sent(stage)
    assert 0 < tally.failures < tally.attempts


def _never_sent(stage: Stage) -> int:
    return sum(row["fault"] == "refuse" for row in stage.attempts())
