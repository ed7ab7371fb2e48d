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
