"""`aurora-sim plan`: as a user writes it, and as a program reads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from command_line import aurora_sim

from simulator.cli import root
from simulator.errors import Refused

SCENARIOS = Path(__file__).parents[2] / "scenarios"
WEEKEND = str(SCENARIOS / "weekend-outage.yaml")


def plan(*words: str) -> Result:
    return CliRunner().invoke(root, ["plan", *words])


def test_without_options_it_plans_six_hours_within_a_month():
    ran = plan()
    assert ran.exit_code == 0
    assert "occurs        40/h evenly for 30d: agreement_status_changed\n" in ran.output
    assert "outage        Tue 06 Jan 09:00:00 to Tue 06 Jan 15:00:00 (6h)  refuse\n" in ran.output
    assert "delivered     28,800 of 28,800 deliveries (100.00%): 28,560 at once, 240 late\n" in ran.output


def test_the_help_has_every_option_and_examples():
    ran = plan("--help")
    assert "aurora-sim plan --outage 60h@2d --rate 1000/d --recover 1d" in ran.output
    traffic = ("--rate", "--poisson", "--for", "--mix", "--subscriptions", "--scenario")
    for option in (
        *traffic,
        "--outage",
        "--fault",
        "--recover",
        "--switch",
        "--seed",
        "--provider",
        "--json",
        "--html",
    ):
        assert option in ran.output


def test_options_come_together():
    ran = plan(
        *("--outage", "55h@1d", "--outage", "2h@6d", "--fault", "503", "--rate", "6/h", "--poisson", "--for", "8d"),
        *("--mix", "project_created=2,lead_changed", "--subscriptions", "2", "--recover", "6h"),
        *("--switch", "retry_jitter=0.1", "--seed", "7", "--json"),
    )
    document = json.loads(ran.output)
    assert document["seed"] == 7
    assert [outage["summary"] for outage in document["outages"]] == ["status 503", "status 503"]
    assert document["readings"]["retry_jitter"] == 0.1
    assert document["assumptions"] == {
        "occurs": "6/h at random for 8d: project_created × 2, lead_changed × 1",
        "listens": "4 subscriptions",
        "enabled": "6h after each outage, whatever is disabled then",
    }
    assert all(one["disablings"][0]["enabled_at"] == "2026-01-08T22:00:00Z" for one in document["subscriptions"])


def test_a_scenario_is_planned_with_its_own_words():
    document = json.loads(plan("--scenario", WEEKEND, "--json").output)
    assert document["assumptions"]["scenario"].startswith("Weekend outage")
    assert [one["name"] for one in document["subscriptions"]] == ["crm", "job tracker", "proposal feed"]


def test_a_page_is_written_where_it_is_wanted(tmp_path):
    page = tmp_path / "deep" / "plan.html"
    ran = plan("--rate", "1/d", "--html", str(page))
    assert ran.exit_code == 0
    assert ran.stderr == f"the page: {page}\n"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--outage", "6"], '"6" is not a duration'),
        (["--rate", "often"], '"often" is not a rate; write it as 40/h'),
        (["--fault", "200"], '"200" is no outage'),
        (["--recover", "0s"], '"0s" must be longer than nothing'),
        (["--scenario", WEEKEND, "--rate", "1/h"], "--rate cannot be given with --scenario, which brings its own"),
        (["--scenario", WEEKEND, "--poisson"], "--poisson cannot be given with --scenario, which brings its own"),
        (["--scenario", WEEKEND, "--for", "2d"], "--for cannot be given with --scenario, which brings its own"),
        (["--html", "x" * 300], "cannot be used: File name too long"),
        (["--subscriptions", "0"], "0 is not in the range"),
    ],
)
def test_wrong_use_is_told_in_one_sentence_with_exit_code_2(words, sentence):
    ran = plan(*words)
    assert ran.exit_code == 2
    assert sentence in ran.stderr


def test_a_process_of_its_own_plans_and_tells_wrong_use_apart_from_a_fault():
    assert "recovered     " in aurora_sim("plan", "--rate", "1/d").out
    wrong = aurora_sim("plan", "--mix", "proect_created")
    assert wrong.code == 2
    assert wrong.err.startswith('error: there is no event "proect_created" (did you mean "project_created"?)')
    assert aurora_sim("plan", "--rate", "1/d", "--html", "/proc/nowhere/plan.html").code == 3


def test_a_plan_loads_neither_network_nor_database_nor_loop():
    """What is not loaded costs no time: a plan is there at once."""
    program = """\
import sys
from simulator.cli import root
root.main(["plan", "--rate", "1/d", "--html", sys.argv[1]], standalone_mode=False)
heavy = {"asyncio", "aiohttp", "apscheduler", "sqlite3", "sqlite_utils", "pydantic", "rich", "yaml", "ssl"}
sys.exit(", ".join(sorted(heavy & set(sys.modules))) or 0)
"""
    done = subprocess.run(
        [sys.executable, "-c", program, "/dev/null"], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "the page: /dev/null\n")


def test_what_is_foreseen_can_be_kept_and_reported_like_a_run(tmp_path):
    db = tmp_path / "foreseen.sqlite"
    planned = json.loads(plan("--scenario", WEEKEND, "--json", "--db", str(db)).output)
    ran = CliRunner().invoke(root, ["report", str(db), "--json", str(tmp_path / "report.json")])
    report = json.loads((tmp_path / "report.json").read_text())
    assert ran.exit_code == 0, ran.output
    assert report["command"] == f"aurora-sim plan --scenario {WEEKEND} --json --db {db}"
    counts = planned["counts"]
    for name in ("attempts", "delivered", "exhausted", "cancelled", "filtered"):
        assert report["totals"][name] == counts[name]
    assert report["totals"]["events"] == planned["events"]


def test_a_file_that_holds_a_run_is_left_as_it_is(tmp_path):
    db = str(tmp_path / "foreseen.sqlite")
    assert plan("--for", "1h", "--db", db).exit_code == 0
    again = plan("--for", "1h", "--db", db)
    assert isinstance(again.exception, Refused)
    assert "holds a run already" in str(again.exception)


def test_a_page_is_never_written_over_the_scenario_it_is_made_from():
    before = Path(WEEKEND).read_bytes()
    ran = plan("--scenario", WEEKEND, "--html", WEEKEND)
    assert isinstance(ran.exception, Refused)
    assert "is read by this command; name another file" in str(ran.exception)
    assert Path(WEEKEND).read_bytes() == before


def test_an_empty_word_is_no_provider():
    assert "there is no provider" in str(plan("--provider", "").exception)
