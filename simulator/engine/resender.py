"""Many deliveries are resent in slices, so that nobody else has to wait, and a restart goes on where it was (R10).

In: a choice of deliveries. Out: each of them resent or refused for itself, and a progress that can be read at any time.
The progress is written in the transaction of every single resend: none is forgotten, none is resent twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from simulator.clock.stopwatch import breathe
from simulator.engine.simulation import Simulation
from simulator.errors import NotFound, Refused
from simulator.store.progress import Progress, all_progress
from simulator.store.selection import Choice, chosen_deliveries

SLICE = 64  # deliveries resent in one go, a few milliseconds


class Resender:
    """Resends for one simulation, each choice in a task of its own."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._known = {progress.id: progress for progress in all_progress(simulation.ledger.db)}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def known(self) -> Mapping[int, Progress]:
        """Every resend that was ever accepted, by id."""
        return self._known

    def get(self, resend_id: int) -> Progress:
        """Raises `NotFound`."""
        if resend_id not in self._known:
            raise NotFound(f"there is no resend {resend_id}")
        return self._known[resend_id]

    def take_up(self) -> None:
        """Go on with what was accepted and is not finished; for a restart."""
        for progress in self._known.values():
            if not progress.finished:
                self._go_on(progress.id)

    def begin(self, choice: Choice) -> Progress:
        """Accept a resend and do its first slice; what is left goes on by itself."""
        simulation = self._simulation
        simulation.commit()
        (upto,) = simulation.ledger.db.execute("SELECT ifnull(max(id), 0) FROM deliveries").fetchone()
        progress = Progress(len(self._known) + 1, choice, simulation.clock.now(), upto)
        self._note(progress)
        self._resend_slice(progress.id)
        if not self._known[progress.id].finished:
            self._go_on(progress.id)
        return self._known[progress.id]

    async def stop(self) -> None:
        """Resend no more; a restart goes on."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _go_on(self, resend_id: int) -> None:
        task = asyncio.create_task(self._finish(resend_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, resend_id: int) -> None:
        try:
            while self._simulation.failure is None and not self._known[resend_id].finished:
                await breathe()
                self._resend_slice(resend_id)
        except Exception as error:  # noqa: BLE001 - a ledger that cannot be written stops the run, loudly
            self._simulation.fail(error)

    def _resend_slice(self, resend_id: int) -> None:
        progress = self._known[resend_id]
        db, choice = self._simulation.ledger.db, progress.choice
        ids = chosen_deliveries(db, choice, above=progress.position, below=progress.upto + 1, limit=SLICE)
        for delivery_id in ids:
            self._note(self._known[resend_id].after(delivery_id, self._resend(delivery_id)))
        if len(ids) < SLICE:
            self._note(replace(self._known[resend_id], finished=True))
        self._simulation.commit()

    def _resend(self, delivery_id: int) -> str:
        """Nothing, or why it was refused: one refusal does not keep back the others."""
        try:
            self._simulation.resend(delivery_id)
        except Refused as refusal:
            return str(refusal)
        return ""

    def _note(self, progress: Progress) -> None:
        self._known[progress.id] = progress
        self._simulation.ledger.add_progress(progress)
