"""`aurora-sim run`: one scenario, several, what is written, and every way to use it wrongly."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from xml.etree import ElementTree as ET

import pytest
from command_line import aurora_sim, sample_receiver
from in_process import aurora_sim_here

PASSING = """\
name: Passing
seed: 5
subscriptions: [{name: leads, event: lead_created}]
timeline:
  - {at: 0s, checkpoint: it begins}
  - {at: 0s, emit: {event: lead_created, attributes: {LEAD_ID: lead-1}}}
expect:
  - delivered: {count: 1}
"""
FAILING = """\
name: Failing
subscriptions: [{name: leads, event: lead_created}]
timeline:
  - {at: 0s, fault: {refuse: {}}}
  - {at: 0s, emit: {event: lead_created, count: 2}}
expect:
  - delivered: {all: true}
  - exhausted: {count: 2}
"""


@pytest.fixture(scope="module")
def receiver():
    """One for all tests that do not look at what it knows."""
    with sample_receiver() as url:
        yield url


@pytest.fixture
def passing(tmp_path):
    return write(tmp_path / "passing.yaml", PASSING)


@pytest.fixture
def failing(tmp_path):
    return write(tmp_path / "failing.yaml", FAILING)


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# ---- one scenario


def test_a_scenario_that_holds_ends_with_0_and_its_remarks_go_to_stderr(passing, receiver):
    ran = aurora_sim_here("run", str(passing), "--target", receiver)
    assert ran.code == 0
    assert "PASSED the expectation holds" in ran.out
    assert "Mon 05 Jan 09:00:00  it begins" in ran.err
    assert "it begins" not in ran.out


def test_one_that_does_not_ends_with_1_and_says_why_where_and_how_to_repeat_it(failing):
    ran = aurora_sim_here("run", str(failing))
    assert ran.code == 1
    assert "✗  delivered all delivered" in ran.out
    assert "deliveries 1, 2" in ran.out
    assert "FAILED 1 of 2 expectations does not hold" in ran.out
    assert f"repeat with: aurora-sim run {failing} --seed 0" in ran.out.splitlines()


def test_the_command_it_prints_repeats_the_run(failing, tmp_path):
    with sample_receiver() as url:
        first = aurora_sim_here(
            "run", str(failing), "--target", url, "--seed", "9", "--speed", "jump", "--json", str(tmp_path / "1.json")
        )
        (line,) = (line for line in first.out.splitlines() if line.startswith("repeat with: aurora-sim "))
        words = line.removeprefix("repeat with: aurora-sim ").split(" ")
        assert {"--seed", "--target", "--speed"} <= set(words)
        assert aurora_sim_here(*words, "--json", str(tmp_path / "2.json")).code == 1
    digests = {json.loads((tmp_path / f"{n}.json").read_text())["digest"] for n in (1, 2)}
    assert len(digests) == 1


def test_the_flagship_runs_by_its_name_alone(tmp_path):
    ran = aurora_sim("run", "weekend-outage", cwd=tmp_path)
    assert ran.code == 0
    assert "PASSED" in ran.out


def test_another_seed_than_the_files(passing, receiver, tmp_path):
    aurora_sim_here("run", str(passing), "--target", receiver, "--seed", "77", "--json", str(tmp_path / "report.json"))
    assert json.loads((tmp_path / "report.json").read_text())["seed"] == 77


def test_every_form_of_the_report_is_written_where_it_was_asked_for(passing, receiver, tmp_path):
    files = {form: tmp_path / "new" / f"report.{form}" for form in ("json", "html", "junit", "ndjson")}
    words = [word for form, file in files.items() for word in (f"--{form}", str(file))]
    ran = aurora_sim_here("run", str(passing), "--target", receiver, *words)
    report = json.loads(files["json"].read_text())
    assert report["verdict"] == "pass"
    assert files["html"].read_text().startswith("<!doctype html>")
    assert ET.parse(files["junit"]).getroot().get("tests") == "1"
    assert json.loads(files["ndjson"].read_text().splitlines()[0])["digest"] == report["digest"]
    assert [f"written: {file}" for file in files.values()] == ran.out.splitlines()[-4:]


def test_out_holds_every_form(passing, receiver, tmp_path):
    aurora_sim_here("run", str(passing), "--target", receiver, "--out", str(tmp_path / "out"))
    names = ["junit.xml", "report.html", "report.json", "report.ndjson"]
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == names


# ---- several


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "all" / "b.yaml", FAILING)
    write(tmp_path / "all" / "a.yaml", PASSING)
    write(tmp_path / "all" / "inner" / "a.yml", PASSING.replace("Passing", "Inner"))
    write(tmp_path / "all" / ".hidden" / "c.yaml", "no scenario")
    write(tmp_path / "all" / "notes.txt", "no scenario")
    return tmp_path / "all"


def test_a_folder_is_all_its_scenarios_sorted_in_one_table(folder, tmp_path):
    ran = aurora_sim_here("run", str(folder), "--out", str(tmp_path / "out"), "--junit", str(tmp_path / "all.xml"))
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert [line.split()[:2] for line in lines[1:4]] == [["pass", "Passing"], ["FAIL", "Failing"], ["pass", "Inner"]]
    assert lines[-1] == "FAILED 1 of 3 scenarios"
    assert f"repeat with: aurora-sim run {folder / 'b.yaml'} --seed 0" in lines
    assert "occurred" not in ran.out  # no long report
    assert "it begins" not in ran.err  # no remarks: nobody could tell whose they are


def test_each_of_several_gets_a_folder_of_its_own_and_one_junit_file_holds_them_all(folder, tmp_path):
    aurora_sim_here("run", str(folder), "--out", str(tmp_path / "out"), "--junit", str(tmp_path / "all.xml"))
    written = sorted(str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*.json"))
    assert written == ["a/report.json", "b/report.json", "inner/a/report.json"]
    suites = ET.parse(tmp_path / "all.xml").getroot()
    assert [(suite.get("name"), suite.get("failures")) for suite in suites] == [
        ("Passing", "0"),
        ("Failing", "1"),
        ("Inner", "0"),
    ]


def test_each_of_several_is_run_against_a_receiver_that_knows_nothing_yet(tmp_path):
    probing = PASSING + '  - receiver: {probe: "{receiver}/received", count: 1}\n'
    for name in "abc":
        write(tmp_path / "all" / f"{name}.yaml", probing)
    assert aurora_sim_here("run", str(tmp_path / "all")).code == 0


class _Patient(BaseHTTPRequestHandler):
    """`/?at=URL`: asks there until an object was read back, or nobody could still be at it."""

    def do_GET(self) -> None:
        until = time.monotonic() + 8
        read = False
        while not read and time.monotonic() < until:
            with urlopen(self.path.partition("at=")[2], timeout=5) as answer:
                read = any(one["served"] for one in json.loads(answer.read()))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"read": read}).encode())

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def patient() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Patient) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/?at="
        server.shutdown()


def test_with_an_api_each_of_several_receivers_reads_objects_back_as_a_single_one_does(tmp_path, patient):
    """E10."""
    of_projects = PASSING.replace("lead_created", "project_status_changed").replace("LEAD_ID", "PROJECT_ID")
    reading = of_projects + f'  - receiver: {{probe: "{patient}{{receiver}}/refreshes", equals: {{read: true}}}}\n'
    for name in "ab":
        write(tmp_path / "all" / f"{name}.yaml", reading)
    assert aurora_sim_here("run", str(tmp_path / "all" / "a.yaml"), "--api-port", "0").code == 0
    assert aurora_sim_here("run", str(tmp_path / "all"), "--api-port", "0").code == 0


def test_a_file_that_is_named_twice_runs_once(passing, receiver):
    ran = aurora_sim_here("run", str(passing), str(passing), str(passing.parent), "--target", receiver)
    assert "PASSED the expectation holds" in ran.out


def test_two_files_of_one_name_do_not_overwrite_each_others_report(tmp_path, receiver):
    files = [write(tmp_path / part / "same.yaml", PASSING.replace("Passing", part)) for part in ("one", "two")]
    aurora_sim_here("run", *map(str, files), "--target", receiver, "--out", str(tmp_path / "out"))
    told = {part: json.loads((tmp_path / "out" / part / "report.json").read_text()) for part in ("same", "same-2")}
    assert [report["scenario"] for report in told.values()] == ["one", "two"]


# ---- wrong use


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["nowhere.yaml"], 2, "there is no file nowhere.yaml"),
        (["weekend-outge"], 2, 'did you mean "weekend-outage"?'),
        (["x" * 300], 2, "File name too long"),
        ([""], 2, 'there is no file ""'),
        (["passing.yaml", "--json", "x" * 300], 2, "cannot be used: File name too long"),
        (["passing.yaml", "--html", "x" * 300], 2, "cannot be used: File name too long"),
        (["passing.yaml", "--out", ""], 2, "an empty name is no file"),
        (["passing.yaml", "--json", "./passing.yaml"], 2, "passing.yaml is read by this command; name another file"),
        (["passing.yaml", "--json", "a", "--html", "./a"], 2, "a is to hold another form of the report"),
        (["empty"], 2, "empty holds no scenario; they are files called *.yaml"),
        (["broken.yaml"], 2, "broken.yaml:2:1: is not YAML"),
        (["wrong.yaml"], 2, 'wrong.yaml:2:38: subscriptions[0].event: there is no event "lead_creatd"'),
        (["binary.yaml"], 2, "binary.yaml:1:1: is not UTF-8"),
        (["passing.yaml", "--seed", "-1"], 2, "--seed"),
        (["passing.yaml", "--seed", "x"], 2, "--seed"),
        (["passing.yaml", "--speed", "fast"], 2, "speed 'fast' is not known"),
        (["passing.yaml", "--speed", "paused"], 2, "a paused run would never end"),
        (["passing.yaml", "--speed", "1e300"], 2, "1e300 is faster than 1000000 times real time"),
        (["passing.yaml", "--target", ""], 2, '"" is no URL; write it as http://localhost:3000'),
        (["passing.yaml", "--target", "robust"], 2, '"robust" is no URL'),
        (["passing.yaml", "--target", "ftp://localhost"], 2, '"ftp://localhost" is no URL'),
        (["passing.yaml", "--source-address", ""], 2, '"" is no IP address'),
        (["passing.yaml", "--sped", "1"], 2, "No such option"),
        (["passing.yaml", "--json", "file/report.json"], 3, "file/report.json cannot be written"),
        (["passing.yaml", "--html", "empty"], 2, "empty is a folder; name a file"),
        (["passing.yaml", "--out", "file"], 3, "file cannot be written: File exists"),
        (["passing.yaml", "--db", "nowhere/run.sqlite"], 3, "this file cannot be opened"),
        (["passing.yaml", "--db", "file"], 3, "this file is not a SQLite database"),
        (["passing.yaml", "--db", "strange.sqlite"], 3, "belongs to another program"),
        (["passing.yaml", "--target", "http://example.com"], 3, "--allow-host example.com"),
        (["passing.yaml", "wrong.yaml"], 2, "wrong.yaml:2:38"),
        (["passing.yaml", "other.yaml", "--json", "x.json"], 2, "--json holds one run"),
        (["passing.yaml", "other.yaml", "--db", "x.sqlite"], 2, "--db holds one run"),
    ],
)
def test_wrong_use_is_a_clear_sentence_and_nothing_is_run(tmp_path, monkeypatch, words, code, says):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "passing.yaml", PASSING)
    write(tmp_path / "other.yaml", PASSING)
    write(tmp_path / "broken.yaml", "name: [\n")
    write(tmp_path / "wrong.yaml", PASSING.replace("seed: 5\n", "").replace("lead_created}]", "lead_creatd}]"))
    write(tmp_path / "file", "not a database, and no folder")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "empty").mkdir()
    with closing(sqlite3.connect(tmp_path / "strange.sqlite")) as db:
        db.execute("CREATE TABLE theirs (x)")
    ran = aurora_sim_here("run", *words)
    assert (ran.code, says in ran.err) == (code, True), ran.err
    assert "PASSED" not in ran.out
    assert (tmp_path / "passing.yaml").read_text() == PASSING


def test_everything_that_is_wrong_with_several_files_is_told_at_once(tmp_path):
    for name in ("one", "two"):
        write(tmp_path / f"{name}.yaml", PASSING.replace("lead_created", "lead_creatd"))
    ran = aurora_sim_here("run", str(tmp_path))
    assert ran.code == 2
    assert {"one.yaml:3", "two.yaml:3"} <= {
        Path(line).name[:10] for line in ran.err.replace("error: ", "").splitlines()
    }


def test_a_database_that_holds_a_run_is_not_written_over(passing, receiver, tmp_path):
    db = tmp_path / "run.sqlite"
    assert aurora_sim_here("run", str(passing), "--target", receiver, "--db", str(db)).code == 0
    before = events_in(db)
    ran = aurora_sim_here("run", str(passing), "--db", str(db))
    assert ran.code == 2
    assert "holds a run already" in ran.err
    assert events_in(db) == before == 1


# ---- interrupted


SLOW = """\
name: Slow
clock: {speed: 1}
subscriptions: [{name: leads, event: lead_created}]
timeline:
  - {at: 0s, emit: {event: lead_created, count: 50}}
  - {at: 1s, checkpoint: under way}
  - {at: 1h, emit: {event: lead_created}}
"""


@contextmanager
def interrupted(*words: str) -> Iterator[subprocess.Popen[str]]:
    """A run that was told to stop as soon as it said that it was under way."""
    with subprocess.Popen(
        [sys.executable, "-m", "simulator", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as process:
        assert process.stderr
        assert "under way" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        yield process


def test_an_interrupted_run_ends_with_130_and_keeps_what_was_accepted(tmp_path):
    """R14. In real time: fifty events of the first instant are accepted, the one an hour later never occurs."""
    file = write(tmp_path / "slow.yaml", SLOW)
    with interrupted("run", str(file), "--db", str(tmp_path / "run.sqlite")) as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.split("\n") == ["", "interrupted; what was accepted is recorded", ""]
    assert out == ""
    assert events_in(tmp_path / "run.sqlite") == 50
    assert "50 events, 50 deliveries" in aurora_sim_here("report", str(tmp_path / "run.sqlite")).out


def test_no_receiver_outlives_an_interrupted_run(tmp_path):
    file = write(tmp_path / "slow.yaml", SLOW)
    with interrupted("run", str(file), "--db", str(tmp_path / "run.sqlite")) as process:
        process.communicate(timeout=30)
    url = fact_in(tmp_path / "run.sqlite", "receiver")
    with pytest.raises(URLError):
        urlopen(f"{url}/health", timeout=5)


def events_in(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT count(*) FROM events").fetchone()[0]


def fact_in(path: Path, name: str) -> Any:
    with closing(sqlite3.connect(path)) as db:
        return json.loads(db.execute("SELECT value FROM facts WHERE name = ?", [name]).fetchone()[0])
