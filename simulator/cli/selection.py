"""What the words of a command line mean: files, folders, and names of the library become scenarios.

In: words. Out: files and what they are called, or scenarios, checked; where any is wrong, every problem of all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path

from simulator.errors import Misuse, NotFound, did_you_mean
from simulator.scenario.library import shipped_files, shipped_lessons, shipped_name
from simulator.scenario.load import load_scenario
from simulator.scenario.scenario import Scenario

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was meant. `word` names it on another command line, `label` among the files of this one."""

    file: Path
    word: str
    label: str


@dataclass(frozen=True, slots=True)
class Selected:
    """A file that was meant, and the scenario in it."""

    found: Found
    scenario: Scenario


def find(words: Sequence[str]) -> list[Found]:
    """The files that these words mean, each once, in their order. Raises `NotFound`."""
    found = {one.file.resolve(): one for word in words for one in _meant_by(word)}
    return list(_distinct(found.values()))


def select(words: Sequence[str]) -> list[Selected]:
    """The scenarios that these words mean. Raises `Misuse` with everything that is wrong with any of them."""
    selected: list[Selected] = []
    problems: list[str] = []
    for one in find(words):
        try:
            selected.append(Selected(one, load_scenario(one.file)))
        except Misuse as misuse:
            problems.append(str(misuse))
    if problems:
        raise Misuse("\n".join(problems))
    return selected


def _meant_by(word: str) -> list[Found]:
    if not word:
        raise NotFound('there is no file "", and no scenario of that name; see: aurora-sim scenarios')
    path = Path(word)
    try:
        if path.is_dir():
            return _within(path)
        if path.exists():
            return [Found(path, word, path.stem)]
    except OSError as error:
        raise NotFound(f"{word} cannot be read: {error.strerror or error}") from None
    return [Found(_shipped(word), word, word)]


def _within(folder: Path) -> list[Found]:
    """Every scenario file of a folder and of those in it, sorted; what is hidden stays hidden."""
    inside = (path.relative_to(folder) for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())
    seen = sorted(path for path in inside if not any(part.startswith(".") for part in path.parts))
    if not seen:
        raise NotFound(f"{folder} holds no scenario; they are files called *.yaml")
    return [Found(folder / path, str(folder / path), path.with_suffix("").as_posix()) for path in seen]


def _shipped(word: str) -> Path:
    """The file of the library's scenario of this name."""
    library = shipped_files() | shipped_lessons()
    if known := shipped_name(word):
        return library[known]
    name = Path(word).with_suffix("").as_posix().removeprefix("scenarios/")
    hint = did_you_mean(name, library) or did_you_mean(Path(name).stem, library)
    raise NotFound(f"there is no file {word}, and no scenario {name}{hint} in the library; see: aurora-sim scenarios")


def _distinct(found: Iterable[Found]) -> Iterator[Found]:
    """The same files, with a number behind a label that another has already."""
    taken: set[str] = set()
    for one in found:
        labels = chain([one.label], (f"{one.label}-{number}" for number in count(2)))
        label = next(label for label in labels if label not in taken)
        taken.add(label)
        yield replace(one, label=label)
