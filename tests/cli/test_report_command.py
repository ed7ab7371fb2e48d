"""`aurora-sim report`: a report made again equals the first one; other files are refused in plain words."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from in_process import aurora_sim_here

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory) -> Path:
    """The flagship, run once: its database and its reports in one folder."""
    folder = tmp_path_factory.mktemp("recorded")
    ran = aurora_sim_here("run", "weekend-outage", "--db", str(folder / "run.sqlite"), "--out", str(folder / "first"))
    assert ran.code == 0
    return folder


def test_every_form_of_the_report_equals_the_first_one_digest_included(recorded, tmp_path):
    ran = aurora_sim_here("report", str(recorded / "run.sqlite"), "--out", str(tmp_path))
    assert ran.code == 0
    for form in ("report.json", "report.html", "junit.xml", "report.ndjson"):
        assert (tmp_path / form).read_bytes() == (recorded / "first" / form).read_bytes()


def test_the_text_equals_the_first_one_too(recorded):
    first = aurora_sim_here("report", str(recorded / "run.sqlite")).out
    assert "proposal feed · web_proposal_url_created" in first
    assert "PASSED all 12 expectations hold" in first


def test_a_single_form_goes_where_it_was_wanted(recorded, tmp_path):
    aurora_sim_here("report", str(recorded / "run.sqlite"), "--junit", str(tmp_path / "new" / "junit.xml"))
    assert (tmp_path / "new" / "junit.xml").read_bytes() == (recorded / "first" / "junit.xml").read_bytes()
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["junit.xml"]


def test_the_database_is_only_read(recorded):
    before = (recorded / "run.sqlite").read_bytes()
    aurora_sim_here("report", str(recorded / "run.sqlite"))
    assert (recorded / "run.sqlite").read_bytes() == before


def test_a_report_is_never_written_over_the_database_it_is_made_from(recorded):
    db = recorded / "run.sqlite"
    before = db.read_bytes()
    ran = aurora_sim_here("report", str(db), "--html", str(db))
    assert (ran.code, "is read by this command; name another file" in ran.err) == (2, True), ran.err
    assert db.read_bytes() == before


def test_a_failing_run_fails_again(tmp_path):
    file = tmp_path / "failing.yaml"
    file.write_text(
        "name: Failing\n"
        "subscriptions: [{name: leads, event: lead_created}]\n"
        "timeline: [{at: 0s, fault: {dns: {}}}, {at: 0s, emit: {event: lead_created}}]\n"
        "expect: [{delivered: {all: true}}]\n",
        encoding="utf-8",
    )
    assert aurora_sim_here("run", str(file), "--db", str(tmp_path / "run.sqlite")).code == 1
    ran = aurora_sim_here("report", str(tmp_path / "run.sqlite"))
    assert ran.code == 1
    assert f"repeat with: aurora-sim run {file} --seed 0" in ran.out


def test_a_run_that_was_killed_tells_what_happened_so_far(tmp_path):
    """R14. No chance to note anything: the process is gone between two instants."""
    file = tmp_path / "endless.yaml"
    file.write_text(
        "name: Endless\n"
        "clock: {speed: 1}\n"
        "subscriptions: [{name: leads, event: lead_created}]\n"
        "timeline:\n"
        "  - {at: 0s, emit: {event: lead_created, count: 20}}\n"
        "  - {at: 1s, checkpoint: under way}\n"
        "  - {at: 1h, emit: {event: lead_created}}\n"
        "expect: [{delivered: {count: 21}}]\n",
        encoding="utf-8",
    )
    receiver = [sys.executable, "-m", "simulator.receivers"]
    with subprocess.Popen(receiver, stdout=subprocess.PIPE, text=True, cwd=ROOT) as listening:
        assert listening.stdout
        url = listening.stdout.readline().split()[-1]
        words = ["run", str(file), "--db", str(tmp_path / "run.sqlite"), "--target", url]
        with subprocess.Popen(
            [sys.executable, "-m", "simulator", *words], stderr=subprocess.PIPE, text=True, cwd=ROOT
        ) as process:
            assert process.stderr
            assert "under way" in process.stderr.readline()
            process.kill()
        listening.terminate()
    ran = aurora_sim_here("report", str(tmp_path / "run.sqlite"), "--json", str(tmp_path / "report.json"))
    assert ran.code == 1
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert (report["totals"]["events"], report["totals"]["deliveries"]) == (20, 20)
    assert report["expectations"][0]["actual"].endswith("its expectations were not judged")


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        ([], 2, "Missing argument"),
        (["nowhere.sqlite"], 2, "there is no database nowhere.sqlite"),
        (["folder"], 2, "there is no database folder"),
        (["x" * 300], 2, "cannot be used: File name too long"),
        ([""], 2, "an empty name is no file"),
        (["empty.sqlite"], 2, "there is no database empty.sqlite"),
        (["text.sqlite"], 3, "this file is not a SQLite database"),
        (["strange.sqlite"], 3, "belongs to another program"),
        (["run.sqlite", "--pdf", "x"], 2, "No such option"),
        (["run.sqlite", "--json", "folder"], 2, "folder is a folder; name a file"),
        (["run.sqlite", "--html", "text.sqlite/x.html"], 3, "cannot be written"),
        (["run.sqlite", "--out", "text.sqlite"], 3, "cannot be written"),
    ],
)
@pytest.mark.usefixtures("files")
def test_wrong_use_is_a_clear_sentence(words, code, says):
    ran = aurora_sim_here("report", *words)
    assert (ran.code, says in ran.err) == (code, True), ran.err
    assert ran.out == ""
    assert not Path("nowhere.sqlite").exists()


@pytest.fixture
def files(recorded, tmp_path, monkeypatch):
    """A run's database beside what is none, in the folder we are in."""
    monkeypatch.chdir(tmp_path)
    os.link(recorded / "run.sqlite", tmp_path / "run.sqlite")
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.sqlite").touch()
    (tmp_path / "text.sqlite").write_text("this is no database, and longer than its header would be " * 9)
    with closing(sqlite3.connect(tmp_path / "strange.sqlite")) as db:
        db.execute("CREATE TABLE theirs (x)")
