"""What is to happen at fixed times: emitter cadences, steps of a scenario, periodic snapshots.

In go instants, periods and crontab lines, each with the function to run; APScheduler keeps the list, the
clock says when. Tens or hundreds of entries: retries are rows of the ledger, not entries here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import cached_property
from inspect import isawaitable
from typing import TYPE_CHECKING

from simulator.clock.clock import Clock
from simulator.clock.failure import OnError, tell

if TYPE_CHECKING:
    from simulator.clock.scheduler import ClockScheduler

Run = Callable[[], Awaitable[object] | object]


class Agenda:
    """A list of entries that run on the clock's instants, those of one instant first in, first out.

    Plain functions and coroutine functions run in the event loop. An entry holds the clock from the instant it
    is due until it has run. `order` places the agenda among the other timers of an instant (R13). Names need
    not be unique. Entries may be added before `start`.
    """

    def __init__(self, clock: Clock, order: int = 0) -> None:
        self.on_error: OnError | None = None
        """Is given whatever an entry raises; without it, the loop's exception handler is."""
        self._clock, self._order = clock, order
        self._running: set[asyncio.Future[None]] = set()
        self._started = self._stopping = False

    def at(self, when: int, run: Run, *, name: str) -> None:
        """Run once at the virtual instant `when`; an instant in the past means as soon as possible."""
        self._scheduler.add_once(when, self._entry(run, name), name)

    def every(self, period_us: int, run: Run, *, name: str, start: int | None = None, until: int | None = None) -> None:
        """Run every `period_us` from `start` (one period from now) up to and including `until`.

        A `start` in the past keeps its beat: the instants missed are left out. Raises ValueError for a period
        that is not positive.
        """
        if period_us <= 0:
            raise ValueError(f"entry {name!r} is to run every {period_us} µs; a period is at least 1 µs")
        first = self._clock.now() + period_us if start is None else start
        self._scheduler.add_cadence(first, period_us, until, self._entry(run, name), name)

    def cron(self, expression: str, run: Run, *, name: str, until: int | None = None) -> None:
        """Run at the instants of a five-field crontab line, in UTC, up to and including `until`.

        Days of the week count as crontab counts them: 0 and 7 are Sunday. Raises ValueError for a line that
        cannot be read.
        """
        self._scheduler.add_crontab(expression, until, self._entry(run, name), name)

    def remove(self, name: str) -> int:
        """Take the entries of this name off the list; how many there were. One that is running runs on."""
        return self._scheduler.remove_named(name)

    def start(self) -> None:
        """Begin to ring, once. Needs a running event loop."""
        self._started = True
        if self._has_entries:
            self._scheduler.start()

    async def stop(self) -> None:
        """Ring no more, cancel the entries that are running and wait until they have ended."""
        self._started = False
        if not (self._has_entries and self._scheduler.running):
            return
        self._stopping = True
        self._scheduler.pause()
        self._scheduler.wakeup()
        self._scheduler.shutdown()
        await asyncio.sleep(0)  # the shutdown was only queued; it cancels what is running
        if self._running:
            await asyncio.wait(self._running)

    @cached_property
    def _scheduler(self) -> ClockScheduler:
        """Made for the first entry, for APScheduler takes longer to import than many a run takes without it."""
        from simulator.clock.scheduler import ClockScheduler  # noqa: PLC0415 - loads APScheduler, for entries alone

        scheduler = ClockScheduler(self._clock, self._order)
        if self._started:
            scheduler.start()
        return scheduler

    @property
    def _has_entries(self) -> bool:
        """Whether there was ever one."""
        return "_scheduler" in vars(self)

    def _entry(self, run: Run, name: str) -> Callable[[], Awaitable[None]]:
        """What APScheduler runs: releases the hold, and lets no failure out, which would only be logged."""

        async def entry() -> None:
            ended = asyncio.get_running_loop().create_future()
            self._running.add(ended)
            try:
                returned = run()
                if isawaitable(returned):
                    await returned
            except BaseException as error:  # noqa: BLE001  # APScheduler swallows it, whatever it is
                self._fail(error, name)
            finally:
                self._running.discard(ended)
                ended.set_result(None)
                self._clock.release()

        return entry

    def _fail(self, error: BaseException, name: str) -> None:
        if self._stopping and isinstance(error, asyncio.CancelledError):
            return
        tell(error, self.on_error, f"agenda entry {name!r}")
