"""Where reports are written: what was asked for and nothing else, and a refusal before anybody waits."""

from __future__ import annotations

import json

import pytest

from simulator.cli.outputs import Outputs, json_report, write_file
from simulator.errors import Refused, Unavailable

DOCUMENT = {
    "scenario": "Small", "provider": "aurora", "seed": 0, "version": "0", "verdict": "pass", "digest": "",
    "command": "", "clock": {"real_seconds": 0.1}, "readings": {}, "subscriptions": [], "deliveries": [], "faults": [],
    "remarks": [], "expectations": [],
}  # fmt: skip


def test_nothing_is_written_where_nothing_was_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Outputs().check()
    assert Outputs().write(DOCUMENT) == []
    assert list(tmp_path.iterdir()) == []


def test_a_label_is_a_folder_within_the_folder(tmp_path):
    written = Outputs(tmp_path / "out").write(DOCUMENT, "deep/one")
    assert [str(path.relative_to(tmp_path)) for path in written] == [
        "out/deep/one/report.json",
        "out/deep/one/report.html",
        "out/deep/one/junit.xml",
        "out/deep/one/report.ndjson",
    ]


def test_the_check_makes_the_folders_but_no_file(tmp_path):
    Outputs(tmp_path / "out", json=tmp_path / "deep" / "report.json").check()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "out"]
    assert list((tmp_path / "deep").iterdir()) == []


def test_what_cannot_be_written_is_refused_by_the_check(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be written"):
        Outputs(html=tmp_path / "file" / "report.html").check()
    with pytest.raises(Unavailable, match="cannot be written"):
        Outputs(tmp_path / "file").check()
    with pytest.raises(Refused, match="is a folder; name a file"):
        Outputs(junit=tmp_path).check()


def test_a_disk_that_refuses_later_is_told_in_plain_words(tmp_path):
    with pytest.raises(Unavailable, match="cannot be written"):
        write_file(tmp_path, "text")


def test_text_that_utf_8_cannot_carry_is_no_reason_to_lose_a_report(tmp_path):
    write_file(tmp_path / "report.json", json_report({"answer": "a\udc80b"}))
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == {"answer": "a\udc80b"}
