"""The lessons of a running server: which there are, the one that goes on, and what one of them left behind.

In: a desk and the sample receiver's base URL. Out: lessons that begin, go on and are left. Each brings a tenant and
subscriptions of its own under a label that no other has, so it touches nothing of anybody else's, and leaves nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path

from simulator.control.desk import Desk
from simulator.dashboard.lesson import Lesson
from simulator.dashboard.lesson_records import Record, broken_off_record, lesson_record, listed_record
from simulator.domain.instant import SECOND
from simulator.domain.subscription import Subscription
from simulator.errors import Misuse, NotFound, Refused, did_you_mean
from simulator.scenario.guest import as_guest
from simulator.scenario.library import shipped_lessons
from simulator.scenario.load import load_scenario
from simulator.scenario.scenario import Scenario
from simulator.store.readback import facts

UNDER_WAY, COUNTED = "lesson", "lessons"  # facts in the ledger: the one that goes on, and how many were begun
NO_RECEIVER = (
    "lessons send to the sample receiver, and none was started; begin with: aurora-sim serve --receiver robust"
)

log = logging.getLogger(__name__)


@asynccontextmanager
async def open_lessons(desk: Desk, receiver: str | None) -> AsyncIterator[Lessons]:
    """The lessons of this desk, for as long as the block lasts. A lesson that goes on then is broken off."""
    lessons = Lessons(desk, receiver)
    desk.further["lesson"] = lessons.state
    try:
        yield lessons
    finally:
        del desk.further["lesson"]
        await lessons.stop()


class Lessons:
    """`receiver` is the base URL that lessons send to, None where there is none."""

    def __init__(self, desk: Desk, receiver: str | None) -> None:
        self._desk, self._receiver = desk, receiver
        self._lesson: Lesson | None = None
        self._under_way: Record | None = facts(desk.simulation.ledger.db).get(UNDER_WAY)
        self._was_paused = False
        self._changing = asyncio.Lock()
        if self._under_way:
            log.warning('the lesson "%s" was under way when the server stopped', self._under_way["title"])

    def listed(self) -> list[Record]:
        """Every lesson of the provider that is simulated; `refused` says why none can be taken."""
        refused = "" if self._receiver else NO_RECEIVER
        return [listed_record(name, scenario) | {"refused": refused} for name, scenario in self._known.items()]

    def state(self) -> Record | None:
        """The lesson that goes on, and where it stands; None where there is none."""
        if self._lesson:
            return lesson_record(self._lesson)
        return self._under_way and broken_off_record(self._under_way, self._own(self._under_way["label"]))

    async def begin(self, name: str) -> None:
        """Begin a lesson and walk to its first stop. Raises `NotFound`, or `Refused` while another goes on."""
        async with self._changing:
            self._must_be_possible(name)
            await self._tidy_up()
            lesson = await self._begin(name)
        await lesson.go_on()

    async def go_on(self) -> None:
        """Walk to the next stop. Raises `Refused` where there is no lesson, and while it walks."""
        if self._lesson is None:
            raise Refused("no lesson goes on; begin one with POST /simulator/lessons/{name}")
        await self._lesson.go_on()

    async def leave(self) -> None:
        """End the lesson and take away what it made. Raises `Refused` where there is none."""
        async with self._changing:
            if self.state() is None:
                raise Refused("no lesson goes on, so there is none to leave")
            await self._tidy_up()

    async def stop(self) -> None:
        """The server ends: what the lesson made stays in the ledger, and the next process says so."""
        if self._lesson:
            await self._lesson.end()

    @cached_property
    def _files(self) -> dict[str, Path]:
        return {file.stem: file for file in shipped_lessons().values()}

    @cached_property
    def _known(self) -> dict[str, Scenario]:
        provider = self._desk.simulation.profile.name
        scenarios = {name: load_scenario(file) for name, file in self._files.items()}
        return {name: one for name, one in scenarios.items() if one.profile.name == provider}

    def _must_be_possible(self, name: str) -> None:
        if name not in self._known:
            known = ", ".join(self._known) or "none"
            raise NotFound(f'there is no lesson "{name}"{did_you_mean(name, self._known)}; there are {known}')
        if self._lesson and not self._lesson.finished:
            raise Refused(f'the lesson "{self._lesson.title}" goes on; leave it first')
        if self._receiver is None:
            raise Refused(NO_RECEIVER)
        self._desk.timekeeper.must_be_free()

    async def _begin(self, name: str) -> Lesson:
        """The lesson, subscribed and planned on a clock that stands; its instants are whole seconds."""
        assert self._receiver, "asked for beforehand"
        simulation, timekeeper = self._desk.simulation, self._desk.timekeeper
        number = facts(simulation.ledger.db).get(COUNTED, 0) + 1
        label = f"lesson-{number}"
        self._was_paused = timekeeper.paused
        timekeeper.change(paused=True)
        start = -(-simulation.clock.now() // SECOND) * SECOND
        scenario = as_guest(load_scenario(self._files[name], start=start), label)
        self._under_way = {"name": name, "title": scenario.name, "label": label}
        simulation.ledger.note({COUNTED: number, UNDER_WAY: self._under_way})
        self._lesson = lesson = Lesson(self._desk, name, scenario, receiver=self._receiver, changed=self._changed)
        try:
            lesson.begin()
        except Misuse:
            await self._tidy_up()
            raise
        self._changed()
        return lesson

    async def _tidy_up(self) -> None:
        """Take away what is there of a lesson: its plans, its faults, its subscriptions and what is pending of them."""
        lesson, known = self._lesson, self._under_way
        self._lesson = self._under_way = None
        if known is None:
            return
        if lesson:
            await lesson.end()
            self._desk.timekeeper.change(paused=self._was_paused)
        simulation, label = self._desk.simulation, known["label"]
        simulation.clear(lambda fault: fault.id.startswith(f"{label}-"))
        for one in self._own(label):
            simulation.subscriptions.delete(one.id)
        simulation.ledger.note({UNDER_WAY: None})
        self._changed()

    def _own(self, label: str) -> list[Subscription]:
        """What the lesson, or somebody in its tenant, subscribed and nobody deleted."""
        roster = self._desk.simulation.roster
        return [one for one in roster if one.deleted_at is None and one.tenant_id.startswith(f"{label}-")]

    def _changed(self) -> None:
        self._desk.feed.touch("lesson", "lesson")
