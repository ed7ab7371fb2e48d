"""The scenarios that ship with the product, by name.

In an installed package they stand in the folder `library` of the package, in a checkout in `scenarios` beside it. Those
of another provider than the usual one have a folder of their own, which is part of the name: `aura/all-events`.
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
    provider: str
    file: Path
    description: str
    lesson: str
    clauses: tuple[str, ...]


def shipped_files() -> dict[str, Path]:
    """The files of the library by name, folder by folder; empty where the package was installed without it."""
    folders = (_PACKAGE / "library", _PACKAGE.parent / "scenarios")
    folder = next(filter(Path.is_dir, folders), _PACKAGE)
    found = {file.relative_to(folder).with_suffix("").as_posix(): file for file in folder.rglob("*.yaml")}
    return dict(sorted(found.items(), key=lambda one: (one[0].count("/"), one[0])))


def shipped_name(word: str) -> str | None:
    """The name that is meant: the whole, or its last part where only one scenario has it."""
    names = list(shipped_files())
    alike = [name for name in names if name.rpartition("/")[2] == word]
    return word if word in names else alike[0] if len(alike) == 1 else None


def shipped_scenarios() -> list[Shipped]:
    """Everything that ships, read."""
    return [_read(name, file) for name, file in shipped_files().items()]


def _read(name: str, file: Path) -> Shipped:
    scenario = load_scenario(file)
    comment = list(takewhile(lambda line: line.startswith("#"), scenario.source.splitlines()))
    found = next(filter(None, map(_CLAUSES.fullmatch, comment)), None)
    lesson = [line.removeprefix("#").strip() for line in comment if not line.startswith(("# yaml-", "# Clauses:"))]
    clauses = tuple(found.group(1).split(", ")) if found else ()
    return Shipped(name, scenario.profile.name, file, scenario.description, "\n".join(lesson).strip(), clauses)
