"""The program itself: one line when ready, exit codes, and state that outlives being killed."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


COMMAND = [sys.executable, "-m", "simulator.receivers"]
SIGNED = "/agreement_status_changed?project_id=p1&agreement_id=a1&status=signed"


@contextmanager
def program(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running receiver and its base URL; killed if it still runs at the end."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("listening on http://"), line
            yield process, line.removeprefix("listening on ").strip()
        finally:
            process.kill()


def get(url: str, **headers: str) -> tuple[int, Any]:
    try:
        with urlopen(Request(url, headers=headers), timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as refusal:
        with refusal:
            return refusal.code, json.load(refusal)


def refused(*arguments: object) -> tuple[int, str, str]:
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_one_line_and_ends_with_zero_when_asked_to_stop(number: signal.Signals) -> None:
    with program() as (process, url):
        assert url.startswith("http://127.0.0.1:")
        assert get(url + SIGNED)[0] == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_where_that_is_asked_for_it_ends_with_standard_input() -> None:
    with subprocess.Popen(
        [*COMMAND, "--until-eof"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().removeprefix("listening on ").strip()
        assert get(url + SIGNED)[0] == 200
        rest, errors = process.communicate(input="this is ignored", timeout=20)
    assert (process.returncode, rest, errors) == (0, "", "")


def test_garbage_on_the_wire_is_logged_nowhere() -> None:
    with program() as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"GET /lead_changed?\xff HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"400" in connection.recv(1000)
        process.terminate()
        assert process.communicate(timeout=20) == ("", "")


def test_what_was_answered_outlives_a_kill(tmp_path: Path) -> None:
    """Durable before the answer: every 200 is still known after SIGKILL."""
    db = tmp_path / "receiver.sqlite"
    with program("--db", db) as (process, url):
        for number in range(50):
            assert get(f"{url}/lead_created?lead_id=l{number}&source=api")[0] == 200
        assert get(f"{url}/lead_changed?lead_id=l1")[0] == 200
        process.kill()
    with program("robust", "--db", db) as (_, url):
        assert len(get(f"{url}/leads")[1]) == 50
        assert get(f"{url}/refreshes")[1] == [{"kind": "lead", "id": "l1", "wished": 1, "served": 0}]
        assert get(f"{url}/lead_created?lead_id=l1&source=api")[1] == {"decision": "duplicate"}


def test_duplicates_at_two_programs_with_one_file_have_one_effect(tmp_path: Path) -> None:
    db = tmp_path / "receiver.sqlite"
    with program("--db", db) as (_, one), program("--db", db) as (_, other), ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(get, [base + SIGNED for _ in range(50) for base in (one, other)]))
        effects = get(f"{one}/state")[1]["effects"]
    assert {status for status, _ in answers} == {200}
    assert [body["decision"] for _, body in answers].count("applied") == 1
    assert len(effects) == 1


def test_credentials_from_the_command_line_are_demanded() -> None:
    with program("--header-auth", "X-Token=a=b", "--basic-auth", "user:pass:word") as (_, url):
        basic = "Basic dXNlcjpwYXNzOndvcmQ="
        assert get(url + SIGNED)[0] == 401
        assert get(url + SIGNED, **{"X-Token": "a=b"})[0] == 401
        assert get(url + SIGNED, **{"X-Token": "a=b", "Authorization": basic})[0] == 200


def test_a_taken_port_is_one_line_and_exit_3() -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        code, output, errors = refused("--port", holder.getsockname()[1])
    assert (code, output) == (3, "")
    assert errors.count("\n") == 1
    assert "Address already in use; choose another --port" in errors


def test_a_database_that_cannot_be_opened_is_one_line_and_exit_3(tmp_path: Path) -> None:
    code, output, errors = refused("--db", tmp_path / "no such folder" / "db.sqlite")
    assert (code, output) == (3, "")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["rubust"], "robust"),
        (["--port", "65536"], "0 to 65535"),
        (["--port", "-1"], "0 to 65535"),
        (["--header-auth", "X-Token"], "two parts"),
        (["--header-auth", "X-Token="], "two parts"),
        (["--basic-auth", ":pass"], "two parts"),
        (["--header-auth", "Authorization=x", "--basic-auth", "u:p"], "name another"),
        (["--api-url", "http://127.0.0.1:1"], "belong together"),
        (["--api-token", "sk_sand_1"], "belong together"),
    ],
)
def test_wrong_use_is_exit_2_and_says_what_is_right(arguments: list[str], says: str) -> None:
    code, output, errors = refused(*arguments)
    assert (code, output) == (2, "")
    assert says in errors


def test_a_mistyped_secret_is_not_echoed() -> None:
    """S7."""
    _, _, errors = refused("--basic-auth", "onlysecret")
    assert "onlysecret" not in errors
