"""What `serve` recorded, on the command line: a report of it, and a scenario that does it again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import aurora_sim
from server_process import ServerProcess, serving


@pytest.fixture(scope="module")
def lived(tmp_path_factory) -> Path:
    """A session of `serve` in two processes: the receiver has another port in the second."""
    path = tmp_path_factory.mktemp("lived") / "lived.sqlite"
    words = ("--db", str(path), "--receiver", "robust", "--speed", "jump", "--seed", "3")
    with serving(*words) as server:
        emit_and_wait(server, "lead_created")
        server.ask("POST", "/simulator/faults", {"kind": "lost_response", "for": "10s"})
        emit_and_wait(server, "lead_created")
    with serving(*words) as server:
        emit_and_wait(server, "lead_converted")
    return path


def emit_and_wait(server: ServerProcess, event: str) -> None:
    status, _ = server.ask("POST", "/simulator/events", {"event": event})
    assert status == 202
    server.until("/simulator/deliveries?state=pending", lambda said: not said["deliveries"])


def test_its_report_tells_what_happened_and_expects_nothing(lived: Path, tmp_path: Path) -> None:
    ran = aurora_sim("report", str(lived), "--json", str(tmp_path / "report.json"))
    assert ran.code == 0, ran.err
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["scenario"], report["verdict"], report["expectations"]) == ("live", "pass", [])
    assert (report["totals"]["events"], report["totals"]["delivered"]) == (3, 3)


def test_it_is_kept_as_a_scenario_that_passes_on_a_receiver_of_its_own(lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "kept.yaml"
    assert aurora_sim("scenarios", "from", str(lived), "--file", str(file)).code == 0
    assert "127.0.0.1" not in file.read_text("utf-8")
    ran = aurora_sim("run", str(file), "--json", str(tmp_path / "report.json"))
    assert ran.code == 0, ran.out
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    attempts = [attempt for delivery in report["deliveries"] for attempt in delivery["attempts"]]
    assert [attempt["fault"] for attempt in attempts] == ["", "lost_response", "", ""]
    assert {delivery["state"] for delivery in report["deliveries"]} == {"delivered"}
