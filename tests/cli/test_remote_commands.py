"""`clock`, `resend` and `emit --server`: the commands that speak to a running server."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from command_line import Ran, aurora_sim
from server_process import Listener, ServerProcess, listening, serving


@pytest.fixture(scope="module")
def receiver() -> Iterator[Listener]:
    with listening() as one:
        yield one


@pytest.fixture(scope="module")
def server(receiver: Listener) -> Iterator[ServerProcess]:
    """One server for all; each test minds its own deliveries."""
    with serving("--speed", "1") as one:
        one.subscribe(receiver.url)
        yield one


def call(server: ServerProcess, *words: str) -> Ran:
    return aurora_sim(*words, "--server", server.url)


def test_the_clock_is_shown_and_driven(server: ServerProcess) -> None:
    assert "  speed 1  " in call(server, "clock").out
    assert "  paused  " in call(server, "clock", "pause").out
    before = json.loads(call(server, "clock", "show", "--json").out)["now"]
    after = json.loads(call(server, "clock", "advance", "20h", "--json").out)["now"]
    assert after > before
    assert json.loads(call(server, "clock", "speed", "1440", "--json").out)["speed"] == "1440"
    assert "  speed 1440  " in call(server, "clock", "run").out
    assert "  speed 1  " in call(server, "clock", "speed", "1").out


def test_the_clock_walks_to_what_is_due_next(server: ServerProcess) -> None:
    call(server, "clock", "pause")
    server.ask("POST", "/simulator/events", {"event": "lead_changed", "count": 2, "every": "1h"})
    due = server.ask("GET", "/simulator/clock")[1]["next_due"]
    assert json.loads(call(server, "clock", "next", "--json").out)["now"] >= due
    call(server, "clock", "run")


def test_a_clock_that_is_told_to_go_back_says_why_it_does_not(server: ServerProcess) -> None:
    ran = call(server, "clock", "advance", "2020-01-01T00:00:00Z")
    assert (ran.code, "never goes back" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["rewind"], 'a clock cannot "rewind"'),
        (["advnce", "1h"], 'did you mean "advance"?'),
        (["advance"], "advance takes a value"),
        (["speed"], "as in: aurora-sim clock speed 1440"),
        (["pause", "1h"], "pause takes no value"),
        (["speed", "quick"], "speed"),
        (["advance", "soon"], "is not a duration"),
    ],
)
def test_what_a_clock_cannot_do_is_one_clear_sentence(server: ServerProcess, words: list[str], says: str) -> None:
    ran = call(server, "clock", *words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_an_event_is_handed_over_and_its_deliveries_shown(server: ServerProcess, receiver: Listener) -> None:
    ran = call(server, "emit", "lead_changed", "LEAD_ID=handed-over")
    assert ran.code == 0
    assert "LEAD_ID = handed-over" in ran.out
    assert f" to {server.ask('GET', '/simulator/subscriptions')[1]['subscriptions'][0]['name']}: " in ran.out
    assert "delivery " in ran.out
    told = json.loads(call(server, "emit", "lead_changed", "LEAD_ID=again", "--json").out)
    number = told["deliveries"][0]["id"]
    server.until(f"/simulator/deliveries/{number}", lambda one: one["state"] == "delivered")
    assert "/in?lead=handed-over" in receiver.paths


def test_an_event_that_nobody_wants_says_so(server: ServerProcess) -> None:
    assert "no delivery: no subscription wants lead_created" in call(server, "emit", "lead_created").out


def test_the_servers_own_words_say_what_is_wrong(server: ServerProcess) -> None:
    ran = call(server, "emit", "lead_chnged")
    assert (ran.code, 'did you mean "lead_changed"?' in ran.err) == (2, True)


def test_one_delivery_is_resent(server: ServerProcess) -> None:
    told = json.loads(call(server, "emit", "lead_changed", "--json").out)
    number = told["deliveries"][0]["id"]
    server.until(f"/simulator/deliveries/{number}", lambda one: one["state"] == "delivered")
    assert call(server, "resend", str(number)).out.strip() == f"delivery {number}: resent"
    server.until(f"/simulator/deliveries/{number}", lambda one: len(one["attempts"]) == 2)
    assert call(server, "resend", "999999").code == 2


def test_everything_missed_is_resent(server: ServerProcess) -> None:
    (crm,) = server.ask("GET", "/simulator/subscriptions")[1]["subscriptions"]
    path = f"/simulator/subscriptions/{crm['id']}"
    server.ask("PATCH", path, {"definition": {"enabled": False}})
    server.ask("POST", "/simulator/events", {"event": "lead_changed", "count": 300})
    server.ask("PATCH", path, {"definition": {"enabled": True}})
    assert json.loads(call(server, "resend", "--event", "lead_created", "--json").out)["resent"] == 0
    ran = call(server, "resend", "--subscription", crm["id"])
    assert (ran.code, ran.out.strip()) == (0, "300 resent, 0 refused")


@pytest.mark.parametrize("words", [["clock"], ["resend"], ["resend", "1"], ["emit", "lead_changed"]])
def test_a_server_that_is_not_there_is_one_sentence_and_exit_code_3(words: list[str]) -> None:
    ran = aurora_sim(*words, "--server", "http://127.0.0.1:9")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.strip() == "error: no simulator answers at http://127.0.0.1:9; start one with: aurora-sim serve"


def test_something_else_that_answers_is_not_taken_for_a_server(receiver: Listener) -> None:
    ran = aurora_sim("clock", "--server", receiver.url)
    assert (ran.code, "is not this simulator" in ran.err) == (3, True)


@pytest.mark.parametrize("url", [
    "", "localhost:8025", "ftp://x", "http://[", "http://x:y", "http://", "http://a b", "http://a/page", "http://a/#d=1",
    f"http://{'x' * 64}",
])  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    ran = aurora_sim("clock", "--server", url)
    assert (ran.code, "is not the address of a server" in ran.err) == (2, True)


@pytest.mark.parametrize("url", ["http://me:pa55word@127.0.0.1:9", "http://127.0.0.1:9/?token=pa55word"])
def test_a_secret_in_an_address_is_refused_and_not_repeated(url: str) -> None:
    ran = aurora_sim("clock", "--server", url)
    assert (ran.code, "its token goes to --token" in ran.err, "pa55word" in ran.err) == (2, True, False)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["emit", "lead_changed"], "give --target"),
        (["emit", "lead_changed", "--target", "http://x", "--server", "http://x"], "one of the two"),
        (["emit", "lead_changed", "--server", "http://x", "--seed", "1"], "leave those options out"),
        (["emit", "lead_changed", "--server", "http://x", "--provider", "aurora"], "leave those options out"),
        (["resend", "1", "--event", "lead_changed"], "not both"),
        (["resend", "0"], "Invalid value"),
    ],
)
def test_wrong_use_is_one_clear_sentence_and_exit_code_2(words: list[str], says: str) -> None:
    ran = aurora_sim(*words)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err


def test_a_server_that_asks_for_a_token_is_given_it() -> None:
    with serving("--token", "t0ken") as server:
        assert aurora_sim("clock", "--server", server.url).code == 2
        ran = aurora_sim("clock", "--server", server.url, "--token", "t0ken")
        assert ran.code == 0
        assert "t0ken" not in ran.out + ran.err
