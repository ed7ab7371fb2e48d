"""Probes: a URL, a command, a query; each names attributes in its own way, and a probe that fails says so."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from serving import sample

from simulator.contract.probe import CommandProbe, Probes, SqlProbe, UrlProbe, scopes, sql_probe
from simulator.errors import Misuse, TargetNotAllowed, Unavailable
from simulator.wire.targets import Targets

KNOWN = frozenset({"AGREEMENT_ID", "STATUS"})
EVIL = "x'; DROP TABLE agreements; $(touch pwned) --"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    file = tmp_path / "app.sqlite"
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE agreements (id TEXT, status TEXT)")
        db.executemany("INSERT INTO agreements VALUES (?, ?)", [("a", "sent"), (EVIL, "signed")])
    return file


async def test_a_query_binds_the_attributes_it_names(database: Path):
    probe = SqlProbe(database, "SELECT status FROM agreements WHERE id = :AGREEMENT_ID")
    assert probe.names == {"AGREEMENT_ID"}
    assert await probe.ask({"AGREEMENT_ID": EVIL}) == '[{"status": "signed"}]'
    assert await probe.ask({"AGREEMENT_ID": "b"}) == "[]"


async def test_a_query_cannot_change_the_file(database: Path):
    with pytest.raises(Unavailable, match=r"readonly|read-only"):
        await SqlProbe(database, "WITH x AS (SELECT 1) DELETE FROM agreements").ask({})


async def test_a_query_that_takes_too_long_is_broken_off(database: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulator.contract.probe.PROBE_SECONDS", 0.2)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    with pytest.raises(Unavailable, match=r"app\.sqlite took longer than 0\.2 s"):
        await SqlProbe(database, endless).ask({})


@pytest.mark.parametrize("text", ["app.sqlite", "app.sqlite:DROP TABLE x", ":SELECT 1"])
def test_what_is_no_file_and_query_is_refused(text: str):
    with pytest.raises(Misuse, match="FILE:QUERY"):
        sql_probe(text)


def test_the_file_ends_where_the_query_begins():
    assert sql_probe("C:/data/app.sqlite: select 1") == SqlProbe(Path("C:/data/app.sqlite"), "select 1")


def test_a_command_gets_the_attributes_as_variables_and_never_as_words_of_the_shell(tmp_path: Path):
    probe = CommandProbe(f'cd {tmp_path} && printf "%s" "$AGREEMENT_ID"', KNOWN)
    assert probe.names == {"AGREEMENT_ID"}
    assert asyncio.run(probe.ask({"AGREEMENT_ID": EVIL})) == EVIL
    assert list(tmp_path.iterdir()) == []


async def test_a_command_that_fails_says_why():
    with pytest.raises(Unavailable, match=r"ended with 3: no such table"):
        await CommandProbe("echo no such table >&2; exit 3", KNOWN).ask({})


@pytest.mark.parametrize("where", ["", " >&2"])
async def test_a_command_that_says_more_than_anybody_can_mean_is_ended(where: str):
    with pytest.raises(Unavailable, match="said more than 1048576 bytes"):
        await CommandProbe(f"yes{where}", KNOWN).ask({})


@pytest.fixture
def held(tmp_path: Path) -> Path:
    """A pipe: whoever reads it is kept waiting for as long as somebody holds its other end."""
    path = tmp_path / "held"
    os.mkfifo(path)
    return path


async def test_a_command_that_takes_too_long_ends_with_all_it_started(held: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("simulator.contract.probe.PROBE_SECONDS", 0.2)
    released = asyncio.create_task(asyncio.to_thread(held.read_bytes))
    with pytest.raises(Unavailable, match=r"took longer than 0\.2 s"):
        await CommandProbe(f"sleep 20 > {held} & wait", KNOWN).ask({})
    assert await asyncio.wait_for(released, 10) == b""


async def test_a_command_that_is_broken_off_ends_with_all_it_started(held: Path):
    asking = asyncio.create_task(CommandProbe(f"(echo begun; sleep 20) > {held} & wait", KNOWN).ask({}))
    with await asyncio.to_thread(held.open) as pipe:
        assert await asyncio.to_thread(pipe.readline) == "begun\n"
        asking.cancel()
        await asyncio.wait([asking])
        assert await asyncio.wait_for(asyncio.to_thread(pipe.read), 10) == ""


async def test_a_url_is_asked_for_one_object_and_404_means_unknown():
    async with sample("robust") as url:
        probe = UrlProbe(f"{url}/agreements/<AGREEMENT_ID>", Targets())
        assert await probe.ask({"AGREEMENT_ID": "a/b c"}) is None
        await probe.close()


async def test_404_for_everything_that_the_receiver_knows_is_a_wrong_url():
    async with sample("robust") as url:
        probe = UrlProbe(f"{url}/agreements/a", Targets())
        with pytest.raises(Unavailable, match="answered 404"):
            await probe.ask({})
        await probe.close()


async def test_a_redirect_is_not_followed_wherever_it_leads():
    async with sample("redirects") as url:
        probe = UrlProbe(f"{url}/lead_changed", Targets(), method="POST")
        with pytest.raises(Unavailable, match="answered 301; redirects are not followed"):
            await probe.ask({})
        await probe.close()


async def test_an_answer_without_end_is_read_up_to_a_bound():
    async def answer(request: web.Request) -> web.StreamResponse:
        endless = web.StreamResponse()
        await endless.prepare(request)
        with suppress(ConnectionError):
            while True:
                await endless.write(b"x" * 65_536)
        return endless

    app = web.Application()
    app.router.add_get("/state", answer)
    async with TestServer(app) as server:
        probe = UrlProbe(str(server.make_url("/state")), Targets())
        with pytest.raises(Unavailable, match="answered with more than 1048576 bytes"):
            await probe.ask({})
        await probe.close()


async def test_an_answer_of_an_unknown_charset_is_read_as_utf_8():
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body="Größe".encode(), headers={"Content-Type": "text/plain; charset=klingon"})

    app = web.Application()
    app.router.add_get("/state", answer)
    async with TestServer(app) as server:
        probe = UrlProbe(str(server.make_url("/state")), Targets())
        assert await probe.ask({}) == "Größe"
        await probe.close()


async def test_a_url_outside_this_machine_is_asked_only_when_allowed():
    with pytest.raises(TargetNotAllowed, match="example"):
        await UrlProbe("http://staging.example.com/state", Targets()).ask({})


async def test_a_url_where_nobody_listens_is_told_in_plain_words():
    probe = UrlProbe("http://127.0.0.1:9/state", Targets())
    with pytest.raises(Unavailable, match=r"was not answered: connection refused$"):
        await probe.ask({})
    await probe.close()


def test_a_probe_is_asked_about_each_object_once_and_about_those_it_can_name():
    probe = CommandProbe("echo $AGREEMENT_ID", KNOWN)
    events = [{"AGREEMENT_ID": "a", "STATUS": "sent"}, {"AGREEMENT_ID": "a", "STATUS": "viewed"}, {"LEAD_ID": "l"}]
    assert scopes(probe, events) == [{"AGREEMENT_ID": "a"}]


async def test_answers_stand_under_what_was_asked(database: Path):
    probe = SqlProbe(database, "SELECT status FROM agreements WHERE id = :AGREEMENT_ID")
    read = await Probes(state=probe).read(probe, [{"AGREEMENT_ID": "a"}])
    assert read == {"AGREEMENT_ID=a": [{"status": "sent"}]}
