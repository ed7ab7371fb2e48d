"""What a commit touched, by id: for whoever follows the run. Ids alone, never a record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Changes:
    """What a commit touched, by id: for whoever follows the run. `silent` are the events that left no delivery."""

    events: frozenset[int]
    deliveries: frozenset[int]
    subscriptions: frozenset[str]
    faults: frozenset[str]
    silent: frozenset[int] = frozenset()


NO_CHANGES = Changes(frozenset(), frozenset(), frozenset(), frozenset())
