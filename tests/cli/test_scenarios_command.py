"""`aurora-sim scenarios`: the list, the check, the schema, and a file to begin with."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

import pytest
from in_process import aurora_sim_here

from simulator.scenario import library
from simulator.scenario.library import shipped_files, shipped_lessons
from simulator.scenario.load import load_scenario
from simulator.scenario.schema import json_schema

VALID = "name: Valid\nsubscriptions: [{name: leads, event: lead_created}]\n"
INVALID = "name: Invalid\nsubscriptions: [{name: leads, event: lead_creatd}]\nsead: 3\n"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "valid.yaml").write_text(VALID, encoding="utf-8")
    (tmp_path / "invalid.yaml").write_text(INVALID, encoding="utf-8")


# ---- list


@pytest.mark.parametrize("words", [(), ("list",)])
def test_every_scenario_that_ships_is_listed_with_what_it_shows_and_its_clauses(words):
    ran = aurora_sim_here("scenarios", *words)
    assert ran.code == 0
    scenarios, _, lessons = ran.out.partition("\n\n")
    assert names_in(scenarios) == list(shipped_files())
    assert "aura/all-events" in names_in(scenarios)
    assert lessons.startswith("lesson ")
    assert names_in(lessons) == list(shipped_lessons())
    (line,) = (line for line in ran.out.splitlines() if line.startswith("burst "))
    assert line.split()[1] == "aurora"
    assert line.rstrip().endswith("E2, R1, R3")


def names_in(table: str) -> list[str]:
    return [line.split()[0] for line in table.splitlines()[1:] if not line.startswith(" ")]


def test_the_list_as_json_says_it_all():
    told = {one["name"]: one for one in json.loads(aurora_sim_here("scenarios", "list", "--json").out)}
    assert [*told] == [*shipped_files(), *shipped_lessons()]
    assert (told["burst"]["stops"], told["lessons/retries"]["stops"]) == (0, 5)
    assert told["burst"]["clauses"] == ["E2", "R1", "R3"]
    assert (told["burst"]["provider"], told["aura/all-events"]["provider"]) == ("aurora", "aura")
    assert told["burst"]["description"] == "Sixty webhooks at one instant, all answered at the first attempt."
    assert told["burst"]["lesson"].startswith("An import creates sixty projects")
    assert Path(told["burst"]["file"]).is_file()


def test_in_an_installed_package_the_library_is_a_folder_of_the_package(tmp_path, monkeypatch):
    """The wheel lays it out so: `scenarios` of the checkout becomes `library` of the package."""
    (tmp_path / "library" / "aura").mkdir(parents=True)
    (tmp_path / "library" / "aura" / "another.yaml").write_text(VALID, encoding="utf-8")
    (tmp_path / "library" / "only-one.yaml").write_text(VALID, encoding="utf-8")
    monkeypatch.setattr(library, "_PACKAGE", tmp_path)
    (tmp_path / "library" / "lessons").mkdir()
    (tmp_path / "library" / "lessons" / "one.yaml").write_text(VALID, encoding="utf-8")
    assert list(shipped_files()) == ["only-one", "aura/another"]
    assert list(shipped_lessons()) == ["lessons/one"]


# ---- validate


def test_a_valid_file_is_called_so():
    ran = aurora_sim_here("scenarios", "validate", "valid.yaml")
    assert (ran.code, ran.out) == (0, "valid.yaml: valid\n")


def test_every_problem_of_an_invalid_file_stands_with_its_line_and_column():
    ran = aurora_sim_here("scenarios", "validate", "valid.yaml", "invalid.yaml")
    assert ran.code == 2
    valid, event, key = ran.out.splitlines()
    assert valid == "valid.yaml: valid"
    assert event.startswith('invalid.yaml:2:38: subscriptions[0].event: there is no event "lead_creatd" (did you mean')
    assert key.startswith('invalid.yaml:3:1: sead: there is no such key (did you mean "seed"?)')


def test_the_check_as_json_is_for_programs():
    ran = aurora_sim_here("scenarios", "validate", ".", "--json")
    assert ran.code == 2
    told = {one["file"]: one for one in json.loads(ran.out)}
    assert told["valid.yaml"] == {"file": "valid.yaml", "valid": True, "problems": []}
    problem = told["invalid.yaml"]["problems"][0]
    assert (problem["line"], problem["column"], problem["path"]) == (2, 38, "subscriptions[0].event")


def test_the_whole_library_is_valid():
    ran = aurora_sim_here("scenarios", "validate", *shipped_files(), *shipped_lessons())
    assert ran.code == 0
    assert ran.out.count(": valid\n") == len(shipped_files()) + len(shipped_lessons())


def test_a_file_that_cannot_be_read_is_a_problem_of_its_own(tmp_path):
    (tmp_path / "folder.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "folder.yaml")
    ran = aurora_sim_here("scenarios", "validate", "folder.yaml")
    assert ran.code == 2
    assert "folder.yaml" in ran.out + ran.err


# ---- schema and new


def test_the_schema_is_the_one_the_loader_keeps_to():
    assert json.loads(aurora_sim_here("scenarios", "schema").out) == json_schema()


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("My outage", "my-outage.yaml"),
        ("  Größe & Co.!", "größe-co.yaml"),
        ("完了", "完了.yaml"),
        ("!!!", "scenario.yaml"),
    ],
)
def test_a_new_scenario_is_valid_and_called_as_it_was_wanted(tmp_path, name, file):
    ran = aurora_sim_here("scenarios", "new", name)
    assert ran.code == 0
    assert ran.out == f"{file} is written; run it with: aurora-sim run {quote(file)}\n"
    assert load_scenario(tmp_path / file).name == name


def test_a_new_scenario_goes_where_it_was_wanted(tmp_path):
    assert aurora_sim_here("scenarios", "new", "Mine", "--file", "deep/er/mine.yml").code == 0
    assert load_scenario(tmp_path / "deep" / "er" / "mine.yml").name == "Mine"


# ---- wrong use


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["lst"], 2, "Did you mean 'list'?"),
        (["list", "more"], 2, "unexpected extra argument"),
        (["validate"], 2, "Missing argument"),
        (["validate", "nowhere.yaml"], 2, "there is no file nowhere.yaml"),
        (["validate", "brst"], 2, 'did you mean "burst"?'),
        (["schema", "--jsn"], 2, "No such option"),
        (["new"], 2, "Missing argument"),
        (["new", ""], 2, "a name has 1 to 100 characters"),
        (["new", "x" * 101], 2, "a name has 1 to 100 characters"),
        (["new", "valid"], 2, "valid.yaml is there already"),
        (["new", "x", "--file", "invalid.yaml"], 2, "invalid.yaml is there already"),
        (["new", "x", "--file", "valid.yaml/x.yaml"], 3, "valid.yaml/x.yaml cannot be written"),
    ],
)
def test_wrong_use_is_a_clear_sentence(tmp_path, words, code, says):
    ran = aurora_sim_here("scenarios", *words)
    assert (ran.code, says in ran.err) == (code, True), ran.err
    assert (tmp_path / "valid.yaml").read_text(encoding="utf-8") == VALID
