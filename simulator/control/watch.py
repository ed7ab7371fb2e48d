"""What a log should tell of a simulation that nobody looks at: subscriptions that change, and the end of the engine.

In: commits, and the word that the engine stopped. Out: log lines, never a secret. A walk of the clock ends with the
engine, and a clock that nobody watches stands where the calendar ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from simulator.clock.stopwatch import after_real
from simulator.control.timekeeper import Timekeeper
from simulator.engine.simulation import Simulation
from simulator.store.changes import Changes

LOOK_SECONDS = 1.0  # real

log = logging.getLogger(__name__)


class Watch:
    """Watches one simulation from now on. `changed` is called when the engine has stopped."""

    def __init__(self, simulation: Simulation, timekeeper: Timekeeper, changed: Callable[[], None]) -> None:
        self._simulation, self._timekeeper, self._changed = simulation, timekeeper, changed
        self._failing = asyncio.create_task(self._until_it_fails())
        self._looking: asyncio.TimerHandle | None = None
        simulation.on_commit.append(self._tell)
        self._look()

    def stop(self) -> None:
        self._simulation.on_commit.remove(self._tell)
        self._failing.cancel()
        if self._looking:
            self._looking.cancel()

    async def _until_it_fails(self) -> None:
        await self._simulation.failed.wait()
        log.error("the engine has stopped: %s", self._simulation.failure)
        self._timekeeper.give_up()
        self._changed()

    def _tell(self, changes: Changes) -> None:
        for subscription_id in sorted(changes.subscriptions):
            one = self._simulation.roster.get(subscription_id)
            if one.revision > 1:
                state = "deleted" if one.deleted_at else "enabled" if one.enabled else one.disabled_reason
                log.info('subscription "%s", revision %d: %s', one.name, one.revision, state)

    def _look(self) -> None:
        self._timekeeper.stop_at_the_end()
        self._looking = after_real(LOOK_SECONDS, self._look)
