"""`aurora-sim verify`: exit codes, lists, wrong use, and what is written."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from command_line import aurora_sim, sample_receiver

QUICK = ("--only", "method", "--only", "convergence", "--seed", "3", "--events", "agreement_status_changed")
AUTH = ("--header-auth", "X-Token=Not-a-secret-1")


@pytest.fixture(scope="module")
def robust() -> Iterator[str]:
    with sample_receiver("robust", *AUTH) as url:
        yield url


@pytest.fixture(scope="module")
def flawed() -> Iterator[str]:
    with sample_receiver("last-write-wins", *AUTH) as url:
        yield url


def test_a_receiver_that_passes_ends_with_0_and_leaves_nothing_behind(robust: str, tmp_path: Path):
    ran = aurora_sim("verify", robust, *AUTH, *QUICK, "--state-url", f"{robust}/state", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert ran.code == 0
    assert "READY 2 pass" in ran.out


def test_a_failed_check_ends_with_1_and_tells_the_shortest_history_as_a_scenario(flawed: str, tmp_path: Path):
    words = ("--state-url", f"{flawed}/state", "--reset-url", f"{flawed}/reset", "--out", str(tmp_path))
    ran = aurora_sim("verify", flawed, *AUTH, *QUICK, *words)
    assert ran.code == 1
    assert "signed, then viewed" in ran.out
    assert "NOT READY 1 pass, 1 fail" in ran.out
    assert "Not-a-secret-1" not in ran.out
    scenario = tmp_path / "convergence.yaml"
    scenario.write_text(scenario.read_text().replace("change-me", "Not-a-secret-1"))
    urllib.request.urlopen(f"{flawed}/reset", data=b"").close()
    again = aurora_sim("run", str(scenario))
    assert again.code == 1
    assert "1 of 2 expectations does not hold" in again.out


def test_the_report_is_written_in_every_form(flawed: str, tmp_path: Path):
    forms = {form: tmp_path / f"go-live.{form}" for form in ("json", "html", "junit")}
    words = [word for form, path in forms.items() for word in (f"--{form}", str(path))]
    aurora_sim("verify", flawed, *AUTH, *QUICK, "--state-url", f"{flawed}/state", *words)
    document = json.loads(forms["json"].read_text())
    assert [(one["id"], one["verdict"]) for one in document["checks"]] == [("method", "pass"), ("convergence", "fail")]
    assert "--only convergence" in document["checks"][1]["repeat"]
    assert document["digest"].startswith("sha256:")
    assert "sim/golive.js" in forms["html"].read_text()
    suite = ET.parse(forms["junit"]).getroot()[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert not any("Not-a-secret-1" in path.read_text() for path in forms.values())


def test_unknown_is_no_pass_and_no_failure_unless_asked_for(robust: str):
    words = ("verify", robust, *AUTH, "--only", "effect", "--seed", "1")
    ran = aurora_sim(*words)
    assert ran.code == 0
    assert "NO FAILURE 1 unknown" in ran.out
    assert "give --state-url" in ran.out
    assert aurora_sim(*words, "--fail-on", "unknown").code == 1


def test_a_template_and_a_query_for_one_object(robust: str):
    url = f"{robust}/agreement_status_changed?agreement_id=<AGREEMENT_ID>&status=<STATUS>&n=1"
    probe = f"{robust}/agreements/<AGREEMENT_ID>"
    ran = aurora_sim("verify", url, *AUTH, "--state-url", probe, "--only", "further-status", "--seed", "1")
    assert (ran.code, "1 pass" in ran.out) == (0, True)


def test_nobody_there_ends_with_3():
    with sample_receiver() as url:
        pass
    ran = aurora_sim("verify", url)
    assert ran.code == 3
    assert "is the receiver running?" in ran.err


def test_a_host_that_nobody_allowed_ends_with_3():
    ran = aurora_sim("verify", "http://staging.example.com")
    assert ran.code == 3
    assert "--allow-host staging.example.com" in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "URL of the receiver is missing"),
        (("http://localhost:1", "--only", "brust"), 'did you mean "burst"'),
        (("http://localhost:1", "--events", "lead_chnged"), 'did you mean "lead_changed"'),
        (("http://localhost:1", "--state-url", "http://localhost:1", "--state-cmd", "ls"), "two ways to ask"),
        (("http://localhost:1", "--state-url", "http://localhost:1/<AGREMENT_ID>"), 'did you mean "AGREEMENT_ID"'),
        (("http://localhost:1", "--state-sql", "app.sqlite"), "FILE:QUERY"),
        (("http://localhost:1", "--provider", "aurra"), 'did you mean "aurora"'),
        (("http://localhost:1", "--only", "burst", "--skip", "burst"), "no check is left"),
        (("http://localhost:1", "--events", ""), "is empty; say what is meant, or leave it out"),
        (("http://localhost:1", "--state-cmd", ""), "is empty; say what is meant, or leave it out"),
        (("http://localhost:1", "--settle", "nan"), "must be a number of seconds from 0 to 60"),
        (("http://localhost:1", "--settle", "-1"), "must be a number of seconds from 0 to 60"),
        (("http://localhost:1", "--state-url", "there"), '"there" is no URL'),
        (("http://localhost:1", "--reset-url", ""), '"" is no URL'),
        (("http://localhost:1", "--header-auth", "Host=t0ken"), '"Host" belongs to HTTP itself'),
        (("http://localhost:1", "--header-auth", "X-A=t0\nken"), "holds a control character"),
        (
            ("http://localhost:1", "--basic-auth", "u:pa55word", "--header-auth", "authorization=t0ken"),
            "the header Authorization is taken by the basic pair",
        ),
    ],
)
def test_wrong_use_ends_with_2_and_says_what_is_allowed(words: tuple[str, ...], told: str):
    ran = aurora_sim("verify", *words)
    assert ran.code == 2
    assert told in ran.err
    assert "t0" not in ran.err


def test_a_receiver_of_which_nothing_was_checked_is_not_called_ready():
    with sample_receiver() as url:
        ran = aurora_sim("verify", url, "--only", "polling")
    assert "NOTHING WAS CHECKED 1 skipped" in ran.out
    assert "READY" not in ran.out


def test_the_list_names_every_check_with_its_clause():
    out = aurora_sim("verify", "--list").out
    assert "convergence           R11: ordering between events is not guaranteed" in out
    assert "(needs probe)" in out
