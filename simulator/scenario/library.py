"""The scenarios that ship with the product, by name.

In an installed package they stand in the folder `library` of the package, in a checkout in `scenarios` beside it. Those
of another provider than the usual one have a folder of their own, which is part of the name: `aura/all-events`.
Each begins with a comment that says what a receiver must do to survive it and, in its last line, the clauses it shows.
Those in the folder `lessons` are guided walks: scenarios with stops, which the page takes a person through. No two of
them share the last part of their name, for that is what a running server calls them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import simulator
from simulator.scenario.load import load_scenario
from simulator.scenario.timeline import Stop

LESSONS = "lessons"
_COURSE = (
    *("retries", "corrected-url", "lost-acknowledgement", "viewed-after-signed", "auto-disable", "why-nothing-came"),
    *("one-attempt", "registered-again", "polling"),
)
"""The order in which lessons are best taken."""

_PACKAGE = Path(simulator.__file__).parent
_CLAUSES = re.compile(r"# Clauses: (.+)\.")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A scenario of the library; `lesson` is its head comment, without the line of clauses.

    `stops` counts the halts of a guided walk.
    """

    name: str
    provider: str
    file: Path
    description: str
    lesson: str
    clauses: tuple[str, ...]
    stops: int


def shipped_files() -> dict[str, Path]:
    """The files of the library by name, folder by folder; empty where the package was installed without it."""
    found = {name: file for name, file in _files().items() if not name.startswith(f"{LESSONS}/")}
    return dict(sorted(found.items(), key=lambda one: (one[0].count("/"), one[0])))


def shipped_lessons() -> dict[str, Path]:
    """The files of the guided walks as `lessons/NAME`, in the order in which they are best taken."""
    found = {name: file for name, file in _files().items() if name.startswith(f"{LESSONS}/")}
    return dict(sorted(found.items(), key=lambda one: (one[0].count("/"), _place(one[1].stem), one[0])))


def shipped_scenarios(files: Mapping[str, Path] | None = None) -> list[Shipped]:
    """Everything of the library, or these files, read."""
    return [_read(name, file) for name, file in (shipped_files() if files is None else files).items()]


def shipped_name(word: str) -> str | None:
    """The name that is meant: the whole, or its last part where only one scenario has it."""
    names = [*shipped_files(), *shipped_lessons()]
    alike = [name for name in names if name.rpartition("/")[2] == word]
    return word if word in names else alike[0] if len(alike) == 1 else None


def _files() -> dict[str, Path]:
    folder = _folder()
    return {file.relative_to(folder).with_suffix("").as_posix(): file for file in folder.rglob("*.yaml")}


def _folder() -> Path:
    folders = (_PACKAGE / "library", _PACKAGE.parent / "scenarios")
    return next(filter(Path.is_dir, folders), _PACKAGE)


def _place(name: str) -> int:
    return _COURSE.index(name) if name in _COURSE else len(_COURSE)


def _read(name: str, file: Path) -> Shipped:
    scenario = load_scenario(file)
    comment = list(takewhile(lambda line: line.startswith("#"), scenario.source.splitlines()))
    found = next(filter(None, map(_CLAUSES.fullmatch, comment)), None)
    lesson = [line.removeprefix("#").strip() for line in comment if not line.startswith(("# yaml-", "# Clauses:"))]
    clauses = tuple(found.group(1).split(", ")) if found else ()
    stops = sum(isinstance(step, Stop) for step in scenario.timeline)
    provider, told = scenario.profile.name, "\n".join(lesson).strip()
    return Shipped(name, provider, file, scenario.description, told, clauses, stops)
