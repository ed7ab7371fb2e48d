"""A provider's simulated world: what events do to a tenant's objects, and how these are read back (E10).

Facts of a profile; where the objects are kept and who may read them is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.domain.event import Event
from simulator.errors import Problem, did_you_mean

Key = tuple[str, str]
"""A kind and an id: what an object is found by within its tenant."""

Object = Mapping[str, Any]
Objects = Mapping[Key, Object | None]
"""A tenant's objects; one that is gone stands as None, one that never was does not stand at all."""


@dataclass(frozen=True, slots=True)
class World:
    """How a provider's objects live, as pure functions."""

    fold: Callable[[Objects, Event, int], Objects]
    """What an event changes among the objects of its tenant, by the seed of the run."""

    read: Callable[[Objects, str, Mapping[str, str]], Object | None]
    """The body of a GET at a path as it stands on the wire, with its query; None where there is nothing."""

    paths: tuple[str, ...]
    """The paths that can be read, as a router takes them; where no `{tenant_id}` stands in one, the key tells whose."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What an action comes to: an event, with the attributes that the action itself decides."""

    event: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a customer does through the provider's API, or that the provider's test tools do (A12)."""

    summary: str
    needs: tuple[str, ...]
    takes: tuple[str, ...]
    perform: Callable[[Objects, Mapping[str, str]], Deed]
    """From the tenant's objects and what was given; raises `NotFound` or `Refused`."""

    def check(self, name: str, given: Collection[str]) -> list[Problem]:
        """What is wrong with what was given to the action of this name."""
        known = self.needs + self.takes
        return [
            *(Problem((one,), f"{name} needs {one}") for one in self.needs if one not in given),
            *(
                Problem((one,), f"{name} takes no such thing{did_you_mean(one, known)}; it takes {', '.join(known)}")
                for one in given
                if one not in known
            ),
        ]
