"""`make bench`: what it prints and what it writes. Nothing here asks how fast anything is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def bench(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pairs", "0"), '"0" is not a whole number of at least 1'),
        (("--soak", "many"), '"many" is not a whole number of at least 100'),
        (("--table", "README.md"), '"README.md" was not written by --json'),
        (("--table", "nowhere.json"), '"nowhere.json" cannot be read: No such file or directory'),
        (("--json", "nowhere/bench.json"), 'there is no folder for "nowhere/bench.json"'),
    ],
)
def test_a_word_that_makes_no_sense_is_refused_before_anything_is_measured(words: tuple[str, ...], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def rows(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.startswith("| ")]


def test_a_run_writes_json_of_which_the_same_table_can_be_made_again(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    printed = bench("--only", "soak", "--soak", "500", "--json", str(file))
    run = json.loads(file.read_text(encoding="utf-8"))
    assert [finding["name"] for finding in run["findings"]] == ["memory after 500 deliveries / after a tenth of them"]
    assert run["machine"] in printed
    assert rows(bench("--table", str(file))) == rows(printed)


def test_of_what_was_measured_twice_the_table_shows_the_later_one(tmp_path: Path) -> None:
    files = []
    for value in (1.0, 2.0):
        finding = {"name": "a", "ours": "1", "other": "", "value": value, "goal": {"least": 1.5, "most": None}}
        files.append(tmp_path / f"{value}.json")
        content = {"machine": "here", "findings": [{**finding, "spread": None, "note": "", "met": value > 1.5}]}
        files[-1].write_text(json.dumps(content), encoding="utf-8")
    assert rows(bench("--table", *map(str, files)))[1:] == ["| a | 1 |  | 2.00 |  | ≥ 1.5 | yes |"]
    assert rows(bench("--table", *map(str, reversed(files))))[1:] == ["| a | 1 |  | 1.00 |  | ≥ 1.5 | no |"]


def test_where_a_peer_is_not_installed_it_says_so_and_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    finding = {"name": "a", "ours": "", "other": "", "value": None, "goal": {"least": 1.0, "most": None}}
    content = {
        "machine": "here",
        "findings": [{**finding, "spread": None, "note": "locust is not installed", "met": False}],
    }
    file.write_text(json.dumps(content), encoding="utf-8")
    printed = bench("--table", str(file))
    assert "| a |  |  |  |  | ≥ 1 | not measured |" in printed
    assert "- a: locust is not installed" in printed


def test_the_readme_shows_rows_of_the_table_that_was_measured() -> None:
    measured = (ROOT / "tests/benchmarks/README.md").read_text(encoding="utf-8").splitlines()
    shown = [line for line in (ROOT / "README.md").read_text(encoding="utf-8").splitlines() if line.endswith("| yes |")]
    assert len(shown) == 10
    assert set(shown) <= set(measured)
