"""`aurora-sim serve`: from the first line it prints to a clean end, and from one life to the next."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import threading
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from command_line import aurora_sim
from server_process import listening, rows, serving

EVENT = {"event": "lead_changed", "attributes": {"LEAD_ID": "7"}}
CONTROL = "/simulator"


@pytest.mark.skipif(shutil.which("curl") is None, reason="the line that is printed calls curl")
def test_the_line_that_it_prints_works_when_it_is_pasted() -> None:
    with serving() as server:
        done = subprocess.run(server.try_it, shell=True, capture_output=True, text=True, timeout=30, check=True)
        assert json.loads(done.stdout)["accepted"] > 1
        assert server.ask("GET", f"{CONTROL}/clock")[1]["planned"] > 0


@pytest.mark.skipif(shutil.which("curl") is None, reason="the line that is printed calls curl")
def test_beyond_loopback_it_makes_a_token_and_the_line_holds_it() -> None:
    with serving("--host", "0.0.0.0") as server:
        token = server.line("token")
        assert server.ask("GET", f"{CONTROL}/health")[0] == 401
        assert server.ask("GET", f"{CONTROL}/health", Authorization=f"Bearer {token}")[0] == 200
        done = subprocess.run(server.try_it, shell=True, capture_output=True, text=True, timeout=30, check=True)
        assert json.loads(done.stdout)["accepted"] > 1
        assert token not in server.log()


def test_a_token_that_somebody_gave_is_asked_for_and_never_printed() -> None:
    with serving(env={"AURORA_SIM_TOKEN": "given-by-me"}) as server:
        assert server.ask("GET", f"{CONTROL}/health")[0] == 401
        assert server.ask("GET", f"{CONTROL}/health", Authorization="Bearer given-by-me")[0] == 200
        assert "given-by-me" not in "\n".join(server.printed) + server.log()
        assert "$AURORA_SIM_TOKEN" in server.try_it


def test_the_providers_api_is_there_with_a_ready_made_key() -> None:
    """S1, S5"""
    with serving() as server:
        key = re.search(r"sk_sand_\S+", server.line("API keys"))
        assert key
        webhook = {"webhook": {"event": "lead_changed", "url_template": "http://localhost:9/<LEAD_ID>"}}
        status, made = server.ask("POST", "/tenants/demo/webhooks", webhook, Authorization=f"Bearer {key.group()}")
        assert status == 200, made
        (listed,) = server.ask("GET", f"{CONTROL}/subscriptions")[1]["subscriptions"]
        assert listed["id"] == made["webhook"]["webhook_id" if "webhook_id" in made["webhook"] else "id"]


def test_a_key_of_ones_own_takes_the_place_of_the_ready_made_one() -> None:
    with serving("--api-key", "acme=sk_sand_mine") as server:
        assert server.ask("GET", "/tenants/acme/webhooks", Authorization="Bearer sk_sand_mine")[0] == 200
        assert server.ask("GET", "/tenants/demo/webhooks", Authorization="Bearer sk_sand_demo")[0] == 401
        assert "sk_sand_mine" not in "\n".join(server.printed) + server.log()


def test_where_everybody_can_come_the_ready_made_key_opens_nothing() -> None:
    with serving("--host", "0.0.0.0") as server:
        assert server.ask("GET", "/tenants/demo/webhooks", Authorization="Bearer sk_sand_demo")[0] == 401


def test_the_page_is_at_the_root_and_loads_nothing_from_elsewhere() -> None:
    with serving() as server, urlopen(server.url, timeout=20) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "/static/app.js" in answer.read().decode()


def test_a_story_begins_once_however_often_the_server_starts(tmp_path: Path) -> None:
    story = ("--db", str(tmp_path / "run.sqlite"), "--speed", "1", "--story", "agreement_signed", "--count", "3")
    planned = []
    for _ in range(2):
        with serving(*story) as server:
            clock = server.ask("GET", f"{CONTROL}/clock")[1]
            planned.append(clock["planned"] + clock["events"])
    assert planned[0] == planned[1] > 3


def test_an_unknown_story_is_refused_by_name() -> None:
    ran = aurora_sim("serve", "--port", "0", "--story", "agreement_signd")
    assert ran.code == 2
    assert 'did you mean "agreement_signed"' in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly_and_what_is_on_the_wire_finishes(tmp_path: Path, number: int) -> None:
    path = tmp_path / "run.sqlite"
    arrived, may_answer = threading.Event(), threading.Event()
    with listening() as receiver, serving("--db", str(path)) as server:

        def answer_later(_: str) -> int:
            arrived.set()
            may_answer.wait(20)
            return 200

        receiver.answer = answer_later
        server.subscribe(receiver.url)
        server.ask("POST", f"{CONTROL}/events", EVENT)
        assert arrived.wait(20)
        server.process.send_signal(number)
        while "stopping" not in server.log():
            pass
        may_answer.set()
        assert server.process.wait(20) == 0
    assert rows(path, "SELECT outcome FROM attempts") == [("success",)]
    assert rows(path, "SELECT count(*) FROM on_wire") == [(0,)]


def test_a_second_signal_ends_it_at_once_and_the_next_process_sends_again(tmp_path: Path) -> None:
    """R14"""
    path = tmp_path / "run.sqlite"
    arrived, never = threading.Event(), threading.Event()
    with listening() as receiver:

        def hang(_: str) -> int:
            arrived.set()
            never.wait(60)
            return 500

        with serving("--db", str(path)) as server:
            receiver.answer = hang
            server.subscribe(receiver.url)
            server.ask("POST", f"{CONTROL}/events", EVENT)
            assert arrived.wait(20)
            server.process.send_signal(signal.SIGTERM)
            while "stopping" not in server.log():
                pass
            assert server.stop(signal.SIGTERM) == 0
        receiver.answer = lambda _: 200
        with serving("--db", str(path)) as server:
            told = server.until(f"{CONTROL}/deliveries/1", lambda one: one["state"] == "delivered")
            assert [one["outcome"] for one in told["attempts"]] == ["unknown", "success"]
            assert "sent again, because the last process ended meanwhile: 1 attempts" in server.log()
        never.set()


def test_the_next_process_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    """Events, subscriptions, the seed's draws, and the clock."""
    path = tmp_path / "run.sqlite"
    with listening() as receiver:
        with serving("--db", str(path), "--speed", "1") as server:
            server.subscribe(receiver.url)
            server.ask("POST", f"{CONTROL}/events", {"event": "lead_changed", "count": 2, "every": "1h"})
            server.ask("POST", f"{CONTROL}/clock/advance", {"by": "30m"})
            stood = server.ask("GET", f"{CONTROL}/clock")[1]["now"]
            assert server.stop(signal.SIGTERM) == 0
        with serving("--db", str(path), "--speed", "jump") as server:
            told = server.until(f"{CONTROL}/deliveries", lambda page: len(page["deliveries"]) == 2)
            assert server.ask("GET", f"{CONTROL}/clock")[1]["now"] > stood
            first, second = told["deliveries"][1], told["deliveries"][0]
            assert first["attributes"] != second["attributes"]
            assert second["occurred_at"] > stood


def test_without_a_file_it_says_that_nothing_is_kept() -> None:
    with serving() as server:
        assert "gone when this ends; keep everything with --db FILE" in server.line("database")


def test_a_port_that_is_taken_is_one_sentence_and_exit_code_3(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        ran = aurora_sim("serve", "--port", str(port), "--db", str(tmp_path / "run.sqlite"))
    assert ran.code == 3
    assert ran.err.strip() == f"error: cannot listen on 127.0.0.1:{port}: Address already in use; choose another --port"
    assert not (tmp_path / "run.sqlite").exists()


def test_one_file_has_one_writer(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with serving("--db", str(path)) as server:
        ran = aurora_sim("serve", "--port", "0", "--db", str(path))
        assert (ran.code, ran.out) == (3, "")
        assert ran.err.strip() == f"error: {path}: another simulator is at work in this file; stop it first"
        assert rows(path, "SELECT count(*) FROM events") == [(0,)]
        assert server.ask("GET", f"{CONTROL}/health")[0] == 200


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--receiver", "robus"], 2, 'did you mean "robust"?'),
        (["--token", ""], 2, "is empty; say what is meant"),
        (["--story", ""], 2, "is empty; say what is meant"),
        (["--story", "agreement_signed", "--count", "100", "--every", "36500d"], 2, "where the calendar ends"),
        (["--count", "3"], 2, "--count belongs to --story"),
        (["--every", "1h"], 2, "--every belongs to --story"),
        (["--switch", "retry_delay_from"], 2, "such as retry_delay_from=start"),
        (["--speed", "fast"], 2, "speed 'fast' is not known"),
        (["--speed", "1e9"], 2, "1000000 times real time"),
        (["--provider", "nobody"], 2, 'there is no provider "nobody"'),
        (["--api-key", "acme=hunter2"], 2, "this is no key"),
        (["--allow-host", "http://x/"], 2, "is not a host"),
        (["--host", "192.0.2.1"], 3, "cannot listen on 192.0.2.1"),
        (["--host", "no such host"], 3, "cannot listen on no such host"),
        (["--db", "/nowhere/run.sqlite"], 3, "does its folder exist"),
    ],
)
def test_wrong_use_is_one_clear_sentence(words: list[str], code: int, says: str) -> None:
    ran = aurora_sim("serve", "--port", "0", *words)
    assert (ran.code, ran.out) == (code, "")
    assert says in ran.err
    assert "hunter2" not in ran.err


def test_a_receiver_that_is_no_longer_allowed_is_named_before_anything_is_sent(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with serving("--db", str(path), "--allow-host", "staging.example.com") as server:
        server.subscribe("http://staging.example.com")
        assert server.stop(signal.SIGTERM) == 0
    ran = aurora_sim("serve", "--port", "0", "--db", str(path))
    assert ran.code == 3
    assert "--allow-host staging.example.com" in ran.err


def test_the_sample_receiver_is_subscribed_and_found_again(tmp_path: Path) -> None:
    """It has another port each time; what was its own follows it."""
    words = ("--db", str(tmp_path / "run.sqlite"), "--receiver", "robust")
    for wanted in (1, 2):
        with serving(*words) as server:
            _, accepted = server.ask("POST", f"{CONTROL}/events", {"event": "lead_created"})
            number = accepted["events"][0]["id"]
            told = server.until(
                f"{CONTROL}/events/{number}",
                lambda one: bool(one["deliveries"]) and one["deliveries"][0]["state"] == "delivered",
            )
            assert len(told["deliveries"]) == 1
            assert number == wanted
            assert server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize("wanted", [True, False])
def test_the_virtual_instant_is_told_only_where_somebody_wants_it(*, wanted: bool) -> None:
    with listening() as receiver, serving(*(["--time-header"] if wanted else [])) as server:
        server.subscribe(receiver.url)
        server.ask("POST", f"{CONTROL}/events", EVENT)
        told = server.until(f"{CONTROL}/deliveries/1", lambda one: one["state"] == "delivered")
        (headers,) = receiver.headers
        assert headers.get("X-Simulator-Time") == (told["attempts"][0]["started_at"] if wanted else None)


def test_the_log_can_be_read_by_programs() -> None:
    with serving("--log-json") as server:
        server.subscribe("http://127.0.0.1:9", header_auth_key="X-Token", header_auth_value="s3cret")
        (one,) = server.ask("GET", f"{CONTROL}/subscriptions")[1]["subscriptions"]
        server.ask("PATCH", f"{CONTROL}/subscriptions/{one['id']}", {"definition": {"enabled": False}})
        assert server.stop(signal.SIGTERM) == 0
        lines = [json.loads(line) for line in server.log().splitlines()]
    assert all({"at", "level", "logger", "message"} <= set(line) for line in lines)
    assert any("disabled by the customer" in line["message"] for line in lines)
    assert "s3cret" not in json.dumps(lines)


def test_an_engine_that_cannot_write_stops_loudly_and_ends_with_exit_code_3(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with serving("--db", str(path), "--speed", "1") as server:
        accepted = server.ask("POST", f"{CONTROL}/events", EVENT)
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            status, said = server.ask("POST", f"{CONTROL}/events", EVENT)
            assert (status, "holds this database locked" in said["errors"][0]["message"]) == (503, True)
            assert server.ask("GET", f"{CONTROL}/health")[0] == 503
            assert server.stop(signal.SIGTERM) == 3
        assert "the engine has stopped" in server.log()
    assert accepted[0] == 202
    assert rows(path, "SELECT count(*) FROM events") == [(1,)]


def test_a_header_too_long_to_be_read_is_not_repeated() -> None:
    with serving() as server:
        status, answer = server.ask("GET", "/simulator/health", X_Token="s3cret-token" * 9_000)
    assert status == 400
    assert "s3cret" not in str(answer)


def test_the_file_of_a_run_is_a_record_and_nothing_goes_on_in_it(tmp_path: Path) -> None:
    """What `report` tells of a run stays what it was."""
    path = tmp_path / "run.sqlite"
    assert aurora_sim("run", "retries", "--db", str(path)).code == 0
    told = aurora_sim("report", str(path)).out
    ran = aurora_sim("serve", "--port", "0", "--db", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert f'{path} is the record of the run "Retries"' in ran.err
    assert aurora_sim("report", str(path)).out == told
