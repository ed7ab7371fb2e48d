"""`aurora-sim receiver`: a sample receiver in the foreground."""

from __future__ import annotations

import json
import urllib.request

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
