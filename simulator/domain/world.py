"""A provider's simulated world: what events do to a tenant's objects, and how these are read back (E10).

Facts of a profile; where the objects are kept and who may read them is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.domain.event import Event

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
    """The paths that can be read, as a router takes them; `{tenant_id}` stands in each."""
