"""One guided walk, taken in the simulation that runs: it goes from stop to stop, and stands at each.

In: a scenario with stops, as a guest in this simulation. Out: its subscriptions, events and faults, each at its
instant, and for whoever looks what to look at. The Timekeeper drives the clock; a person may press anything meanwhile,
and whoever takes the clock past a stop is simply further on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from simulator.clock.agenda import Agenda
from simulator.control.desk import Desk
from simulator.domain import order
from simulator.errors import Refused
from simulator.report.remark import RemarkView
from simulator.scenario.performer import Performer
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Register, Stop

BEHIND_ALL = order.FIRST + 1  # a stop stands behind everything that happens at its instant (R13)

log = logging.getLogger(__name__)


class Lesson:
    """A lesson from its beginning until it is left. `changed` is called whenever there is something new to see."""

    def __init__(
        self, desk: Desk, name: str, scenario: Scenario, *, receiver: str, changed: Callable[[], None]
    ) -> None:
        self.name, self.title = name, scenario.name
        self.stops = tuple(step for step in scenario.timeline if isinstance(step, Stop))
        self.reached = 0
        """How many stops the clock has come to."""

        later = (step.registration for step in scenario.timeline if isinstance(step, Register))
        self.subscriptions = [one.name for one in (*scenario.subscriptions, *later)]
        self.trouble = ""
        """The last step that could not be done, and why."""

        self._desk, self._changed = desk, changed
        simulation = desk.simulation
        self._changes, self._events = (Agenda(simulation.clock, rank) for rank in (order.CHANGE, order.EVENT))
        self._performer = Performer(
            scenario,
            simulation,
            receiver=receiver,
            changes=self._changes,
            events=self._events,
            remark=self._note,
            world=desk.service.world,
        )
        halt = partial(simulation.clock.call_at, order=BEHIND_ALL)
        self._halts = [halt(stop.at, partial(self._stand, number)) for number, stop in enumerate(self.stops, start=1)]
        self._walk: asyncio.Task[None] | None = None

    @property
    def stop(self) -> Stop | None:
        """Where it stands, or the last stop it came to; None before the first."""
        return self.stops[self.reached - 1] if self.reached else None

    @property
    def finished(self) -> bool:
        return self.reached == len(self.stops)

    @property
    def moving(self) -> bool:
        """Whether the clock is on its way to the next stop."""
        return self._walk is not None and not self._walk.done()

    def begin(self) -> None:
        """Subscribe now and plan the rest. Raises `Invalid` for what cannot be subscribed."""
        for agenda in (self._changes, self._events):
            agenda.on_error = self._desk.simulation.fail
            agenda.start()
        self._performer.begin()

    async def go_on(self) -> None:
        """Walk to the next stop; done when the clock has arrived, or was stopped on the way. Raises `Refused`."""
        if self.moving:
            raise Refused(f"the lesson is on its way to stop {self.reached + 1} of {len(self.stops)}; wait for it")
        if self.finished:
            raise Refused("the lesson is over; leave it with DELETE /simulator/lesson, or begin another")
        timekeeper = self._desk.timekeeper
        timekeeper.must_be_free()
        timekeeper.change(paused=True)  # a clock that runs would be past the stop before it is looked at
        self._walk = walk = timekeeper.advance(self.stops[self.reached].at)
        self._changed()
        await asyncio.wait({walk})
        self._changed()
        if not walk.cancelled():
            walk.result()

    async def end(self) -> None:
        """Nothing of it happens any more. What it made stays until somebody tidies up."""
        if self._walk and self.moving:
            self._walk.cancel()
            await asyncio.wait({self._walk})
        self._performer.stop()
        for halt in self._halts:
            halt.cancel()
        for agenda in (self._changes, self._events):
            await agenda.stop()

    def _stand(self, number: int) -> None:
        """The clock has come to a stop; where it runs, it stands from here on."""
        self.reached = number
        if not self._desk.timekeeper.paused:
            self._desk.timekeeper.change(paused=True)
        self._changed()

    def _note(self, remark: RemarkView) -> None:
        if remark.refused:
            self.trouble = remark.text
            log.warning('lesson "%s": %s', self.name, remark.text)
            self._changed()
