"""The command line as a whole: help, versions, wrong use, and what it must not import."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import aurora_sim

from simulator import __version__
from simulator.cli import COMMANDS


def test_help_names_every_command_and_shows_examples():
    ran = aurora_sim("--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    for name in COMMANDS:
        assert f"\n  {name} " in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_in_its_help(name):
    ran = aurora_sim(name, "--help")
    assert ran.code == 0
    assert "Examples:" in ran.out
    assert f"aurora-sim {name}" in ran.out


@pytest.mark.parametrize("name", ["scenarios", "profile"])
def test_a_commands_own_commands_are_told_in_whole_lines(name):
    listed = aurora_sim(name, "--help").out.partition("Commands:")[2]
    assert listed
    assert "..." not in listed


def test_version():
    assert aurora_sim("--version").out.strip() == f"aurora-sim, version {__version__}"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["evnts"], 'there is no command "evnts" (did you mean "events"?)'),
        (["events", "--jsn"], "No such option"),
        (["emit"], "Missing argument"),
        (["emit", "lead_changed"], "--target"),
        (["run"], "Missing argument"),
    ],
)
def test_wrong_use_is_one_clear_sentence_and_exit_code_2(words, says):
    ran = aurora_sim(*words)
    assert ran.code == 2
    assert says in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_import_nothing_heavy(option):
    """A command's own imports wait until it runs."""
    code = f"""
import sys
sys.argv = ["aurora-sim", "{option}"]
from simulator.cli import main
try:
    main()
except SystemExit:
    pass
heavy = {{"aiohttp", "apscheduler", "sqlite_utils", "pydantic", "rich", "yaml", "asyncio"}} & set(sys.modules)
sys.exit(f"imported {{heavy}}" if heavy else 0)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr


LATER = (
    *("rich", "apscheduler", "aiohttp.web", "jsonschema", "hypothesis", "pytest"),
    *("simulator.api", "simulator.control", "simulator.contract", "simulator.plan", "simulator.receivers.app"),
    *("simulator.cli.board", "simulator.cli.showing", "simulator.scenario.relay", "simulator.scenario.schema"),
    *("simulator.report.model", "simulator.report.recorded", "simulator.scenario.verdict", "simulator.scenario.expect"),
    *("simulator.report.html", "simulator.report.junit", "simulator.report.ndjson", "simulator.report.text"),
)
"""What a run needs after its first request, or not at all."""


def test_the_first_request_of_a_run_waits_for_no_import_that_it_does_not_need(tmp_path):
    scenario = tmp_path / "first.yaml"
    scenario.write_text(
        "name: First\nsubscriptions: [{name: one, event: lead_changed}]\n"
        "timeline: [{at: 0s, emit: {event: lead_changed}}]\nexpect: [{delivered: {all: true}}]\n"
    )
    program = f"""
import socket, sys, threading

seen = set()
server = socket.create_server(("127.0.0.1", 0))

def receive():
    connection, _ = server.accept()
    connection.recv(1)
    seen.update(sys.modules)
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n")
    connection.close()

thread = threading.Thread(target=receive, daemon=True)
thread.start()
target = f"http://127.0.0.1:{{server.getsockname()[1]}}"
sys.argv = ["aurora-sim", "run", {str(scenario)!r}, "--target", target, "--out", {str(tmp_path / "out")!r}]
from simulator.cli import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended
thread.join()
early = sorted(seen & set({LATER!r}))
sys.exit(f"imported before the first byte: {{early}}" if early or "aiohttp.client" not in seen else 0)
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "words", [["run"], ["events"], ["plan", "--outage"], ["emit", "--target", "http://a", "--seed", "1"]]
)
def test_a_word_of_a_hundred_thousand_letters_is_not_repeated_as_a_whole(words):
    ran = aurora_sim(*words, "x" * 100_000)
    assert ran.code == 2
    assert 0 < len(ran.err) < 3_000
