"""Two contestants take turns; what is judged is the ratio of their medians.

In: chunks, each a piece of work of about a second that says how much it did. Out: a comparison with both absolute
figures. A machine changes its speed from minute to minute, two neighbouring chunks it treats alike.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Self


@dataclass(frozen=True, slots=True)
class Sample:
    """How many units of work took how long; `cpu_seconds` are those of the contestant's own process."""

    units: int
    seconds: float
    cpu_seconds: float

    @property
    def rate(self) -> float:
        return self.units / self.seconds

    @property
    def cpu_us(self) -> float:
        return self.cpu_seconds / self.units * 1e6


Chunk = Callable[[], Awaitable[Sample]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A ratio that is wanted: at least `least`, or at most `most`; with neither it is shown, not judged."""

    least: float | None = None
    most: float | None = None

    def met_by(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        if self.least is None and self.most is None:
            return ""
        return f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: both absolute figures, and the figure that is judged; None where it was not measured."""

    name: str
    ours: str
    other: str
    value: float | None
    goal: Goal
    spread: tuple[float, float] | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        return self.value is not None and self.goal.met_by(self.value)


def without(name: str, module: str, goal: Goal) -> Finding:
    """The line of a comparison that needs a package which is not installed here."""
    return Finding(name, "", "", None, goal, note=f"{module} is not installed here; `make bench` installs it")


class Timed:
    """Measures a block: real seconds and the seconds of this process on the processor."""

    def __enter__(self) -> Self:
        self._real, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._real
        self.cpu_seconds = time.process_time() - self._cpu

    def sample(self, units: int) -> Sample:
        return Sample(units, self.seconds, self.cpu_seconds)


async def alternate(ours: Chunk, other: Chunk, pairs: int) -> list[tuple[Sample, Sample]]:
    """So many pairs of chunks, in turn, each side first in every other pair; a pair before them warms up."""
    taken = []
    for number in range(pairs + 1):
        if number % 2:
            second = await other()
            first = await ours()
        else:
            first = await ours()
            second = await other()
        taken.append((first, second))
    return taken[1:]


def rate_ratio(name: str, taken: list[tuple[Sample, Sample]], goal: Goal) -> Finding:
    """How fast we are, as a part of the other's rate."""
    ratios = [ours.rate / other.rate for ours, other in taken]
    cpu = median(other.cpu_us / ours.cpu_us for ours, other in taken)
    return Finding(
        name,
        _rate([ours for ours, _ in taken]),
        _rate([other for _, other in taken]),
        median(ratios),
        goal,
        quartiles(ratios),
        note=f"by processor time {cpu:.2f}",
    )


def cost_ratio(name: str, taken: list[tuple[Sample, Sample]], goal: Goal) -> Finding:
    """How long one unit takes us, as a multiple of the other's."""
    ratios = [other.rate / ours.rate for ours, other in taken]
    return Finding(
        name,
        _each([ours for ours, _ in taken]),
        _each([other for _, other in taken]),
        median(ratios),
        goal,
        quartiles(ratios),
    )


def quartiles(values: list[float]) -> tuple[float, float] | None:
    """The first and the third; None of a single value."""
    if len(values) < 2:
        return None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high


def _rate(samples: list[Sample]) -> str:
    return f"{median(one.rate for one in samples):,.0f}/s ({median(one.cpu_us for one in samples):.0f} µs)"


def _each(samples: list[Sample]) -> str:
    return f"{median(1000 / one.rate for one in samples):.2f} ms"
