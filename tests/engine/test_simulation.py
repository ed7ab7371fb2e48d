"""`engine/simulation`: the one door; everything is in the ledger before anyone is told, and faults of ours are loud."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Hit, Loopback
from stage import DAY, LADDER, START, Stage, instant, status

from simulator.clock.pace import ELASTIC, JUMP, REAL
from simulator.clock.stopwatch import wait_real
from simulator.domain import order
from simulator.domain.fault import Fault, FaultKind, Passage
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.engine import commits, recent
from simulator.errors import Invalid, Refused, TargetNotAllowed
from simulator.wire.live import LiveWire
from simulator.wire.targets import Targets

Make = Callable[..., Stage]


class Breaks:
    """A wire with a bug, or on a machine that has none: it raises."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.sent = 0

    async def send(self, _request: Request, passage: Passage, /) -> Outcome:
        self.sent += 1
        if passage.delivery_id == 1:
            raise self.error
        return status(503)

    async def close(self) -> None:
        pass


# Events


async def test_an_event_becomes_one_delivery_for_each_listener_e2(in_memory: Make) -> None:
    stage = in_memory()
    stage.subscribe("/a")
    stage.subscribe("/b")
    stage.subscribe("/c", event="lead_created")
    event = stage.emit()
    assert (event.id, event.tenant_id, event.occurred_at) == (1, "demo", START)
    assert stage.states() == ["pending", "pending"]


@pytest.mark.parametrize(
    ("name", "attributes", "told"),
    [
        ("lead_chnged", {"LEAD_ID": "1"}, 'did you mean "lead_changed"'),
        ("lead_changed", {}, "lead_changed needs it; it has LEAD_ID"),
        ("lead_changed", {"LEAD_ID": "1", "X": "2"}, "lead_changed has no such attribute"),
        ("lead_created", {"LEAD_ID": "1", "SOURCE": "fax"}, '"fax" is not among lcai, api'),
    ],
)
async def test_what_is_no_event_is_refused_and_leaves_no_trace_e1(
    in_memory: Make, name: str, attributes: dict[str, str], told: str
) -> None:
    stage = in_memory()
    stage.subscribe(event="lead_created")
    with pytest.raises(Invalid, match=told):
        stage.sim.emit("demo", name, attributes)
    assert stage.rows("SELECT * FROM events") == []
    assert stage.states() == []
    assert stage.sim.tally.events == 0


async def test_leniency_lets_the_unfamiliar_through_on_purpose_e1(stage: Stage, receiver: Loopback) -> None:
    stage.subscribe("/in?s=<SOURCE>", event="lead_created")
    stage.sim.emit("demo", "lead_created", {"LEAD_ID": "1", "SOURCE": "fax", "NEW": "x"}, lenient=True)
    await stage.settle()
    assert receiver.targets() == ["/in?s=fax"]


async def test_an_event_without_listeners_is_still_recorded(in_memory: Make) -> None:
    stage = in_memory()
    stage.emit()
    assert len(stage.rows("SELECT * FROM events")) == 1
    assert stage.sim.tally.events == 1


async def test_more_events_than_are_kept_in_memory_are_read_from_the_ledger(
    in_memory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those kept are the newest: an event whose delivery never leaves gives its place to others."""
    monkeypatch.setattr(recent, "KEPT", 3)
    stage = in_memory(lambda *_: status(200))
    stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit_many(8)
    await stage.settle()
    assert [row["url"][-1] for row in stage.attempts()] == list("01234567")


async def test_events_that_never_leave_do_not_take_the_memory_of_those_that_do(
    in_memory: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "KEPT", 3)
    stage = in_memory(lambda *_: status(200))
    moved = stage.subscribe("/in?id=<LEAD_ID>")
    stage.emit_many(5)
    stage.sim.subscriptions.delete(moved.id)
    stage.subscribe("/in?id=<LEAD_ID>")
    asked: list[str] = []
    stage.ledger.db.conn.set_trace_callback(asked.append)
    stage.emit_many(3)
    await stage.settle()
    assert len(stage.attempts()) == 3
    assert not [one for one in asked if "json_each" in one], "events are read again from the ledger"


# Before anyone is told


async def test_an_attempt_is_in_the_ledger_before_it_leaves_and_its_outcome_before_anyone_is_told_r14(
    stage: Stage, receiver: Loopback
) -> None:
    """`on_wire` holds what the receiver is being sent; nobody hears of an outcome that a crash could take back."""
    told: list[tuple[int, ...]] = []
    at_the_receiver: list[tuple[int, ...]] = []

    def counted() -> tuple[int, ...]:
        """How many rows there are in `events`, `on_wire` and `attempts`."""
        tables = ("events", "on_wire", "attempts")
        return tuple(stage.ledger.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)

    def answer(_: Hit) -> int:
        at_the_receiver.append(counted())
        return 200

    receiver.answer = answer
    stage.subscribe()
    await stage.now()
    stage.sim.on_commit.append(lambda *_: told.append(counted()))
    stage.emit()
    await stage.settle()
    assert at_the_receiver == [(1, 1, 0)]
    assert told[-1] == (1, 0, 1)
    assert set(told) <= {(1, 0, 0), (1, 1, 0), (1, 0, 1)}, (
        "an attempt is on the wire or finished, never both or neither"
    )


async def test_where_time_jumps_an_outcome_is_recorded_before_the_next_request_arrives_and_in_its_transaction_r14(
    over_http: Make, receiver: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program that looks into the file sees no more and no less. Nobody waits for longer than he must."""
    monkeypatch.setattr(commits, "LATEST_SECONDS", 60)  # or a slow machine would write in between
    stage = over_http(path=tmp_path / "run.db", pace=JUMP)
    transactions: list[object] = []
    seen: list[tuple[int, ...]] = []

    def answer(_: Hit) -> int:
        with closing(sqlite3.connect(tmp_path / "run.db")) as other:
            seen.append(other.execute("SELECT number, (SELECT count(*) FROM attempts) FROM on_wire").fetchone())
        return 503

    receiver.answer = answer
    stage.subscribe()
    stage.sim.commit()
    stage.sim.on_commit.append(transactions.append)
    stage.emit()
    await stage.settle()
    assert seen == [(number, number - 1) for number in range(1, 7)]
    assert len(transactions) <= 6 + 1 + 1, "each departure, the last outcome, and the word that all is settled"


async def test_in_real_time_what_is_late_together_is_recorded_together_and_leaves_r14(in_memory: Make) -> None:
    stage = in_memory(lambda *_: status(200), pace=REAL)
    stage.subscribe()
    stage.sim.commit()
    for number in range(5):
        stage.sim.plan("demo", "lead_changed", {"LEAD_ID": "7"}, stage.clock.now() + number)
    stage.sim.commit()
    recorded: list[tuple[int, int]] = []
    stage.sim.on_commit.append(lambda changes: recorded.append((len(changes.events), len(changes.deliveries))))
    wait_real(0.05)  # the loop is busy with something else, and all five are late
    while stage.sim.tally.delivered < 5:
        stage.check()
        await asyncio.sleep(0)
    assert recorded[0] == (5, 5)


async def test_draining_records_everything_where_time_jumps(in_memory: Make) -> None:
    stage = in_memory(pace=JUMP)
    stage.subscribe()
    stage.emit()
    await asyncio.sleep(0)
    await stage.sim.drain()
    attempts = list(stage.ledger.db.query("SELECT number FROM attempts"))
    assert len(attempts) == stage.sim.tally.attempts


async def test_stopping_leaves_what_is_on_the_wire_in_the_ledger_r14(over_http: Make, receiver: Loopback) -> None:
    stage = over_http()
    arrived = asyncio.Event()

    def never(_: Hit) -> None:
        arrived.set()

    receiver.answer = never
    stage.subscribe()
    stage.emit()
    await arrived.wait()
    await stage.sim.stop()
    assert [(row["delivery_id"], row["number"]) for row in stage.ledger.db.query("SELECT * FROM on_wire")] == [(1, 1)]
    assert list(stage.ledger.db.query("SELECT * FROM attempts")) == []


async def test_what_was_accepted_just_before_the_end_is_kept(in_memory: Make) -> None:
    stage = in_memory()
    stage.subscribe()
    stage.emit()
    await stage.sim.stop()
    assert [row["state"] for row in stage.ledger.db.query("SELECT state FROM standing")] == ["pending"]


# Faults injected


async def test_an_injected_fault_keeps_the_receiver_out_for_its_window_and_costs_no_real_time_r2(
    stage: Stage, receiver: Loopback
) -> None:
    stage.sim.inject(Fault("outage", FaultKind.TIMEOUT, START, until=instant(1_000)))
    stage.subscribe()
    stage.emit()
    await stage.settle()
    assert stage.starts() == [0, 40, 350, 2_160]
    assert [(row["outcome"], row["fault"]) for row in stage.attempts()] == [
        *[("headers_timeout", "timeout")] * 3,
        ("success", ""),
    ]
    assert len(receiver.hits) == 1


async def test_a_cleared_fault_acts_no_more_and_is_remembered_with_its_end(stage: Stage, receiver: Loopback) -> None:
    stage.sim.inject(Fault("a", FaultKind.REFUSE, START))
    stage.sim.inject(Fault("b", FaultKind.DNS, START))
    stage.subscribe()
    stage.emit()
    await stage.until(10)
    assert [fault.id for fault in stage.sim.clear(lambda fault: fault.id == "a")] == ["a"]
    await stage.until(30)
    assert [row["outcome"] for row in stage.attempts()] == ["refused", "dns"]
    assert [fault.id for fault in stage.sim.clear()] == ["b"]
    await stage.settle()
    assert stage.states() == ["delivered"]
    assert [(row["id"], row["at"], row["cleared"]) for row in stage.rows("SELECT * FROM faults ORDER BY seq")] == [
        ("a", START, 0),
        ("b", START, 0),
        ("a", instant(10), 1),
        ("b", instant(30), 1),
    ]


# Settled


async def test_settled_waits_for_everything_that_is_pending_and_for_nothing_else(in_memory: Make) -> None:
    stage = in_memory(pace=JUMP)
    await stage.sim.settled()
    stage.subscribe()
    stage.emit()
    await stage.sim.settled()
    assert stage.starts() == LADDER


async def test_settled_returns_when_the_last_pending_delivery_is_cancelled_r6(in_memory: Make) -> None:
    stage = in_memory()
    subscription = stage.subscribe()
    stage.emit()
    await stage.now()
    waiting = asyncio.create_task(stage.sim.settled())
    await asyncio.sleep(0)
    assert not waiting.done()
    stage.sim.subscriptions.disable(subscription.id)
    await waiting


@pytest.mark.parametrize("wait", ["settled", "drain"])
async def test_whoever_waits_is_told_when_the_simulation_is_stopped_meanwhile(
    over_http: Make, receiver: Loopback, wait: str
) -> None:
    stage = over_http(pace=JUMP)
    arrived = asyncio.Event()

    def hang(_: Hit) -> None:
        arrived.set()

    receiver.answer = hang
    stage.subscribe()
    stage.emit()
    await arrived.wait()
    waiting = asyncio.create_task(getattr(stage.sim, wait)())
    await asyncio.sleep(0)
    await stage.sim.stop()
    async with asyncio.timeout(10):
        with pytest.raises(Refused, match="was stopped"):
            await waiting
    with pytest.raises(Refused, match="was stopped"):
        await stage.sim.settled()


# Faults of ours


@pytest.mark.parametrize("error", [ZeroDivisionError("ours"), TargetNotAllowed("nobody allowed it")])
@pytest.mark.parametrize("pace", [JUMP, ELASTIC])
async def test_what_a_wire_raises_stops_the_run_loudly_and_is_no_outcome(pace: object, error: Exception) -> None:
    wire = Breaks(error)
    stage = Stage(wire, pace=pace)  # type: ignore[arg-type]
    stage.subscribe()
    stage.emit_many(3)
    with pytest.raises(type(error)):
        await stage.sim.settled()
    assert stage.sim.failure is error
    assert stage.sim.failed.is_set()
    await stage.clock.advance(DAY * SECOND)
    assert wire.sent == 3, "nothing more is sent"
    assert 1 not in {row["delivery_id"] for row in stage.attempts()}
    await stage.close()


async def test_a_target_that_nobody_allowed_stops_the_run_before_anything_is_sent() -> None:
    """Nobody floods a stranger by a typo, and it is no failure of the receiver's."""
    stage = Stage(LiveWire(10, targets=Targets(), user_agent="test"), receiver="http://crm.example.com")
    stage.subscribe()
    stage.emit()
    with pytest.raises(TargetNotAllowed, match=r"crm\.example\.com"):
        await stage.sim.settled()
    await stage.close()


async def test_a_bug_in_a_timer_of_the_clock_stops_the_run(in_memory: Make) -> None:
    stage = in_memory()
    stage.at(5, lambda: 1 // 0, rank=order.EVENT)
    stage.subscribe()
    stage.emit()
    with pytest.raises(ZeroDivisionError):
        await stage.until(60)
    assert len(stage.attempts()) == 1


async def test_a_ledger_that_cannot_be_written_stops_the_run(stage: Stage, receiver: Loopback) -> None:
    stage.subscribe()
    stage.ledger.db.execute("DROP TABLE attempts")
    stage.emit()
    with pytest.raises(Exception, match="no such table: attempts"):
        await stage.settle()
    stage.ledger._rows["attempts"].clear()
    assert len(receiver.hits) == 1


async def test_the_first_fault_is_the_one_that_is_told(in_memory: Make) -> None:
    stage = in_memory()
    first = ZeroDivisionError("first")
    stage.sim.fail(first)
    stage.sim.fail(ValueError("second"))
    assert stage.sim.failure is first
