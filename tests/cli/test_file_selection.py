"""What the words of a command line mean: files, folders, names of the library."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cli.selection import find, select
from simulator.errors import Misuse, NotFound
from simulator.scenario.library import shipped_files

VALID = "name: Valid\nsubscriptions: [{name: leads, event: lead_created}]\n"


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def written(*paths: str, text: str = VALID) -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def labels(*words: str) -> list[tuple[str, str]]:
    return [(one.word, one.label) for one in find(words)]


def test_a_file_is_meant_by_its_path():
    written("some/where.yaml")
    assert labels("some/where.yaml") == [("some/where.yaml", "where")]


def test_a_folder_means_every_scenario_in_it_sorted_and_nothing_hidden():
    written("all/b.yaml", "all/a.yml", "all/c/a.yaml", "all/.git/x.yaml", "all/.x.yaml", "all/readme.md", "all/z.json")
    assert labels("all") == [("all/a.yml", "a"), ("all/b.yaml", "b"), ("all/c/a.yaml", "c/a")]


def test_a_name_means_a_scenario_of_the_library_unless_a_file_is_called_so():
    assert find(["burst"])[0].file == shipped_files()["burst"]
    assert labels("burst") == [("burst", "burst")]
    written("burst")
    assert find(["burst"])[0].file == Path("burst")


def test_a_name_in_a_folder_is_known_by_its_last_part_where_no_other_ends_so():
    library = shipped_files()
    assert find(["aura/all-events"])[0].file == library["aura/all-events"]
    assert find(["silent-simulator"])[0].file == library["aura/silent-simulator"]
    assert find(["all-events"])[0].file == library["all-events"]
    with pytest.raises(NotFound, match='did you mean "aura/silent-simulator"'):
        find(["aura/silent-simulatr"])


def test_what_is_meant_twice_is_found_once():
    written("all/a.yaml", "all/b.yaml")
    assert labels("all/b.yaml", "all", "all/../all/a.yaml") == [("all/b.yaml", "b"), ("all/../all/a.yaml", "a")]


def test_labels_are_made_distinct_also_from_names_that_look_like_that():
    written("one/x.yaml", "two/x.yaml", "x-2.yaml")
    assert [label for _, label in labels("one/x.yaml", "x-2.yaml", "two/x.yaml")] == ["x", "x-2", "x-3"]


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("nowhere.yaml", "there is no file nowhere.yaml, and no scenario nowhere in the library"),
        ("brst", 'no scenario brst \\(did you mean "burst"\\?\\) in the library'),
        ("empty", "empty holds no scenario"),
        ("x" * 300, "File name too long"),
        ("", "holds no scenario|there is no file"),
        ("a\0b", "there is no file"),
    ],
)
def test_what_means_nothing_is_refused(word, says):
    Path("empty").mkdir()
    with pytest.raises(NotFound, match=says):
        find([word])


def test_everything_that_is_wrong_with_all_of_them_is_told_at_once():
    written("a.yaml", text="name: [")
    written("b.yaml", text="nam: x\n")
    written("c.yaml")
    with pytest.raises(Misuse) as refused:
        select(["."])
    assert {line.partition(":")[0] for line in str(refused.value).splitlines()} == {"a.yaml", "b.yaml"}


def test_scenarios_come_with_what_they_are_called():
    written("a.yaml")
    (one,) = select(["a.yaml"])
    assert (one.found.label, one.scenario.name) == ("a", "Valid")
