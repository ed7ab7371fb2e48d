"""How virtual time is driven from outside: its speed, a pause, a walk to a later instant.

In: what somebody asks for. Out: the clock at that pace. One walk at a time; whoever starts it may wait for its end,
and anybody may break it off. What is told of the clock is written down first: a restart never goes back behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from math import inf
from typing import Any

from simulator.clock.pace import PAUSED, Pace
from simulator.clock.stopwatch import wall_time_iso
from simulator.domain.instant import LAST_INSTANT, format_instant
from simulator.engine.service import Service
from simulator.errors import Refused


class Timekeeper:
    """Drives the clock of one service. `changed` is called after every change; `pace` is how it runs when let go."""

    def __init__(self, service: Service, pace: Pace, changed: Callable[[], None]) -> None:
        self._service, self._clock, self._simulation = service, service.clock, service.simulation
        self._pace, self._changed = pace, changed
        self._paused = False
        self._walk: asyncio.Task[None] | None = None
        self._target: int | None = None

    def state(self) -> dict[str, Any]:
        """What a clock on a wall, or on a page, needs. A `rate` of null: it jumps from one due instant to the next."""
        clock, failure = self._clock, self._simulation.failure
        due = clock.next_due()
        return {
            "now": format_instant(self._service.keep()),
            "real": wall_time_iso(),
            "speed": str(self._pace),
            "paused": self._paused,
            "rate": self._rate(),
            "on_wire": clock.holds,
            "next_due": None if due is None else format_instant(due),
            "advancing_to": None if self._target is None else format_instant(self._target),
            "pending": len(self._simulation.pending),
            "planned": len(self._simulation.calendar),
            "events": self._simulation.ledger.mark[0],
            "failure": str(failure) if failure else None,
        }

    @property
    def paused(self) -> bool:
        """Whether it stands, but for walks."""
        return self._paused

    @property
    def rate(self) -> float:
        """Virtual seconds in a real second, right now; infinite while it jumps."""
        pace = self._clock.pace.skipping if self._walk else self._clock.pace
        return pace.busy if self._clock.holds else pace.idle

    def change(self, *, speed: Pace | None = None, paused: bool | None = None) -> None:
        """Go on like this; what is left out stays as it is."""
        self._pace = speed or self._pace
        self._paused = self._paused if paused is None else paused
        self._clock.set_pace(PAUSED if self._paused else self._pace)
        self._changed()

    def next_due(self) -> int:
        """The next instant at which something falls due. Raises `Refused` where nothing will."""
        due = self._clock.next_due()
        if due is None:
            raise Refused("nothing falls due: nothing is pending and no event is planned")
        return due

    def advance(self, to: int) -> asyncio.Task[None]:
        """Set out for this instant. Raises `Refused` for one in the past, and while another walk is under way."""
        now = self._clock.now()
        if to < now:
            raise Refused(
                f"the clock stands at {format_instant(now)} and never goes back; {format_instant(to)} has passed"
            )
        if to >= LAST_INSTANT:
            raise Refused(f"the calendar ends at {format_instant(LAST_INSTANT)}")
        self.must_be_free()
        self._target = to
        self._walk = asyncio.create_task(self._clock.advance_to(to))
        self._walk.add_done_callback(self._arrived)
        self._changed()
        return self._walk

    def must_be_free(self) -> None:
        """Raises `Refused` while a walk is under way."""
        if self._target is not None:
            raise Refused(
                f"the clock is on its way to {format_instant(self._target)}; wait for it, or break it off with "
                "DELETE /simulator/clock/advance"
            )

    def cancel(self) -> None:
        """Break the walk off where it is; the pace is again what was set. Raises `Refused` where there is none."""
        if self._walk is None:
            raise Refused("the clock is not being advanced")
        self._walk.cancel()

    def give_up(self) -> None:
        """The engine has stopped: no walk leads anywhere any more."""
        if self._walk:
            self._walk.cancel()

    def stop_at_the_end(self) -> None:
        """Beyond the calendar no instant can be written: a clock that nobody watched stands there."""
        if not self._paused and self._clock.now() >= LAST_INSTANT:
            self.change(paused=True)

    def _arrived(self, _: asyncio.Task[None]) -> None:
        self._walk = self._target = None
        self._changed()

    def _rate(self) -> float | None:
        return None if self.rate == inf else self.rate
