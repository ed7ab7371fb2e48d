"""Traffic, resolved: what occurs again and again, and in which cadence. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Every:
    """Evenly spaced: the first at the beginning, then one every `interval_us`."""

    interval_us: int


@dataclass(frozen=True, slots=True)
class Poisson:
    """At random instants, drawn by seed, `mean_interval_us` apart on average."""

    mean_interval_us: int


@dataclass(frozen=True, slots=True)
class Cron:
    """By a crontab line, in UTC."""

    line: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What may occur: an event, or a story that begins; the other one is None."""

    event: str | None
    story: str | None
    weight: float
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Traffic:
    """One of the subjects, drawn by seed and weight, at each beat of the cadence within [since, until).

    `number` counts the entries of the file; what is drawn for this one is drawn by it.
    """

    number: int
    tenant: str
    subjects: tuple[Subject, ...]
    cadence: Every | Poisson | Cron
    since: int
    until: int
