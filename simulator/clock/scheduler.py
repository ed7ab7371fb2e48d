"""APScheduler on the virtual clock: what has to be bent so that it never asks for real time.

`Agenda` is the only user. Relies on behaviour of APScheduler 3.11 that is not documented; the tests of the
pitfalls hold it.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count

from apscheduler.events import EVENT_JOB_SUBMITTED, JobSubmissionEvent
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.schedulers.base import STATE_RUNNING
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.date import DateTrigger

from simulator.clock.clock import Clock, Timer
from simulator.clock.crontab import crontab_trigger

Entry = Callable[[], Awaitable[None]]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
UNBOUNDED = 1_000_000_000


def to_utc(micros: int) -> datetime:
    """A virtual instant as APScheduler wants it. Raises OverflowError beyond the year 9999."""
    return EPOCH + micros * MICROSECOND


def to_micros(instant: datetime) -> int:
    """An instant of APScheduler's as the clock wants it."""
    return (instant - EPOCH) // MICROSECOND


class ClockZone(tzinfo):
    """UTC, except that `datetime.now(zone)` is virtual now.

    So is every conversion into this zone, whatever is converted: only the scheduler itself may hold it,
    triggers are always made in plain UTC.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def fromutc(self, _: datetime, /) -> datetime:
        return to_utc(self._clock.now()).replace(tzinfo=self)

    def utcoffset(self, _: datetime | None, /) -> timedelta:
        return timedelta(0)

    def dst(self, _: datetime | None, /) -> timedelta:
        return timedelta(0)

    def tzname(self, _: datetime | None, /) -> str:
        return "virtual"


class Cadence(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """Every `period` from `first` on, up to and including `until`.

    Whole microseconds throughout, where APScheduler's own interval counts in floating seconds. Instants
    before the cadence is taken up are left out, the others stay where they were.
    """

    def __init__(self, first: datetime, period: timedelta, until: datetime | None) -> None:
        self._first, self._period, self._until = first, period, until

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        following = previous + self._period if previous else self._first_from(now)
        return None if self._until and following > self._until else following

    def _first_from(self, now: datetime) -> datetime:
        missed = -((self._first - now) // self._period)
        return self._first + max(missed, 0) * self._period


class ClockScheduler(AsyncIOScheduler):  # type: ignore[misc]  # APScheduler has no types
    """An AsyncIOScheduler whose one wake-up is a timer of the clock, with `order` among its instant's timers."""

    def __init__(self, clock: Clock, order: int) -> None:
        self._clock, self._order = clock, order
        self._wakeup: Timer | None = None
        self._numbers = count()
        self._store = MemoryJobStore()
        super().__init__(
            timezone=ClockZone(clock),
            jobstores={"default": self._store},
            # A grace time is measured in real time; a limit on instances, or coalescing, loses runs.
            job_defaults={"misfire_grace_time": None, "max_instances": UNBOUNDED, "coalesce": False},
        )
        self.add_listener(self._hold, EVENT_JOB_SUBMITTED)

    def add_once(self, when: int, entry: Entry, name: str) -> None:
        self._add(DateTrigger(to_utc(when), timezone=UTC), entry, name)

    def add_cadence(self, first: int, period_us: int, until: int | None, entry: Entry, name: str) -> None:
        self._add(Cadence(to_utc(first), period_us * MICROSECOND, _end(until)), entry, name)

    def add_crontab(self, expression: str, until: int | None, entry: Entry, name: str) -> None:
        """Raises ValueError for a line that cannot be read."""
        self._add(crontab_trigger(expression, to_utc(self._clock.now()), _end(until)), entry, name)

    def remove_named(self, name: str) -> int:
        """Take the entries of this name off the list; how many there were."""
        entries = [entry for entry in self.get_jobs() if entry.name == name]
        for entry in entries:
            entry.remove()
        self.wakeup()
        return len(entries)

    def wakeup(self) -> None:
        """Something has changed: look again when to ring. Nothing is run here, for something may be held."""
        if self._wakeup:
            self._wakeup.cancel()
            self._wakeup = None
        due = self._store.get_next_run_time()
        if due is not None and self.state == STATE_RUNNING:
            self._wakeup = self._clock.call_at(to_micros(due), self._ring, self._order)

    def _add(self, trigger: BaseTrigger, entry: Entry, name: str) -> None:
        # Entries of one instant run in the order of their ids, which by default are random.
        self.add_job(entry, trigger, id=f"{next(self._numbers):012d}", name=name)

    def _ring(self) -> None:
        try:
            self._process_jobs()
        finally:
            self.wakeup()

    def _hold(self, submission: JobSubmissionEvent) -> None:
        for _ in submission.scheduled_run_times:
            self._clock.hold()


def _end(until: int | None) -> datetime | None:
    return None if until is None else to_utc(until)
