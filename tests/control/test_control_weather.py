"""Bad weather: whatever is sent, the answer is a list of what is wrong, the engine goes on, memory stays bounded."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
from pathlib import Path

import pytest
from served import Served, served

from simulator.clock.pace import JUMP
from simulator.control import feed
from simulator.control.reading import BODY_BOUND

EVENTS = "/simulator/events"


async def raw(face: Served, *chunks: bytes) -> bytes:
    """The answer to bytes that no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(face.url.rpartition(":")[2]))
    try:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        return await reader.read(100_000)
    finally:
        writer.close()


async def send(face: Served, content: bytes, **headers: str) -> tuple[int, str]:
    async with face.client.post(face.url + EVENTS, data=content, headers=headers) as answer:
        errors = json.loads(await answer.text())["errors"]
        return answer.status, "\n".join(error["message"] for error in errors)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  ",
        b"{",
        b'{"event": "lead_changed"',
        b'{"event": "lead_changed"}}',
        b"event=lead_changed",
        b"\xff\xfe",
        b'{"event": "\xff"}',
        b'{"event": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\x00",
        b'{"event": "lead_changed", "count": ' + b"9" * 5_000 + b"}",
    ],
)
async def test_what_is_no_json_is_400_and_nothing_occurs(face: Served, content: bytes) -> None:
    status, words = await send(face, content)
    assert status == 400
    assert words
    assert (await face.get(f"{EVENTS}/1")).status == 404


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"7",
        b'"event"',
        b"true",
        b"[[]]",
        b"NaN",
        b'{"event": null}',
        b'{"event": "lead_changed", "count": 1e400}',
        b'{"event": "lead_changed", "count": ' + b"9" * 500 + b"}",
        b'{"event": "lead_changed", "count": 1.5}',
    ],
)
async def test_json_that_says_something_else_is_422(face: Served, content: bytes) -> None:
    status, words = await send(face, content)
    assert status == 422
    assert words


async def test_what_was_sent_is_never_repeated(face: Served) -> None:
    """It may hold a secret (S7)."""
    definition = {"definition": {"event": ["s3cret"], "url_template": 7, "header_auth_value": {"s3cret": 1}}}
    said = await face.post("/simulator/subscriptions", definition)
    assert said.status == 422
    assert "s3cret" not in json.dumps(said.json)


async def test_a_body_beyond_the_bound_is_413(face: Served) -> None:
    status, words = await send(face, b" " * (BODY_BOUND + 1))
    assert (status, words) == (413, "the body is larger than 1 MB")


async def test_a_body_of_100_mb_is_413_and_is_not_kept(face: Served) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {100_000_000}\r\n\r\n".encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", int(face.url.rpartition(":")[2]))
    writer.write(head)
    answered = asyncio.create_task(reader.readline())
    piece = bytes(100_000)
    for _ in range(1_000):
        writer.write(piece)
        try:
            await writer.drain()
        except ConnectionError:
            break
        if answered.done():
            break
    assert b" 413 " in await answered
    writer.transport.abort()
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 50_000
    assert (await face.get("/simulator/health")).status == 200


async def test_a_body_without_an_end_is_413(face: Served) -> None:
    """Chunked, so nobody says beforehand how long it is."""

    async def endless() -> object:
        for _ in range(1_000):
            yield b"[" * 10_000

    async with face.client.post(face.url + EVENTS, data=endless()) as answer:
        assert answer.status == 413


async def test_a_broken_encoding_is_400(face: Served) -> None:
    head = f"POST {EVENTS} HTTP/1.1\r\nHost: localhost\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n".encode()
    assert b" 400 " in (await raw(face, head + b"oops")).partition(b"\r\n")[0]


async def test_a_small_body_that_unfolds_into_a_large_one_is_413(face: Served) -> None:
    import gzip

    status, _ = await send(face, gzip.compress(b" " * 50_000_000), **{"Content-Encoding": "gzip"})
    assert status == 413


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 1_000_000,
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 100_000,
        b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
    ids=["a header of 1 MB", "many headers", "a path of 1 MB", "no HTTP", "another HTTP", "TLS"],
)
async def test_headers_that_cannot_be_are_400_without_a_traceback(face: Served, head: bytes) -> None:
    try:
        answer = await raw(face, head, b"\r\n\r\n")
    except ConnectionError:  # it hung up while we were still sending
        answer = b""
    assert not answer or b" 400 " in answer.partition(b"\r\n")[0]
    assert b"Traceback" not in answer
    assert (await face.get("/simulator/health")).status == 200


async def test_nothing_under_this_path_is_404_and_says_where_to_look(face: Served) -> None:
    said = await face.get("/simulator/evnts")
    assert (said.status, "/simulator/openapi.json" in said.words) == (404, True)


async def test_another_method_is_405_and_says_which_are_allowed(face: Served) -> None:
    said = await face.ask("PUT", "/simulator/clock", {})
    assert said.status == 405
    assert said.headers["Allow"] == "GET,HEAD,PATCH" or said.headers["Allow"] == "GET, HEAD, PATCH"
    assert "PUT is not allowed here" in said.words


async def test_a_bug_of_ours_is_500_without_a_traceback(face: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(face.desk.timekeeper.__class__, "state", lambda _: 1 / 0)
    said = await face.get("/simulator/clock")
    assert (said.status, said.words) == (500, "this is a fault of the simulator; what was accepted is recorded")


async def test_a_database_that_somebody_holds_locked_stops_the_engine_and_loses_nothing(tmp_path: Path) -> None:
    """What was answered 202 is there; what could not be written was never accepted."""
    path = tmp_path / "run.sqlite"
    async with served(path=path) as face:
        face.subscribe()
        await face.emit()
        face.sim.ledger.db.execute("PRAGMA busy_timeout = 0")
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        said = await face.post(EVENTS, {"event": "lead_changed"})
        assert said.status == 503
        assert "another program holds this database locked" in said.words
        health = await face.get("/simulator/health")
        assert (health.status, "holds this database locked" in health.json["failure"]) == (503, True)
        holder.execute("ROLLBACK")
        holder.close()
    async with served(path=path) as face:
        assert (await face.get(f"{EVENTS}/1")).status == 200


async def test_a_full_disk_stops_the_engine_in_words_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    async with served(path=path) as face:
        face.subscribe()
        accepted = await face.emit()
        pages = face.sim.ledger.db.execute("PRAGMA page_count").fetchone()[0]
        face.sim.ledger.db.execute(f"PRAGMA max_page_count = {pages}")
        while (said := await face.post(EVENTS, {"event": "lead_changed", "count": 50})).status == 202:
            accepted = said.json["events"][-1]["id"]
        assert said.status == 503
        assert "the disk is full" in said.words
        assert (await face.get("/simulator/health")).status == 503
        face.sim.ledger.db.execute("PRAGMA max_page_count = 1000000")
    async with served(path=path) as face:
        assert (await face.get(f"{EVENTS}/{accepted}")).status == 200
        await face.settle()
        states = face.sim.ledger.db.execute("SELECT DISTINCT state FROM standing").fetchall()
        assert states == [("delivered",)]


async def test_any_sqlite_tool_may_read_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    async with served(path=path) as face:
        face.subscribe()
        tool = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        tool.execute("BEGIN")
        assert tool.execute("SELECT count(*) FROM events").fetchone() == (0,)
        await face.emit(count=100)
        await face.advance(0)
        assert tool.execute("SELECT count(*) FROM events").fetchone() == (0,)  # what it began with
        tool.execute("COMMIT")
        assert tool.execute("SELECT count(*) FROM events").fetchone() == (100,)
        tool.close()


async def test_thirty_thousand_deliveries_leave_memory_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second half costs next to nothing; what the feed keeps is bounded too, and its bound is soon reached here."""
    monkeypatch.setattr(feed, "KEPT", 1_024)
    async with served(path=tmp_path / "run.sqlite", pace=JUMP) as face:
        for _ in range(5):
            face.subscribe()
        await soak(face, 15_000)
        before = resident_kb()
        await soak(face, 15_000)
        assert resident_kb() - before < 2_000
        counted = face.sim.ledger.db.execute("SELECT state, count(*) FROM standing GROUP BY state").fetchall()
        assert counted == [("delivered", 30_000)]


async def soak(face: Served, deliveries: int) -> None:
    for _ in range(deliveries // 5_000):
        await face.post(EVENTS, {"event": "lead_changed", "count": 1_000})
        await face.sim.settled()


def resident_kb() -> int:
    """What this process has in memory now, not its highest."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
