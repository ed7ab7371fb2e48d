"""When what is buffered is written: one transaction for a virtual instant, or for a few real milliseconds.

In: word that something is to be recorded. Out: a transaction of the ledger, and whoever follows the run is told of it:
only now may it be shown to anyone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from simulator.clock.clock import Clock
from simulator.clock.stopwatch import after_real
from simulator.store.changes import NO_CHANGES, Changes
from simulator.store.ledger import Ledger

LATEST_SECONDS = 0.002  # real: how long an outcome waits for a transaction that would be written anyway


class Commits:
    """The transactions of one ledger. `fail` is given what SQLite raises where nobody waits for the transaction."""

    def __init__(self, clock: Clock, ledger: Ledger, fail: Callable[[BaseException], None]) -> None:
        self.followers: list[Callable[[Changes], None]] = []
        """Told after every transaction what it touched."""

        self._clock, self._ledger, self._fail = clock, ledger, fail
        self._soon: asyncio.Handle | None = None
        self._later: asyncio.TimerHandle | None = None
        self._waiting = False  # whether there is something for later

    def now(self) -> None:
        """Write everything. Raises `StoreUnusable`."""
        if self._soon:
            self._soon.cancel()
            self._soon = None
        self._waiting = False
        self._ledger.fold_briefly(brief=self._clock.pace.steady)
        changes = self._ledger.buffered() if self.followers else NO_CHANGES
        self._ledger.commit()
        for tell in self.followers:
            tell(changes)

    def soon(self) -> None:
        """Write before this pass of the loop is over."""
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self._write)

    def later(self) -> None:
        """Write with what comes next, or in a few milliseconds: a look that was planned for others is soon enough."""
        self._waiting = True
        if self._later is None:
            self._later = after_real(LATEST_SECONDS, self._look)

    def stop(self) -> None:
        """Write nothing more by itself."""
        for plan in (self._soon, self._later):
            if plan:
                plan.cancel()
        self._soon = self._later = None

    def _look(self) -> None:
        self._later = None
        if self._waiting:
            self._write()

    def _write(self) -> None:
        try:
            self.now()
        except Exception as error:  # noqa: BLE001 - a ledger that cannot be written stops the run, loudly
            self._fail(error)
