"""`GET /simulator/stream`: what changes, as it changes, and never double where it counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse
from served import Served, at, served, status

from simulator.control import feed as feed_module
from simulator.control import stream as stream_module

STREAM = "/simulator/stream"


@dataclass(frozen=True)
class Sent:
    """One server-sent event."""

    event: str
    id: str
    data: Any


class Reader:
    """Reads a stream event by event."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self, *, skip: str = "") -> Sent:
        """The next event that is not of the kind to skip."""
        while True:
            fields: dict[str, str] = {}
            while line := (await self.response.content.readline()).decode().rstrip("\n"):
                name, _, value = line.partition(": ")
                fields[name] = value
            sent = Sent(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
            if sent.event != skip:
                return sent

    async def changes(self) -> Sent:
        return await self.next(skip="clock")

    async def clock(self) -> Any:
        return (await self.next(skip="changes")).data


@asynccontextmanager
async def reading(face: Served, after: str = "", **headers: str) -> AsyncIterator[Reader]:
    query = f"?after={after}" if after else ""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with face.client.get(f"{face.url}{STREAM}{query}", headers=named) as response:
        assert response.status == 200
        yield Reader(response)


def state_of(sent: Sent, delivery: int) -> str | None:
    for change in sent.data["changes"]:
        if (change["kind"], change["id"]) == ("delivery", delivery):
            return str(change["record"]["state"])
    return None


async def test_it_begins_with_the_clock_and_goes_on_with_whole_records(face: Served) -> None:
    async with reading(face) as reader:
        clock = await reader.next()
        assert (clock.event, clock.id, clock.data["now"]) == ("clock", "", at(0))
        face.subscribe(name="crm")
        await face.emit()
        kinds = set()
        while ("delivery", 1) not in kinds:
            sent = await reader.changes()
            assert sent.event == "changes"
            assert sent.id.startswith(f"{face.desk.feed.epoch}.")
            kinds |= {(one["kind"], one["id"]) for one in sent.data["changes"]}
        assert {kind for kind, _ in kinds} == {"subscription", "delivery", "standing"}


async def test_a_record_in_the_stream_is_the_record_of_the_snapshot() -> None:
    async with served(status(503)) as face:
        face.subscribe(name="crm")
        cursor = (await face.get("/simulator/snapshot")).json["cursor"]
        await face.emit()
        await face.post("/simulator/faults", {"kind": "dns"})
        await face.advance(0)
        async with reading(face, cursor) as reader:
            sent = await reader.changes()
        shot = (await face.get("/simulator/snapshot")).json
        told = {(one["kind"], one["id"]): one["record"] for one in sent.data["changes"]}
        assert told["delivery", 1] == shot["deliveries"][0]
        assert told["fault", "fault-1"] == shot["faults"][0]


async def test_an_event_that_fired_nothing_comes_with_the_reason(face: Served) -> None:
    """As it stands in the snapshot; an event that left a delivery is told of by that alone."""
    face.subscribe(name="crm")
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]
    await face.emit()
    await face.emit(tenant="acme")
    async with reading(face, cursor) as reader:
        sent = await reader.changes()
    events = [one["record"] for one in sent.data["changes"] if one["kind"] == "event"]
    shot = (await face.get("/simulator/snapshot")).json
    assert events == [one for one in shot["events"] if not one["deliveries"]]
    assert [(one["id"], one["deliveries"]) for one in shot["events"]] == [(1, 1), (2, 0)]
    assert events[0]["silence"] == ['the subscription "crm" is of another tenant, "demo"; the event is of "acme"']


async def test_from_a_snapshot_on_nothing_is_missed(face: Served) -> None:
    """However long the page took between the two."""
    face.subscribe()
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]
    await face.emit(count=3)
    await face.advance(0)
    async with reading(face, cursor) as reader:
        sent = await reader.changes()
        assert [state_of(sent, number) for number in (1, 2, 3)] == ["delivered"] * 3


async def test_a_change_comes_once_to_a_reader_that_goes_on_from_its_last_id(face: Served) -> None:
    face.subscribe()
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]
    await face.emit()
    await face.advance(0)
    async with reading(face, cursor) as reader:
        first = await reader.changes()
    await face.emit()
    await face.advance(0)
    async with reading(face, cursor, Last_Event_ID=first.id) as reader:
        second = await reader.changes()
    assert state_of(first, 1) == "delivered"
    assert (state_of(second, 1), state_of(second, 2)) == (None, "delivered")


async def test_a_burst_comes_in_messages_of_bounded_size_without_a_gap(face: Served) -> None:
    face.subscribe()
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]
    await face.emit(count=1_000)
    await face.advance(0)
    async with reading(face, cursor) as reader:
        seen: set[int] = set()
        while len(seen) < 1_000:
            changes = [one for one in (await reader.changes()).data["changes"] if one["kind"] == "delivery"]
            assert len(changes) <= stream_module.MOST_CHANGES
            seen |= {one["id"] for one in changes}


@pytest.mark.parametrize("cursor", ["123.4", "0.0", "9.999999999999999999"])
async def test_a_cursor_of_another_run_is_reset(face: Served, cursor: str) -> None:
    async with reading(face, cursor) as reader:
        sent = await reader.next()
        assert (sent.event, sent.id) == ("reset", "")
        assert await reader.response.content.read() == b""


async def test_a_cursor_from_the_future_is_reset(face: Served) -> None:
    async with reading(face, face.desk.feed.cursor_at(5)) as reader:
        assert (await reader.next()).event == "reset"


async def test_a_last_event_id_that_is_none_is_reset_and_not_refused(face: Served) -> None:
    """A refusal would end the browser's source for good."""
    async with reading(face, Last_Event_ID="nonsense") as reader:
        assert (await reader.next()).event == "reset"


@pytest.mark.parametrize("query", ["after=", "after=x", "after=1", "after=1.2.3", "afer=1.2"])
async def test_a_query_that_holds_no_cursor_is_refused(face: Served, query: str) -> None:
    assert (await face.get(f"{STREAM}?{query}")).status == 422


async def test_a_cursor_too_old_for_the_list_is_reset(face: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_module, "KEPT", 10)
    face.subscribe()
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]
    for _ in range(30):
        await face.emit()
    async with reading(face, cursor) as reader:
        assert (await reader.next()).event == "reset"


async def test_the_clock_is_told_when_it_changes(face: Served) -> None:
    async with reading(face) as reader:
        await reader.next()
        await face.patch("/simulator/clock", {"speed": 1440})
        sent = await reader.next()
        assert (sent.event, sent.data["rate"], sent.id) == ("clock", 1440, "")


async def test_where_a_paused_clock_was_led_is_told(face: Served) -> None:
    async with reading(face) as reader:
        assert (await reader.clock())["now"] == at(0)
        await face.post("/simulator/clock/advance", {"by": "30s"})
        while (await reader.clock())["now"] != at(30):
            pass


async def test_what_an_attempt_does_to_its_subscription_is_told_with_it(face: Served) -> None:
    made = face.subscribe()
    async with reading(face) as reader:
        await face.emit()
        await face.advance(1)
        standing = None
        while not standing or not standing["attempts"]:
            changes = (await reader.changes()).data["changes"]
            standing = next((one["record"] for one in changes if one["kind"] == "standing"), standing)
        assert standing == {"attempts": 1, "failures": 0, "health": standing["health"]}
        assert standing["health"] == (await face.get(f"/simulator/subscriptions/{made.id}")).json["health"]


async def test_the_clock_is_told_again_and_again(face: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """The heartbeat: silence would mean that the connection is lost."""
    monkeypatch.setattr(stream_module, "HEARTBEAT_SECONDS", 0.01)
    async with reading(face) as reader:
        assert [(await reader.next()).event for _ in range(3)] == ["clock"] * 3


async def test_a_reader_that_never_reads_slows_nobody_and_is_let_go(
    face: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it misses is not kept for it; a reader that falls behind the list is told to begin again."""
    monkeypatch.setattr(stream_module, "PATIENCE_SECONDS", 0.2)
    face.subscribe()
    port = int(face.url.rpartition(":")[2])
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
    writer.transport.pause_reading()  # type: ignore[attr-defined]  # a transport that reads
    writer.write(f"GET {STREAM} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while not face.desk.feed.readers:
        await asyncio.sleep(0)
    while face.desk.feed.readers:
        await face.emit(count=100, attributes={"LEAD_ID": "x" * 8_000})  # to fill the buffers on the way soon
        await face.advance(0)
    assert (await face.get("/simulator/health")).status == 200
    states = face.sim.ledger.db.execute("SELECT DISTINCT state FROM standing").fetchall()
    assert states == [("delivered",)]
    writer.close()


async def test_readers_beyond_the_limit_are_refused(face: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream_module, "MOST_READERS", 1)
    async with reading(face) as reader:
        await reader.next()
        assert (await face.get(STREAM)).status == 503


async def test_a_reader_that_goes_is_forgotten(face: Served) -> None:
    async with reading(face) as reader:
        await reader.next()
        assert face.desk.feed.readers == 1
    face.subscribe()
    while face.desk.feed.readers:
        await face.emit()


async def test_many_readers_each_see_everything(face: Served) -> None:
    face.subscribe()
    cursor = (await face.get("/simulator/snapshot")).json["cursor"]

    async def all_delivered() -> int:
        async with reading(face, cursor) as reader:
            done: set[int] = set()
            while len(done) < 300:
                for one in (await reader.changes()).data["changes"]:
                    if one["record"].get("state") == "delivered":
                        done.add(one["id"])
            return len(done)

    reads = [asyncio.create_task(all_delivered()) for _ in range(8)]
    for _ in range(30):
        await face.emit(count=10)
        await face.advance(0)
    assert await asyncio.gather(*reads) == [300] * 8
