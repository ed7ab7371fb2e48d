"""Events occur here: single ones with the missing attributes filled in, stories, and traffic in a cadence.

In: names from a provider's catalogue, stories and instants. Out: events in the simulation, each at its exact instant.
`finished` waits until everything that was planned has occurred.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Mapping
from functools import partial

from simulator.clock.agenda import Agenda
from simulator.clock.timers import Timer
from simulator.domain import order
from simulator.domain.chance import draw
from simulator.domain.event import Event, PlannedEvent, unknown_event
from simulator.domain.instant import MILLISECOND
from simulator.domain.sample import complete
from simulator.domain.story import NOTHING, unfold
from simulator.engine.simulation import Simulation
from simulator.errors import Invalid, NotFound, did_you_mean

Beat = Callable[[int], None]


class Emitter:
    """Plans events on the simulation's clock; `agenda` keeps the cadences."""

    def __init__(self, simulation: Simulation, agenda: Agenda) -> None:
        self._simulation, self._agenda = simulation, agenda
        self._profile, self._clock = simulation.profile, simulation.clock
        self._timers: set[Timer] = set()
        self._finished = asyncio.Event()
        self._finished.set()

    def emit(
        self, tenant: str, name: str, given: Mapping[str, str], *, key: tuple[str | int, ...], lenient: bool = False
    ) -> Event:
        """One event now; attributes nobody gave are filled in by seed and key. Raises `Invalid` (E1)."""
        return self._simulation.emit(tenant, name, self.complete(tenant, name, given, key=key), lenient=lenient)

    def complete(
        self, tenant: str, name: str, given: Mapping[str, str], *, key: tuple[str | int, ...]
    ) -> dict[str, str]:
        """The given attributes of an event and, by seed and key, those that are missing. Raises `Invalid` (E1)."""
        kind = self._profile.known(name).get(name)
        if kind is None:
            raise Invalid([unknown_event(self._profile.catalogue, name)])
        return complete(kind, given, self._simulation.seed, tenant, *key, samples=self._profile.samples)

    def switch_application(self, tenant: str, application_id: str, *, enabled: bool) -> Event:
        """A tenant enables or disables a partner application, by the event that says so (S13). Raises `NotFound`."""
        applications = self._profile.applications
        if applications is None:
            raise NotFound(f"{self._profile.name} has no partner applications")
        attributes = applications.switching(application_id, enabled=enabled)
        return self._simulation.emit(tenant, applications.event, attributes)

    def play(
        self,
        tenant: str,
        name: str,
        given: Mapping[str, str] = NOTHING,
        *,
        key: tuple[str | int, ...],
        at: int | None = None,
    ) -> list[PlannedEvent]:
        """A story begins now or then; its events are planned, each for its time. Raises `NotFound` or `Invalid`."""
        stories = self._profile.stories
        if name not in stories:
            raise NotFound(
                f'there is no story "{name}"{did_you_mean(name, stories)}; the stories are {", ".join(stories)}'
            )
        begun = self._clock.now() if at is None else at
        planned = [
            self._simulation.plan(tenant, one.event, one.attributes, begun + one.offset_us)
            for one in unfold(stories[name], self._simulation.seed, repr((tenant, *key)), given)
        ]
        if planned:
            self.expect(planned[-1].occurs_at)
        return planned

    def plan(self, at: int, happen: Callable[[], object]) -> None:
        """Something happens at a later instant, among the events of that instant (R13)."""
        self._begin(at, order.EVENT, happen)

    def every(self, interval_us: int, beat: Beat, *, name: str, since: int, until: int) -> None:
        """`beat(n)` from `since` on, every `interval_us`, before `until`."""
        self._agenda.every(interval_us, _numbered(beat), name=name, start=since, until=until - 1)
        self.expect(until)

    def cron(self, line: str, beat: Beat, *, name: str, since: int, until: int) -> None:
        """`beat(n)` at the instants of a crontab line (UTC) within [since, until)."""
        begin = partial(self._agenda.cron, line, _numbered(beat), name=name, until=until - 1)
        self._agenda.at(since, begin, name=name)
        self.expect(until)

    def poisson(self, mean_interval_us: int, beat: Beat, *, name: str, since: int, until: int) -> None:
        """`beat(n)` at random instants within [since, until), drawn by seed, so far apart on average."""

        def wait(after: int, number: int) -> None:
            gap = round(-math.log(1 - draw(self._simulation.seed, "poisson", name, number)) * mean_interval_us)
            at = after + max(MILLISECOND, gap // MILLISECOND * MILLISECOND)  # finer instants say nothing
            if at < until:
                self.plan(at, partial(ring, at, number))

        def ring(at: int, number: int) -> None:
            beat(number)
            wait(at, number + 1)

        wait(since, 0)

    async def finished(self) -> None:
        """Wait until everything planned has occurred, or a fault has stopped the simulation."""
        waits = [asyncio.ensure_future(one.wait()) for one in (self._finished, self._simulation.failed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    def expect(self, at: int) -> None:
        """Something else happens at this instant: `finished` waits for it too."""
        self._begin(at, order.FIRST, _nothing)

    def stop(self) -> None:
        """What was planned here and has not occurred never does; cadences end with their agenda."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
        self._finished.set()

    def _begin(self, at: int, rank: int, happen: Callable[[], object]) -> None:
        def ring() -> None:
            try:
                happen()
            finally:
                self._end(timer)

        timer = self._clock.call_at(at, ring, rank)
        self._timers.add(timer)
        self._finished.clear()

    def _end(self, timer: Timer) -> None:
        self._timers.discard(timer)
        if not self._timers:
            self._finished.set()


def _nothing() -> None:
    """The end of a cadence, or of a story: by then all of it has occurred."""


def _numbered(beat: Beat) -> Callable[[], None]:
    numbers = iter(range(1 << 62))
    return lambda: beat(next(numbers))
