"""The same commands for AURA: `events` and `emit` with `--provider aura`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from command_line import aurora_sim


class Posted(ThreadingHTTPServer):
    """Answers every POST with `status` and keeps it."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Any] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/aura?from=test"


class _Handler(BaseHTTPRequestHandler):
    server: Posted

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.headers.append(self.headers)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing: the test looks at what arrived."""


@pytest.fixture(params=[200])
def receiver(request) -> Iterator[Posted]:
    server = Posted(request.param)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_emit_posts_one_event_and_shows_what_it_posted_a7(receiver):
    words = ("NEW_CALLOUT", "id=42", "--provider", "aura", "--target", receiver.url, "--header-auth", "X-Key=s3cret")
    ran = aurora_sim("emit", *words)
    assert ran.code == 0, ran.err
    assert receiver.bodies[0]["message"] == "NEW_CALLOUT"
    assert receiver.bodies[0]["callout"]["id"] == 42
    assert receiver.headers[0]["X-Key"] == "s3cret"
    assert f"POST {receiver.url}  200" in ran.out
    assert '{"message":"NEW_CALLOUT","callout":{"id":42,' in ran.out
    assert "s3cret" not in ran.out


def test_basic_credentials_are_a_header_a1(receiver):
    ran = aurora_sim("emit", "NEW_CALLOUT", "--provider", "aura", "--target", receiver.url, "--basic-auth", "me:pass")
    assert ran.code == 0
    assert receiver.headers[0]["Authorization"] == "Basic bWU6cGFzcw=="


@pytest.mark.parametrize("receiver", [500], indirect=True)
def test_a_failure_ends_with_1_after_one_attempt_a9(receiver):
    ran = aurora_sim("emit", "NEW_CALLOUT", "--provider", "aura", "--target", receiver.url, "--json")
    delivery = json.loads(ran.out)
    assert (ran.code, delivery["state"], len(delivery["attempts"])) == (1, "exhausted", 1)
    assert json.loads(delivery["attempts"][0]["body"]) == receiver.bodies[0]
    assert len(receiver.bodies) == 1


def test_plain_http_to_another_machine_is_wrong_use_a3():
    ran = aurora_sim("emit", "NEW_CALLOUT", "--provider", "aura", "--target", "http://www.yourapp.com/")
    assert ran.code == 2
    assert "must begin with https://" in ran.err


def test_events_tells_the_catalogue_and_what_is_deprecated_a5_a6():
    assert "CALLOUT_EVENTS_CHANGED" in aurora_sim("events", "--provider", "aura").out
    shown = aurora_sim("events", "RESPONDER_ACKNOWLEDGED_CALLOUT_WITH_ETA", "--provider", "aura").out
    assert "<dispatchedAt>" in shown
    assert "use RESPONDER_ACKNOWLEDGED_CALLOUT" in shown


def test_an_unknown_event_is_told_with_the_ones_there_are_a4():
    ran = aurora_sim("events", "NEW_CALOUT", "--provider", "aura")
    assert (ran.code, 'did you mean "NEW_CALLOUT"' in ran.err) == (2, True)
