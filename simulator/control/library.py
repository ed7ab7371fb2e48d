"""Reading much of the ledger beside the engine: in a thread, on a connection of its own that can only read.

In: a function over a database. Out: what it returns. A ledger in memory has one connection only; it is read at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from simulator.engine.simulation import Simulation
from simulator.store.database import MEMORY, reading

Read = TypeVar("Read")

AT_ONCE = 2  # long readings that are under way together


class Library:
    """The ledger of one simulation, for whoever reads long in it."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._desks = asyncio.Semaphore(AT_ONCE)

    async def read(self, work: Callable[[Database], Read]) -> Read:
        """What `work` finds; everything that was accepted so far is there."""
        self._simulation.commit()
        ledger = self._simulation.ledger
        if str(ledger.path) == MEMORY:
            return work(ledger.db)
        async with self._desks:
            return await asyncio.to_thread(_read_apart, ledger.path, work)


def _read_apart(path: str | Path, work: Callable[[Database], Read]) -> Read:
    with reading(path) as db:
        return work(db)
