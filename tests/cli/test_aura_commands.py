"""The same commands for AURA: `events` and `emit` with `--provider aura`."""

from __future__ import annotations

import json
import signal
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from command_line import aurora_sim, sample_receiver
from server_process import serving


class Posted(ThreadingHTTPServer):
    """Answers every POST with `status` and keeps it."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[Any] = []
        self.peers: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/aura?from=test"


class _Handler(BaseHTTPRequestHandler):
    server: Posted

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.server.headers.append(self.headers)
        self.server.peers.append(self.client_address[0])
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
    assert "    dispatchedAt  an instant such as 2026-03-06T17:00:00Z, or how long before the event" in shown
    assert "    id  a whole number" in shown
    assert "    responder  any text\n" in shown
    assert "(deprecated)" in aurora_sim("events", "--provider", "aura").out
    assert "use RESPONDER_ACKNOWLEDGED_CALLOUT" in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("id=abc", '"abc" is not a whole number'),
        ("id=-5", '"-5" is not a whole number'),
        ("latitude=nan", '"nan" is not a number of degrees from -90 to 90'),
        ("longitude=181", '"181" is not a number of degrees from -180 to 180'),
        ("createdAt=soon", '"soon" is not an instant'),
        ("createdAt=-soon", '"-soon" is not an instant'),
    ],
)
def test_a_value_has_the_form_that_the_payload_gives_it_a7_a11(given, told):
    words = ("emit", "NEW_CALLOUT", given, "--provider", "aura", "--target", "http://127.0.0.1:9")
    ran = aurora_sim(*words)
    assert (ran.code, told in ran.err) == (2, True), ran.err
    assert aurora_sim(*words, "--lenient").code == 1


def test_emit_tells_an_attribute_as_it_is_sent():
    words = ("emit", "NEW_CALLOUT", "--provider", "aura", "--target", "http://127.0.0.1:9")
    assert "  createdAt = 2026-01-05T09:00:00Z\n" in aurora_sim(*words).out
    assert "  createdAt = 2026-01-05T08:48:00Z\n" in aurora_sim(*words, "createdAt=-12m").out


def test_events_shows_what_is_posted_a7_a8():
    shown = aurora_sim("events", "RESPONDER_ARRIVED_ON_SCENE", "--provider", "aura").out
    method, _, body = shown.partition("  for example\n")[2].partition("\n")
    assert method.split() == ["POST", "https://www.yourapp.com/aura"]
    assert json.loads(body)["callout"]["incidentInformation"][0]["arrivedAt"] == "2026-01-05T09:00:00Z"


def test_an_unknown_event_is_told_with_the_ones_there_are_a4():
    ran = aurora_sim("events", "NEW_CALOUT", "--provider", "aura")
    assert (ran.code, 'did you mean "NEW_CALLOUT"' in ran.err) == (2, True)


KEY = ("--header-auth", "X-Key=Not-a-secret-1")
QUICK = ("--only", "method", "--only", "duplicate-in-a-row", "--only", "outage", "--only", "polling", "--seed", "3")


def probes(url: str) -> tuple[str, ...]:
    return (
        *("--state-url", f"{url}/state", "--reset-url", f"{url}/reset"),
        *("--reconcile-url", f"{url}/reconciled?api=<API>&token=<KEY>"),
    )


def verify(url: str, *words: str, cwd: Path | None = None) -> Any:
    return aurora_sim("verify", url, "--provider", "aura", *KEY, *probes(url), *words, cwd=cwd)


def test_a_receiver_of_aura_is_verified_and_what_does_not_apply_names_its_clause_a9_a10_a11():
    with sample_receiver("aura-robust", *KEY) as url:
        ran = verify(url, *QUICK)
    assert ran.code == 0, ran.err
    assert "READY 3 pass, 1 skipped" in ran.out
    assert "aura never retries (A9: deliveries are attempted once" in ran.out


def test_a_flaw_is_told_in_every_form_with_a_scenario_that_fails_again_a10(tmp_path: Path):
    with sample_receiver("aura-counts-duplicates", *KEY) as url:
        ran = verify(url, *QUICK, "--out", str(tmp_path), "--junit", str(tmp_path / "junit.xml"))
        assert ran.code == 1
        assert "effects holds once too often" in ran.out
        scenario = (tmp_path / "duplicate-in-a-row.yaml").read_text().replace("change-me", "Not-a-secret-1")
    document = json.loads((tmp_path / "report.json").read_text())
    verdicts = {one["id"]: (one["verdict"], one["clause"][:3]) for one in document["checks"]}
    assert verdicts == {
        "method": ("pass", "A7:"),
        "duplicate-in-a-row": ("fail", "A10"),
        "outage": ("skipped", "A9:"),
        "polling": ("skipped", "A9,"),
    }
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("4", "1", "2")
    with sample_receiver("aura-counts-duplicates", *KEY) as url:
        (tmp_path / "again.yaml").write_text(scenario)
        again = aurora_sim("run", str(tmp_path / "again.yaml"), "--target", url)
        assert (again.code, "1 of 2 expectations" in again.out) == (1, True)
    with sample_receiver("aura-robust", *KEY) as url:
        assert aurora_sim("run", str(tmp_path / "again.yaml"), "--target", url).code == 0


def test_without_a_way_to_reconcile_polling_is_unknown_and_says_what_to_give_a11():
    with sample_receiver("aura-robust", *KEY) as url:
        words = ("--state-url", f"{url}/state", "--only", "polling", "--seed", "1")
        ran = aurora_sim("verify", url, "--provider", "aura", *KEY, *words)
    assert ran.code == 0
    assert "NO FAILURE 1 unknown" in ran.out
    assert "give --reconcile-url or --reconcile-cmd" in ran.out


def test_a_command_can_make_it_reconcile_too_a11():
    with sample_receiver("aura-robust", *KEY) as url:
        command = f'curl -sf "{url}/reconciled?api=$API&token=$KEY"'
        words = ("--state-url", f"{url}/state", "--reconcile-cmd", command, "--only", "polling", "--seed", "1")
        ran = aurora_sim("verify", url, "--provider", "aura", *KEY, *words)
    assert (ran.code, "READY 1 pass" in ran.out) == (0, True), ran.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("http://www.yourapp.com/aura",), "must begin with https://"),
        (("http://localhost:1/<id>",), 'holds "<"'),
        (("http://localhost:1", "--events", "NEW_CALOUT"), 'did you mean "NEW_CALLOUT"'),
        (("http://localhost:1", "--reconcile-url", "http://localhost:1/?k=<KEI>"), 'did you mean "KEY"'),
        (("http://localhost:1", "--reconcile-url", "http://localhost:1", "--reconcile-cmd", "ls"), "two ways"),
    ],
)
def test_wrong_use_of_verify_ends_with_2_and_says_what_is_allowed(words: tuple[str, ...], told: str):
    ran = aurora_sim("verify", *words, "--provider", "aura", "--allow-host", "www.yourapp.com")
    assert (ran.code, told in ran.err) == (2, True), ran.err


def test_the_list_of_checks_is_that_of_the_provider():
    out = aurora_sim("verify", "--list", "--provider", "aura").out
    assert "method                A7: each delivery is one POST" in out
    assert "outage                skipped: aura never retries (A9:" in out
    assert "polling               A9, A11:" in out


def test_serve_subscribes_its_receiver_to_all_events_and_finds_it_again_a2(tmp_path: Path):
    words = ("--provider", "aura", "--receiver", "robust", "--db", str(tmp_path / "run.sqlite"))
    for wanted in (1, 2):
        with serving(*words) as server:
            (webhook,) = server.ask("GET", "/simulator/subscriptions")[1]["subscriptions"]
            assert webhook["revisions"][-1]["number"] == wanted
            assert "application" not in server.line("API keys")
            _, made = server.ask("POST", "/panic-api/v2/callouts", {}, Authorization="Bearer sk_sand_demo")
            told = server.until(
                f"/simulator/events/{wanted}",
                lambda one: [each["state"] for each in one["deliveries"]] == ["delivered"],
            )
            assert told["deliveries"][0]["attributes"]["id"] == str(made["id"])
            assert server.stop(signal.SIGTERM) == 0


@pytest.mark.parametrize(("words", "status"), [((), 400), (("--switch", "allow_http=true"), 200)])
def test_serve_demands_https_unless_the_switch_for_tests_is_set_a3(words: tuple[str, ...], status: int):
    webhook = {"url": "http://localhost:9/in", "events": ["NEW_CALLOUT"]}
    with serving("--provider", "aura", *words) as server:
        path, key = "/panic-api/v2/notifiers/webhooks", "Bearer sk_sand_demo"
        answered, body = server.ask("POST", path, webhook, Authorization=key)
        assert answered == status, body
        away = {**webhook, "url": "https://staging.example.com/in"}
        answered, body = server.ask("POST", path, away, Authorization=key)
        assert (answered, body["message"].startswith("url: ")) == (400, True)


def test_serve_and_emit_send_from_the_address_that_is_asked_for_a13(receiver):
    with serving("--provider", "aura", "--switch", "allow_http=true", "--source-address", "127.0.0.5") as server:
        webhook = {"url": receiver.url, "events": ["NEW_CALLOUT"]}
        server.ask("POST", "/panic-api/v2/notifiers/webhooks", webhook, Authorization="Bearer sk_sand_demo")
        server.ask("POST", "/panic-api/v2/callouts", {}, Authorization="Bearer sk_sand_demo")
        server.until("/simulator/deliveries/1", lambda one: one["state"] == "delivered")
    words = ("--provider", "aura", "--target", receiver.url, "--source-address", "127.0.0.6")
    assert aurora_sim("emit", "NEW_CALLOUT", *words).code == 0
    assert receiver.peers == ["127.0.0.5", "127.0.0.6"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("serve", "--receiver", "robus"), 'did you mean "aura-robust"'),
        (("serve", "--receiver", "redirects"), 'the receiver "redirects" takes other events than those of aura'),
        (("serve", "--switch", "allow_htp=true"), 'did you mean "allow_http"'),
        (("serve", "--switch", "allow_http=maybe"), "it takes true or false"),
        (("serve", "--switch", "allow_http"), "is not NAME=VALUE"),
        (("serve", "--source-address", "here"), "is no IP address"),
        (("emit", "NEW_CALLOUT", "--target", "http://localhost:9", "--source-address", "::x"), "is no IP address"),
        (("emit", "NEW_CALLOUT", "--server", "http://localhost:9", "--source-address", "127.0.0.2"), "leave those"),
        (("emit", "NEW_CALOUT", "--target", "http://localhost:9"), 'did you mean "NEW_CALLOUT"'),
        (("emit", "NEW_CALLOUT", "ID=7", "--target", "http://localhost:9"), 'did you mean "id"'),
        (("emit", "RESPONDER_SIMULATOR", "status=arrived", "--target", "http://localhost:9"), "there is no event"),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_allowed(words: tuple[str, ...], told: str):
    ran = aurora_sim(*words, "--provider", "aura")
    assert (ran.code, ran.out, told in ran.err) == (2, "", True), ran.err


def test_an_address_of_another_machine_is_no_fault_of_the_receiver_a13(receiver):
    words = ("--provider", "aura", "--target", receiver.url, "--source-address", "192.0.2.1")
    ran = aurora_sim("emit", "NEW_CALLOUT", *words)
    assert ran.code == 3
    assert "no such address to send from" in ran.err
