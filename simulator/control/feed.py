"""What changed, in order, for whoever follows: numbers and ids alone, never a record.

In: what each commit touched. Out: for a position, the ids that came after it. The list is bounded; a reader that fell
behind its end is told so. Whoever follows reads the record itself when it is sent, so a slow reader costs nothing and
slows nobody, and the same change twice does no harm.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from simulator.clock.stopwatch import after_real
from simulator.store.changes import Changes

KEPT = 65_536  # changes at least; twice as many at most
TICK_SECONDS = 0.05  # real: readers are woken no more often

_NUMBER = re.compile(r"[0-9]{1,18}")

Kind = Literal["subscription", "delivery", "fault", "event", "lesson"]
Touched = tuple[Kind, int | str]


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes up to and including number `last`, each record once."""

    last: int
    touched: Sequence[Touched]


class Feed:
    """The changes of one process. `epoch` tells it from every other, whose numbers mean something else."""

    def __init__(self, epoch: str) -> None:
        self.epoch = epoch
        self.closed = False
        self.readers = 0
        self.ticks = 0
        """How often readers were woken."""

        self._touched: list[Touched] = []
        self._dropped = 0
        self._news = asyncio.Event()
        self._ticking: asyncio.TimerHandle | None = None

    @property
    def last(self) -> int:
        """The number of the newest change."""
        return self._dropped + len(self._touched)

    @property
    def cursor(self) -> str:
        """Where a reader goes on who has seen everything so far."""
        return self.cursor_at(self.last)

    def cursor_at(self, number: int) -> str:
        return f"{self.epoch}.{number}"

    def follow(self, changes: Changes) -> None:
        """Take in what a commit touched."""
        self._take(("subscription", one) for one in sorted(changes.subscriptions))
        self._take(("fault", one) for one in sorted(changes.faults))
        self._take(("delivery", one) for one in sorted(changes.deliveries))
        self._take(("event", one) for one in sorted(changes.silent))  # of others their deliveries tell
        self.poke()

    def touch(self, kind: Kind, one: int | str) -> None:
        """A record has changed that is not of the ledger."""
        self._take([(kind, one)])
        self.poke()

    def poke(self) -> None:
        """Something is to be told: wake the readers within a tick."""
        if self._ticking is None and not self.closed:
            self._ticking = after_real(TICK_SECONDS, self._tick)

    def position(self, cursor: str) -> int | None:
        """The number in a cursor; None where it is another epoch's, unreadable, or too old to go on from."""
        epoch, _, number = cursor.partition(".")
        if epoch != self.epoch or not _NUMBER.fullmatch(number):
            return None
        return int(number) if self._dropped <= int(number) <= self.last else None

    def after(self, position: int, limit: int) -> Batch | None:
        """The next changes, at most `limit`; None where they are no longer kept."""
        if position < self._dropped:
            return None
        touched = self._touched[position - self._dropped : position - self._dropped + limit]
        return Batch(position + len(touched), tuple(dict.fromkeys(touched)))

    async def news(self, ticks: int, patience_seconds: float) -> bool:
        """Wait for a tick beyond these, for so many real seconds at most; whether there was one.

        Whoever reads `ticks` before he tells of changes misses none that come while he does.
        """
        if self.ticks > ticks:
            return True
        try:
            async with asyncio.timeout(patience_seconds):
                await self._news.wait()
        except TimeoutError:
            return False
        return True

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Count a reader for as long as the block lasts."""
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1

    def close(self) -> None:
        """Let every reader go."""
        self.closed = True
        if self._ticking:
            self._ticking.cancel()
        self._news.set()

    def _take(self, touched: Iterable[Touched]) -> None:
        self._touched += touched
        if len(self._touched) > 2 * KEPT:
            self._dropped += len(self._touched) - KEPT
            del self._touched[:-KEPT]

    def _tick(self) -> None:
        self._ticking = None
        self.ticks += 1
        woken, self._news = self._news, asyncio.Event()
        woken.set()
