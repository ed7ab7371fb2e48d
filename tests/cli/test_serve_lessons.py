"""Lessons in `aurora-sim serve`: over real HTTP, against the receiver that it starts."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import pytest
from server_process import ServerProcess, serving

LESSON = "/simulator/lesson"


def ask(server: ServerProcess, method: str, path: str) -> Any:
    status, said = server.ask(method, path)
    assert status in (200, 201), said
    return said["lesson"]


@pytest.mark.parametrize(
    ("provider", "states"), [("aurora", {"delivered", "filtered"}), ("aura", {"delivered", "exhausted"})]
)
def test_each_goes_against_the_sample_receiver_to_its_end(provider: str, states: set[str]) -> None:
    """The first one twice: a receiver that remembers the objects of the last time takes no new event for an old one."""
    with serving("--receiver", "robust", "--provider", provider) as server:
        names = [one["name"] for one in server.ask("GET", "/simulator/lessons")[1]["lessons"]]
        assert len(names) >= 3
        for name in names:
            go_to_the_end(server, name, states)
        worked = effects(server)
        go_to_the_end(server, names[0], states)
        assert effects(server) > worked


def go_to_the_end(server: ServerProcess, name: str, states: set[str]) -> None:
    lesson = ask(server, "POST", f"/simulator/lessons/{name}")
    while not lesson["finished"]:
        lesson = ask(server, "POST", f"{LESSON}/next")
    assert not lesson["trouble"]
    told = server.ask("GET", "/simulator/deliveries?limit=100")[1]["deliveries"]
    own = [one["state"] for one in told if one["subscription_id"] in ids_of(server, lesson["subscriptions"])]
    assert "delivered" in own
    assert set(own) <= states
    assert ask(server, "DELETE", LESSON) is None


def effects(server: ServerProcess) -> int:
    """How much the receiver has done."""
    return len(server.ask("GET", "/simulator/receiver")[1]["effects"])


def ids_of(server: ServerProcess, names: list[str]) -> set[str]:
    every = server.ask("GET", "/simulator/subscriptions")[1]["subscriptions"]
    return {one["id"] for one in every if one["name"] in names}


def test_without_a_receiver_it_says_what_to_start() -> None:
    with serving() as server:
        status, said = server.ask("POST", "/simulator/lessons/retries")
    assert (status, "aurora-sim serve --receiver robust" in said["errors"][0]["message"]) == (409, True)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_lesson_does_not_outlive_its_server_and_the_next_one_says_so(tmp_path: Path, end: int) -> None:
    words = ("--db", str(tmp_path / "run.sqlite"), "--receiver", "robust")
    with serving(*words) as server:
        ask(server, "POST", "/simulator/lessons/retries")
        ask(server, "POST", f"{LESSON}/next")
        server.stop(end)
    with serving(*words) as server:
        lesson = ask(server, "GET", LESSON)
        assert (lesson["broken_off"], lesson["subscriptions"]) == (True, ["lesson-1-crm"])
        assert 'the lesson "Retries" was under way when the server stopped' in server.log()
        assert ask(server, "DELETE", LESSON) is None
