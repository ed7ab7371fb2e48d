"""Every error the simulator raises, one tree.

    SimulatorError
    ├── Misuse            you: what was asked for is not possible                exit code 2
    │   ├── Invalid       a value has faults; carries every one of them
    │   ├── NotFound      no such subscription, delivery, event, scenario, file
    │   └── Refused       the value is fine, the state forbids it
    ├── Environment       the surroundings failed                                exit code 3
    │   ├── TargetNotAllowed   a receiver outside loopback that nobody allowed
    │   ├── StoreUnusable      the database file cannot serve
    │   └── Unavailable        a port is taken, a program does not start
    └── Bug               us: a rule of the house is broken; the run stops       exit code 70

A failure of a receiver is an `Outcome`, never an exception.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class SimulatorError(Exception):
    """The root: catch this to catch whatever the simulator says on purpose."""

    exit_code = 70


class Misuse(SimulatorError):
    """What was asked for is not possible; the text says what is."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a value: where it stands (keys and indexes from the value's root) and what is wrong."""

    path: tuple[str | int, ...]
    text: str

    def __str__(self) -> str:
        return f"{dotted(self.path)}: {self.text}" if self.path else self.text


class Invalid(Misuse):
    """A value has faults; `problems` holds every one that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def within(self, *path: str | int) -> Invalid:
        """The same faults, told of a value that holds this one under `path`."""
        return Invalid([Problem((*path, *one.path), one.text) for one in self.problems])

    def outside(self, key: str) -> Invalid:
        """The same faults, told of the value under `key` to somebody who gave that alone."""
        return Invalid([Problem(one.path[one.path[:1] == (key,) :], one.text) for one in self.problems])


class NotFound(Misuse):
    """There is nothing under that name or id."""


class Refused(Misuse):
    """The request is well formed, but the present state forbids it."""


class Environment(SimulatorError):
    """Something outside the program failed."""

    exit_code = 3


class TargetNotAllowed(Environment):
    """A receiver outside loopback whose host nobody allowed by name."""


class StoreUnusable(Environment):
    """The database file is another program's, of a newer schema, locked, read-only, or the disk is full."""


class Unavailable(Environment):
    """A port is taken, a program does not start, a server does not answer."""


class Bug(SimulatorError):
    """A rule that can never be broken was broken: the run stops rather than lose a delivery."""


def dotted(path: Iterable[str | int]) -> str:
    """`("filters", 0, "value")` as people write it: `filters[0].value`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """` (did you mean "x"?)` where something allowed comes close, else nothing."""
    choices = {choice.casefold(): choice for choice in allowed}
    near = get_close_matches(word.casefold(), choices, n=1, cutoff=0.6)
    return f' (did you mean "{choices[near[0]]}"?)' if near else ""
