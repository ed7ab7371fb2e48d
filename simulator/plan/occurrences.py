"""Events occur here: single ones, stories, and traffic in a cadence, each at its exact instant.

In: names from the provider's catalogue, stories and cadences. Out: events in the course. Draws are made under the
names that the engine's emitter uses, so the same seed gives the same instants and the same attributes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial

from simulator.domain.chance import draw
from simulator.domain.event import unknown_event
from simulator.domain.instant import MILLISECOND
from simulator.domain.order import EVENT
from simulator.domain.sample import complete
from simulator.domain.story import unfold
from simulator.errors import Invalid
from simulator.plan.cadences import Beat, Cadences
from simulator.plan.course import Course

Key = tuple[str | int, ...]


class Occurrences:
    """Plans events in a course. A `key` tells one event from the next where its attributes are drawn by seed."""

    def __init__(self, course: Course) -> None:
        self._course, self._instants, self._profile, self._seed = course, course.instants, course.profile, course.seed
        cadences = Cadences(course.instants)
        self.every = cadences.every
        self.cron = cadences.cron

    def emit(self, tenant: str, event: str, given: Mapping[str, str], *, key: Key) -> None:
        """One event now; attributes nobody gave are filled in, should a filter ask for them. Raises `Invalid` (E1)."""
        kind = self._profile.known(event).get(event)
        if kind is None:
            raise Invalid([unknown_event(self._profile.catalogue, event)])
        fill = partial(complete, kind, given, self._seed, tenant, *key, samples=self._profile.samples)
        self._course.emit(tenant, event, fill)

    def play(self, tenant: str, story: str, given: Mapping[str, str], *, key: Key) -> None:
        """A story begins now; its events occur in their time. Raises `Invalid`."""
        begun = self._instants.now
        for one in unfold(self._profile.stories[story], self._seed, repr((tenant, *key)), given):
            occur = partial(self._course.emit, tenant, one.event, partial(dict, one.attributes))
            self.plan(begun + one.offset_us, occur)

    def plan(self, at: int, happen: Callable[[], None]) -> None:
        """Something happens at a later instant, among the events of that instant (R13)."""
        self._instants.at(at, EVENT, happen)

    def poisson(self, mean_interval_us: int, beat: Beat, *, name: str, since: int, until: int) -> None:
        """`beat(n)` at random instants within [since, until), drawn by seed, so far apart on average."""

        def wait(after: int, number: int) -> None:
            gap = round(-math.log(1 - draw(self._seed, "poisson", name, number)) * mean_interval_us)
            at = after + max(MILLISECOND, gap // MILLISECOND * MILLISECOND)  # finer instants say nothing
            if at < until:
                self.plan(at, partial(ring, at, number))

        def ring(at: int, number: int) -> None:
            beat(number)
            wait(at, number + 1)

        wait(since, 0)
