"""What is wrong with a scenario file, and where.

In: findings by path, and the positions they stand at. Out: one exception with one line per problem.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from simulator.errors import Invalid, Problem

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A place in the text; both counts begin at 1, columns are characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem at a path of the file. `at_key` says that the key is wrong, not what it holds."""

    path: Path
    text: str
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Located:
    """A problem with its place in the text."""

    mark: Mark
    problem: Problem


class InvalidScenario(Invalid):
    """A scenario file has faults; `located` holds every one of them in the order of the text."""

    def __init__(self, where: str, located: Iterable[Located]) -> None:
        self.where = where
        self.located = tuple(sorted(located, key=lambda one: one.mark))
        super().__init__([one.problem for one in self.located])

    def __str__(self) -> str:
        lines = (f"{self.where}:{one.mark.line}:{one.mark.column}: {one.problem}" for one in self.located)
        return "\n".join(map(_printable, lines))


def _printable(text: str) -> str:
    """One line a terminal can be shown: a key of the file may hold anything, escape sequences too."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
