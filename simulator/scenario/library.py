"""The scenarios that ship with the product, by name.

In an installed package they stand in the folder `library` of the package, in a checkout in `scenarios` beside it.
Each begins with a comment that says what a receiver must do to survive it and, in its last line, the clauses it shows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import simulator
from simulator.scenario.load import load_scenario

_PACKAGE = Path(simulator.__file__).parent
_CLAUSES = re.compile(r"# Clauses: (.+)\.")


@dataclass(frozen=True, slots=True)
class Shipped:
    """A scenario of the library; `lesson` is its head comment, without the line of clauses."""

    name: str
    file: Path
    description: str
    lesson: str
    clauses: tuple[str, ...]


def shipped_files() -> dict[str, Path]:
    """The files of the library by name, sorted; empty where the package was installed without it."""
    folders = (_PACKAGE / "library", _PACKAGE.parent / "scenarios")
    folder = next(filter(Path.is_dir, folders), _PACKAGE)
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))}


def shipped_scenarios() -> list[Shipped]:
    """Everything that ships, read."""
    return [_read(name, file) for name, file in shipped_files().items()]


def _read(name: str, file: Path) -> Shipped:
    scenario = load_scenario(file)
    comment = list(takewhile(lambda line: line.startswith("#"), scenario.source.splitlines()))
    found = next(filter(None, map(_CLAUSES.fullmatch, comment)), None)
    lesson = [line.removeprefix("#").strip() for line in comment if not line.startswith(("# yaml-", "# Clauses:"))]
    clauses = tuple(found.group(1).split(", ")) if found else ()
    return Shipped(name, file, scenario.description, "\n".join(lesson).strip(), clauses)
