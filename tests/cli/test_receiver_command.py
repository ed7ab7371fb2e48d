"""`aurora-sim receiver`: a sample receiver in the foreground."""

from __future__ import annotations

import json
import urllib.request

import pytest
from command_line import aurora_sim, sample_receiver


def test_it_says_where_it_listens_and_shows_what_it_received():
    with sample_receiver() as url:
        aurora_sim("emit", "lead_changed", "LEAD_ID=l1", "--target", url)
        with urllib.request.urlopen(f"{url}/received") as answer:
            received = json.load(answer)
    assert [(one["path"], one["query"], one["status"]) for one in received] == [("/lead_changed", "lead_id=l1", 200)]


def test_a_taken_port_ends_with_3():
    with sample_receiver() as url:
        ran = aurora_sim("receiver", "--port", url.rpartition(":")[2])
    assert ran.code == 3
    assert "in use" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_an_unknown_kind_names_those_there_are():
    ran = aurora_sim("receiver", "robustt")
    assert ran.code == 2
    assert 'did you mean "robust"?' in ran.err


def test_a_database_that_cannot_be_opened_ends_with_3(tmp_path):
    ran = aurora_sim("receiver", "--db", str(tmp_path / "no" / "folder.sqlite"))
    assert ran.code == 3
    assert len(ran.err.splitlines()) == 1


def test_the_ledger_of_the_simulator_is_no_file_for_a_receiver(tmp_path):
    db = tmp_path / "run.sqlite"
    assert aurora_sim("run", "lessons/retries", "--db", str(db)).code == 0
    before = db.read_bytes()
    ran = aurora_sim("receiver", "--db", str(db))
    assert (ran.code, ran.err) == (
        3,
        f"error: cannot keep its state in {db}: this database belongs to another program; choose another file\n",
    )
    assert db.read_bytes() == before


@pytest.mark.parametrize(
    ("host", "code", "says"),
    [
        ("", 2, "an empty host would let in every machine; write 0.0.0.0 if that is meant"),
        ("nowhere.invalid", 3, "choose another --host"),
        ("192.0.2.1", 3, "error: cannot listen on 192.0.2.1:0: Cannot assign requested address; choose another --host"),
    ],
)
@pytest.mark.parametrize("command", ["receiver", "serve"])
def test_a_host_that_cannot_be_listened_on_is_told(command, host, code, says):
    ran = aurora_sim(command, "--host", host, "--port", "0")
    assert (ran.code, says in ran.err) == (code, True), ran.err
