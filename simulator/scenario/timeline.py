"""What happens in a scenario, resolved: steps at virtual instants, and traffic in a cadence.

Values only. `line` is the line of the file, for whoever reports on a step; subscriptions go by their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from simulator.domain.fault import Fault, FaultKind
from simulator.scenario.wording import CustomerWords

Sight = Literal["timeline", "deliveries", "delivery", "subscriptions", "faults", "receiver", "events", "clock"]
"""A part of the page."""

BY_SUBSCRIPTION = re.compile(r'(?<!\S)sub:("[^"]*"|\S+)')
"""The name of a subscription among the words of the page's filter box."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A subscription to make. `words` are the customer's own, with `{receiver}` where the receiver's address goes."""

    name: str
    tenant: str
    words: CustomerWords = field(repr=False)


@dataclass(frozen=True, slots=True)
class Happening:
    """The instant of a step, the line it stands on, its number among the steps of the file, and its turn.

    A turn at an instant begins when all of the one before it is over, first attempts included. What is drawn for a step
    is drawn by its number: steps may share a line, and a comment more changes nothing.
    """

    at: int
    line: int
    number: int = field(default=0, kw_only=True)
    turn: int = field(default=1, kw_only=True)


@dataclass(frozen=True, slots=True)
class Emit(Happening):
    """`count` events occur; attributes that are missing are to be generated."""

    event: str
    tenant: str
    attributes: Mapping[str, str]
    count: int
    lenient: bool


@dataclass(frozen=True, slots=True)
class PlayStory(Happening):
    """A story begins; `attributes` are given to it."""

    story: str
    tenant: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Act(Happening):
    """Something is done through the provider's API, or by its test tools (A12)."""

    action: str
    tenant: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Register(Happening):
    """A further subscription is made."""

    registration: Registration


@dataclass(frozen=True, slots=True)
class Update(Happening):
    """Fields of a subscription change."""

    subscription: str
    words: CustomerWords = field(repr=False)


@dataclass(frozen=True, slots=True)
class Disable(Happening):
    subscription: str


@dataclass(frozen=True, slots=True)
class Enable(Happening):
    subscription: str


@dataclass(frozen=True, slots=True)
class Delete(Happening):
    subscription: str


@dataclass(frozen=True, slots=True)
class Resend(Happening):
    """Deliveries in scope are sent again: one by its number, or those whose events occurred in [since, until).

    `delivery` counts from 1 among the deliveries of `subscription` that were to be sent. `until` is the step's own
    instant where the file names none.
    """

    subscription: str | None
    event: str | None
    delivery: int | None
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Inject(Happening):
    """A fault begins; `fault` is aimed at no subscription until `aimed` maps the name to an id."""

    fault: Fault
    subscription: str | None

    def aimed(self, ids: Mapping[str, str]) -> Fault:
        """The fault, aimed at the subscription's id."""
        return replace(self.fault, subscription_id=ids[self.subscription]) if self.subscription else self.fault


@dataclass(frozen=True, slots=True)
class Clear(Happening):
    """Faults end: those of this id, kind and subscription, each where given."""

    fault_id: str | None
    kind: FaultKind | None
    subscription: str | None


@dataclass(frozen=True, slots=True)
class Checkpoint(Happening):
    """A remark for whoever follows the run."""

    say: str


@dataclass(frozen=True, slots=True)
class Stop(Checkpoint):
    """A halt of a guided walk; a run tells it like any checkpoint. `filter` is what stands in the page's filter box."""

    look_at: Sight
    filter: str
    then: str


Step = (
    Emit | PlayStory | Act | Register | Update | Disable | Enable | Delete | Resend | Inject | Clear | Checkpoint | Stop
)
