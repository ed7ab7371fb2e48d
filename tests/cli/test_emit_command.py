"""`aurora-sim emit --target`: one event over real HTTP, followed to the end of its ladder."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from command_line import aurora_sim, sample_receiver


@pytest.fixture
def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_delivered_event_ends_with_0():
    with sample_receiver() as url:
        ran = aurora_sim("emit", "agreement_status_changed", "STATUS=signed", "--target", url)
    assert ran.code == 0
    assert f"GET {url}/agreement_status_changed?project_id=" in ran.out
    assert "&status=signed  200" in ran.out
    assert "delivered: a complete 2xx in time (R1)" in ran.out


def test_a_receiver_that_is_away_burns_the_whole_ladder_and_ends_with_1(free_port):
    """R3: 0, 30 s, 5 min 30 s, 35 min 30 s, 3 h 35 min 30 s, 23 h 35 min 30 s."""
    ran = aurora_sim("emit", "lead_changed", "--target", f"http://127.0.0.1:{free_port}", "--json")
    assert ran.code == 1
    delivery = json.loads(ran.out)
    assert delivery["state"] == "exhausted"
    assert [attempt["outcome"] for attempt in delivery["attempts"]] == ["refused"] * 6
    assert [attempt["started_at"][8:19] for attempt in delivery["attempts"]] == [
        "05T09:00:00",
        "05T09:00:30",
        "05T09:05:30",
        "05T09:35:30",
        "05T12:35:30",
        "06T08:35:30",
    ]


class BreaksOff(BaseHTTPRequestHandler):
    """Promises ten bytes, sends three and hangs up."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b"abc")

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def test_a_200_that_is_broken_off_is_not_told_as_a_200():
    """R1: only a complete 2xx is a success."""
    with HTTPServer(("127.0.0.1", 0), BreaksOff) as server, served_beside(server) as url:
        ran = aurora_sim("emit", "lead_changed", "LEAD_ID=l-1", "--target", url)
    assert ran.code == 1
    assert ran.out.count("lead_id=l-1  malformed  ") == 6
    assert "  200  " not in ran.out


@contextmanager
def served_beside(server: HTTPServer) -> Iterator[str]:
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def test_a_template_is_used_as_it_is(free_port):
    target = f"http://127.0.0.1:{free_port}/hooks/<LEAD_ID>?again=<LEAD_ID>&fixed=%2F"
    ran = aurora_sim("emit", "lead_changed", "LEAD_ID=a b", "--target", target, "--json")
    url = json.loads(ran.out)["attempts"][0]["url"]
    assert url == f"http://127.0.0.1:{free_port}/hooks/a%20b?again=a%20b&fixed=%2F"


def test_credentials_are_sent_and_never_shown():
    with sample_receiver("--header-auth", "X-Token=s3cret", "--basic-auth", "u:p4ss") as url:
        without = aurora_sim("emit", "lead_changed", "--target", url)
        auth = ("--header-auth", "X-Token=s3cret", "--basic-auth", "u:p4ss")
        with_both = aurora_sim("emit", "lead_changed", "--target", url, *auth)
    assert without.code == 1
    assert with_both.code == 0
    for secret in ("s3cret", "p4ss"):
        assert secret not in with_both.out + with_both.err


def test_the_same_seed_generates_the_same_attributes(free_port):
    words = ("emit", "lead_converted", "--target", f"http://127.0.0.1:{free_port}", "--json", "--seed", "5")
    first, second = (json.loads(aurora_sim(*words).out)["attributes"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lead_chnged"], 2, 'did you mean "lead_changed"?'),
        (["agreement_status_changed", "STATUS=sgned"], 2, 'did you mean "signed"?'),
        (["agreement_status_changed", "STATE=signed"], 2, "has no such attribute"),
        (["agreement_status_changed", "STATUS"], 2, '"STATUS" is not NAME=VALUE'),
        (["agreement_status_changed", "STATUS=sent", "STATUS=signed"], 2, "STATUS is given twice"),
        (["lead_changed", "--header-auth", "X-Token"], 2, "must be NAME=VALUE"),
        (["lead_changed", "--basic-auth", "user"], 2, "must be USER:PASSWORD"),
        (["lead_changed", "--seed", "x"], 2, "--seed"),
        (["lead_changed", "--provider", "nobody"], 2, 'there is no provider "nobody"'),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(words, code, says, free_port):
    ran = aurora_sim("emit", *words, "--target", f"http://127.0.0.1:{free_port}")
    assert ran.code == code
    assert says in ran.err
    assert ran.out == ""


@pytest.mark.parametrize(
    ("target", "code", "says"),
    [
        ("localhost:3000", 2, '"localhost:3000" is no URL; write it as http://localhost:3000'),
        ("", 2, '"" is no URL'),
        ("http://:3000", 2, "error: --target: has no host"),
        ("http://localhost:3000/x?l=<LEED_ID>", 2, 'did you mean "LEAD_ID"?'),
        ("http://example.com", 3, "--allow-host example.com"),
    ],
)
def test_a_bad_target_is_refused(target, code, says):
    ran = aurora_sim("emit", "lead_changed", "--target", target)
    assert ran.code == code
    assert says in ran.err
    assert ran.out == ""


def test_lenient_lets_the_unfamiliar_through_on_purpose():
    with sample_receiver() as url:
        words = ("agreement_status_changed", "STATUS=brand-new", "--target", url)
        assert aurora_sim("emit", *words).code == 2
        assert aurora_sim("emit", *words, "--lenient").code == 0


@pytest.mark.parametrize("words", [[], ["--provider", "aura"]])
def test_a_header_that_cannot_be_is_told_of_its_option(words):
    event = "NEW_CALLOUT" if words else "lead_changed"
    ran = aurora_sim("emit", event, "--target", "http://127.0.0.1:9", "--header-auth", "Host=t0ken", *words)
    assert (ran.code, "error: --header-auth: " in ran.err, "t0ken" in ran.err) == (2, True, False), ran.err
