"""A scenario as a run uses it: checked, resolved and frozen.

Instants are virtual microseconds since the epoch, subscriptions go by the names of the file, and every value has its
default. Whoever runs it maps names to ids and gives the receiver's address to the customer's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from simulator.domain.provider import Profile, Readings
from simulator.scenario.cadence import Traffic
from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.timeline import Act, Register, Registration, Step

Speed = Literal["jump", "elastic"] | float


Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Demands:
    """What an embedded receiver demands of every webhook: a header's name and value, a user and a password (E7)."""

    header_auth: Pair | None = field(default=None, repr=False)
    basic_auth: Pair | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must be true in the end, and where the file says so."""

    entry: ExpectEntry
    where: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """`timeline` is sorted by instant, steps of one instant in the order of the file.

    `profile` carries the readings that `switches` set; `source` is the text of the file, secrets included: never shown.
    """

    name: str
    description: str
    where: str
    source: str = field(repr=False)
    seed: int
    start: int
    speed: Speed
    receiver: str
    demands: Demands
    switches: Mapping[str, Any]
    profile: Profile = field(repr=False)
    subscriptions: tuple[Registration, ...]
    timeline: tuple[Step, ...]
    traffic: tuple[Traffic, ...]
    expectations: tuple[Expectation, ...]

    @property
    def readings(self) -> Readings:
        """The answers in force where the provider's guide is silent."""
        return self.profile.readings

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenants whose webhooks are sent somewhere, in the order of the file."""
        later = (step.registration for step in self.timeline if isinstance(step, Register))
        return tuple(dict.fromkeys(one.tenant for one in (*self.subscriptions, *later)))

    @property
    def acts(self) -> bool:
        """Whether something is done to the objects of a tenant."""
        return any(isinstance(step, Act) for step in self.timeline)

    @property
    def polls(self) -> bool:
        """Whether the receiver is asked to reconcile by polling, and so must be told of the provider's API."""
        return any("{api}" in probe for probe in self.probes)

    @property
    def probes(self) -> tuple[str, ...]:
        """The URLs to ask when the run is over, as they are written; `judge` wants their answers."""
        entries = (one.entry.receiver for one in self.expectations)
        return tuple(dict.fromkeys(entry.probe for entry in entries if entry))
