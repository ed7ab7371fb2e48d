"""The thirteen pitfalls of time, each held by a test.

Where a pitfall lies in a library, the test shows that it is still there and that our way round it holds: when
an upgrade changes either, this is where it is noticed.
"""

import asyncio
import math
import pickle
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from aiohttp import ClientTimeout
from aiohttp.helpers import TimeoutHandle, calculate_timeout_when
from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED
from apscheduler.executors.base import run_coroutine_job
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
from patient_loop import Deadlock, clock_at, passes, run, running_loop, without_waiting

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, Pace, compressed
from simulator.clock.scheduler import ClockScheduler, ClockZone, to_utc

SECOND = 1_000_000
HOUR = 3600 * SECOND
START = 1_104_570_000 * SECOND  # 2005-01-01 09:00 UTC: the real present is far away
NINE = datetime(2005, 1, 1, 9, tzinfo=UTC)


def ready(pace: Pace = PAUSED) -> tuple[Clock, Agenda]:
    clock = clock_at(START, pace)
    agenda = Agenda(clock)
    agenda.start()
    return clock, agenda


def bare_scheduler(clock: Clock) -> ClockScheduler:
    """Our scheduler without the agenda before it; entries have to release the clock themselves."""
    scheduler = ClockScheduler(clock, 0)
    scheduler.start()
    return scheduler


def entry(clock: Clock, run: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    async def releasing() -> None:
        run()
        clock.release()

    return releasing


@without_waiting
async def test_1_aiohttp_rounds_deadlines_up_unless_told_not_to() -> None:
    """Pitfall 1: a deadline of 10 s would come up to a second late, and late answers would pass."""
    assert ClientTimeout(total=10).ceil_threshold == 5
    assert calculate_timeout_when(100.05, 10, 5) == 111
    assert calculate_timeout_when(100.05, 10, math.inf) == 110.05

    loop = running_loop()
    loop.stall(100.05)
    rounded = TimeoutHandle(loop, 10, ceil_threshold=ClientTimeout(total=10).ceil_threshold).start()
    exact = TimeoutHandle(
        loop, 10, ceil_threshold=ClientTimeout(total=10, ceil_threshold=math.inf).ceil_threshold
    ).start()
    assert rounded
    assert exact
    assert (rounded.when(), exact.when()) == (111, 110.05)


@without_waiting
async def test_2_a_grace_time_would_be_measured_against_the_real_present() -> None:
    """Pitfall 2: with APScheduler's default of 1 s no entry of the virtual past would ever run."""
    clock, agenda = ready()
    ran: list[str] = []

    async def run() -> None:
        ran.append("default")

    scheduler = AsyncIOScheduler(timezone=UTC)
    job = Job(scheduler, func=run, args=(), kwargs={}, trigger=DateTrigger(NINE), misfire_grace_time=1)
    events = await run_coroutine_job(job, "default", [NINE], "apscheduler")
    assert ([event.code for event in events], ran) == ([EVENT_JOB_MISSED], [])
    assert scheduler._job_defaults["misfire_grace_time"] == 1

    agenda.at(START, lambda: ran.append("ours"), name="ours")
    await clock.advance(HOUR)
    assert ran == ["ours"]


@pytest.mark.parametrize("instances", [1, 2])
@without_waiting
async def test_3_an_entry_that_sets_itself_again_while_it_runs_would_be_lost(instances: int) -> None:
    """Pitfall 3: APScheduler refuses a second instance by default, and deletes what it refused."""
    clock = clock_at(START, ELASTIC)
    scheduler = bare_scheduler(clock)
    rings: list[int] = []

    async def alarm() -> None:
        rings.append(clock.now() - START)
        if len(rings) < 50:
            later = DateTrigger(to_utc(clock.now() + SECOND), UTC)
            scheduler.add_job(alarm, later, id="alarm", max_instances=instances, replace_existing=True)
        await asyncio.sleep(1.5)
        clock.release()

    scheduler.add_job(alarm, DateTrigger(NINE), id="alarm", max_instances=instances)
    await clock.advance(HOUR)
    assert rings == [number * SECOND for number in range(50 if instances == 2 else 1)]
    assert scheduler.get_jobs() == []


@without_waiting
async def test_3_the_agenda_loses_no_entry_that_sets_itself_again() -> None:
    """Pitfall 3: fresh ids, and no limit of instances."""
    clock, agenda = ready(ELASTIC)
    rings: list[int] = []

    async def alarm() -> None:
        rings.append(clock.now() - START)
        if len(rings) < 50:
            agenda.at(clock.now() + SECOND, alarm, name="alarm")
        await asyncio.sleep(3.5)

    agenda.at(START, alarm, name="alarm")
    await clock.advance(HOUR)
    assert rings == [number * SECOND for number in range(50)]


@without_waiting
async def test_4_same_instant_entries_run_in_order_of_id_and_ids_are_random_by_default() -> None:
    """Pitfall 4: zero-padded counters make it first in, first out, beyond nine and ninety-nine as well."""
    clock, agenda = ready()
    scheduler = bare_scheduler(clock)
    seen: list[str] = []
    for letter in "cab":
        scheduler.add_job(entry(clock, partial(seen.append, letter)), DateTrigger(NINE), id=letter)
    await clock.advance(0)
    assert "".join(seen) == "abc"
    ids = {scheduler.add_job(passes, DateTrigger(NINE + timedelta(days=1))).id for _ in range(3)}
    assert {len(uuid) for uuid in ids} == {32}

    order: list[int] = []
    for number in range(120):
        agenda.at(START + HOUR, partial(order.append, number), name="same instant")
    await clock.advance(HOUR)
    assert order == list(range(120))


def test_5_a_conversion_into_the_clocks_zone_answers_with_the_present() -> None:
    """Pitfall 5: so triggers made in that zone return "now" for ever, and naive dates become "now"."""
    clock = Clock(START)
    zone = ClockZone(clock)
    now = datetime.now(zone)
    assert now == NINE
    interval = IntervalTrigger(hours=1, start_date=NINE, timezone=zone)
    assert interval.get_next_fire_time(NINE, now) == interval.get_next_fire_time(NINE + timedelta(days=9), now)
    assert DateTrigger("2005-01-01 05:00:00", zone).run_date == NINE


def test_5_an_interval_without_a_start_begins_at_the_real_present() -> None:
    """Pitfall 5: on a virtual clock of 2005 it would never fire."""
    assert IntervalTrigger(hours=1, timezone=UTC).start_date > NINE + timedelta(days=365 * 20)


def test_5_a_cron_trigger_without_a_start_begins_off_the_minute() -> None:
    """Pitfall 5: rounding up goes through the clock's zone, too."""
    half_past = timedelta(seconds=0.5)
    now = datetime.now(ClockZone(Clock(START + SECOND // 2)))
    without = CronTrigger(minute="*", timezone=UTC)
    assert without.get_next_fire_time(None, now) == NINE + half_past
    started = CronTrigger(minute="*", timezone=UTC, start_date=NINE + half_past)
    assert started.get_next_fire_time(None, now) == NINE + timedelta(minutes=1)


@without_waiting
async def test_5_the_agendas_cadences_and_crontab_lines_stand_on_virtual_time() -> None:
    """Pitfall 5: every trigger is made in UTC and with a start taken from the clock."""
    clock = clock_at(START + SECOND // 2, PAUSED)
    agenda = Agenda(clock)
    agenda.start()
    seen: list[tuple[str, int]] = []
    agenda.every(HOUR, lambda: seen.append(("every", clock.now() - START)), name="every")
    agenda.cron("0 * * * *", lambda: seen.append(("cron", clock.now() - START)), name="cron")
    await clock.advance(2 * HOUR)
    assert seen == [
        ("cron", HOUR),
        ("every", HOUR + SECOND // 2),
        ("cron", 2 * HOUR),
        ("every", 2 * HOUR + SECOND // 2),
    ]


@pytest.mark.parametrize(("holds", "stamps"), [(False, [3600] * 3), (True, [60, 120, 180])])
@without_waiting
async def test_6_work_handed_on_without_its_hold_is_stamped_too_late(holds: bool, stamps: list[int]) -> None:
    """Pitfall 6: the hold goes with the work, into the queue and out of it."""
    clock = clock_at()
    queue: asyncio.Queue[str] = asyncio.Queue()
    stamped: list[int] = []

    def hand_on() -> None:
        if holds:
            clock.hold()
        queue.put_nowait("event")

    async def worker() -> None:
        while True:
            await queue.get()
            await asyncio.sleep(0.001)
            stamped.append(clock.now() // SECOND)
            if holds:
                clock.release()

    working = asyncio.create_task(worker())
    for instant in (60, 120, 180):
        clock.call_at(instant * SECOND, hand_on)
    clock.call_at(HOUR, lambda: None)
    await asyncio.sleep(1)
    working.cancel()
    assert stamped == stamps


def test_7_waiting_for_the_clock_while_holding_it_is_a_deadlock() -> None:
    """Pitfall 7: in jump time stands while anything is held."""

    async def work() -> None:
        clock = clock_at()
        woken = asyncio.Event()
        with clock.holding():
            clock.call_at(SECOND, woken.set)
            await woken.wait()

    with pytest.raises(Deadlock):
        run(work())


@without_waiting
async def test_7_held_work_lends_its_hold_for_the_time_it_sleeps() -> None:
    """Pitfall 7: 300 attempts of 1 to 15 virtual seconds overlap, and each takes exactly its time.

    The hold is taken again by the timer that ends the sleep, before anything else can happen.
    """
    clock = clock_at(START)
    attempts = [(number * 700_001 % (60 * SECOND), (1 + number % 15) * SECOND) for number in range(300)]
    lasted: list[tuple[int, int]] = []
    tasks: list[asyncio.Task[None]] = []

    def wake(sleeper: asyncio.Future[None]) -> None:
        clock.hold()
        sleeper.set_result(None)

    async def attempt(began: int, latency: int) -> None:
        asleep: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        clock.call_at(clock.now() + latency, partial(wake, asleep))
        clock.release()
        await asleep
        await passes()  # while it holds the clock again, it may take its time
        lasted.append((began, clock.now() - START - began))
        clock.release()

    def start(began: int, latency: int) -> None:
        clock.hold()
        tasks.append(asyncio.create_task(attempt(began, latency)))

    for began, latency in attempts:
        clock.call_at(START + began, partial(start, began, latency))
    await clock.advance(HOUR)
    assert sorted(lasted) == sorted(attempts)
    assert (clock.holds, running_loop().time()) == (0, 0)


class Unusual(BaseException):
    """Not an Exception, as a cancellation is not."""


@pytest.mark.parametrize("fault", [ValueError("bug"), asyncio.CancelledError(), Unusual()])
@without_waiting
async def test_8_apscheduler_swallows_every_failure_and_the_agenda_does_not(fault: BaseException) -> None:
    """Pitfall 8: failures reach listeners and the log only, cancellations included."""
    clock, agenda = ready()
    failures: list[BaseException] = []
    agenda.on_error = failures.append

    async def fail() -> None:
        raise fault

    job = Job(
        AsyncIOScheduler(timezone=UTC),
        func=fail,
        args=(),
        kwargs={},
        trigger=DateTrigger(NINE),
        misfire_grace_time=None,
    )
    events = await run_coroutine_job(job, "default", [NINE], "apscheduler")
    assert [event.code for event in events] == [EVENT_JOB_ERROR]

    agenda.at(START + HOUR, fail, name="bad")
    await clock.advance(2 * HOUR)
    assert failures == [fault]
    assert clock.holds == 0


@without_waiting
async def test_9_a_shutdown_is_only_queued_and_cancels_what_is_running() -> None:
    """Pitfall 9: `Agenda.stop` returns when both are over, so that stores may be closed."""
    clock = clock_at(START, ELASTIC)
    scheduler = bare_scheduler(clock)
    ended: list[str] = []

    async def slow() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append("cancelled")
            clock.release()

    scheduler.add_job(slow, DateTrigger(NINE), id="slow")
    await passes()
    scheduler.shutdown()
    assert (scheduler.running, ended) == (True, [])
    await passes()
    assert (scheduler.running, ended) == (False, ["cancelled"])

    clock, agenda = ready(ELASTIC)
    agenda.at(START, slow, name="slow")
    await passes()
    clock.hold()  # which `slow` releases
    await agenda.stop()
    assert (ended, clock.holds) == (["cancelled"] * 2, 0)


@without_waiting
async def test_10_an_interval_of_which_several_instants_are_due_at_once_would_run_once() -> None:
    """Pitfall 10: by default APScheduler keeps the last of them only. Our clock never overtakes a timer and
    stands while one rings, so each instant is met, however late the loop is."""
    assert AsyncIOScheduler(timezone=UTC)._job_defaults["coalesce"] is True

    clock, agenda = ready(compressed(1_000_000))
    seen: list[int] = []
    agenda.every(1000, lambda: seen.append(clock.now() - START), name="dense", until=START + 100_000)
    while clock.next_due() is not None or clock.holds:
        running_loop().stall(0.01)
        await passes(1)
    assert (len(seen), seen) == (100, sorted(seen))


@without_waiting
async def test_10_instants_missed_all_at_once_all_run_and_all_release_the_clock() -> None:
    """Pitfall 10: APScheduler submits them as one, with one event for all; each has its own hold."""
    clock, agenda = ready()
    seen: list[tuple[int, int]] = []
    agenda.every(HOUR, lambda: seen.append((clock.now() - START, clock.holds)), name="hourly", start=START)
    agenda._scheduler.pause()
    await clock.advance(3 * HOUR)
    agenda._scheduler.resume()
    await clock.idle()
    assert (seen, clock.holds) == ([(3 * HOUR, holds) for holds in (4, 3, 2, 1)], 0)


def test_11_neither_the_clocks_zone_nor_our_entries_can_be_stored_on_disk() -> None:
    """Pitfall 11: so the agenda's list is kept in memory and made anew at each start."""
    clock = Clock(START)
    trigger = IntervalTrigger(hours=1, start_date=NINE, timezone=ClockZone(clock))
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.loads(pickle.dumps(trigger))
    agenda = Agenda(clock)
    agenda.at(START, lambda: None, name="step")
    (job,) = agenda._scheduler.get_jobs()
    with pytest.raises(ValueError, match="cannot be serialized"):
        job.__getstate__()


@without_waiting
async def test_12_instants_are_whole_microseconds() -> None:
    """Pitfall 12: steps of 0.1 s drift as floats, and ties break."""
    assert sum([0.1] * 10) != 1.0

    clock = clock_at(START)
    with pytest.raises(TypeError, match=r"whole number of microseconds, not 0\.1"):
        clock.call_at(0.1, lambda: None)  # type: ignore[arg-type]  # which is the point
    assert clock.next_due() is None

    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count < 36_000:
            clock.call_at(clock.now() + SECOND // 10, step)

    clock.call_at(START + SECOND // 10, step)
    await clock.advance(HOUR)
    assert (count, clock.now() - START, type(clock.now())) == (36_000, HOUR, int)


@pytest.mark.parametrize("pace", [JUMP, ELASTIC, PAUSED, compressed(60)], ids=str)
@without_waiting
async def test_13_a_failing_timer_does_not_stop_the_clock(pace: Pace) -> None:
    """Pitfall 13: the next ring is planned whatever the last one did, and somebody hears of the failure."""
    clock = clock_at(START, pace)
    failures: list[BaseException] = []
    clock.on_error = failures.append
    fault = ValueError("bug")

    def fail() -> None:
        raise fault

    rung: list[int] = []
    clock.call_at(START + SECOND, fail)
    clock.call_at(START + SECOND, lambda: rung.append(clock.now() - START))
    await clock.advance(HOUR)
    assert (failures, rung) == ([fault], [SECOND])


@without_waiting
async def test_13_without_on_error_the_loops_exception_handler_hears_of_it() -> None:
    """Pitfall 13: or an assertion inside a callback would pass unseen."""
    clock = clock_at(START)
    rung: list[int] = []

    def fail() -> None:
        raise ZeroDivisionError

    clock.call_at(START, fail)
    clock.call_at(START + SECOND, lambda: rung.append(clock.now()))
    await clock.advance(HOUR)
    assert rung == [START + SECOND]
    assert [type(failure) for failure in running_loop().failures] == [ZeroDivisionError]
    running_loop().failures.clear()


def test_13_an_interruption_ends_the_program_even_where_on_error_is_set() -> None:
    """Pitfall 13: what is meant for the whole program is no failure of a timer."""
    failures: list[BaseException] = []

    def interrupt() -> None:
        raise SystemExit(130)

    async def work() -> None:
        clock = clock_at()
        clock.on_error = failures.append
        clock.call_at(0, interrupt)
        await clock.idle()

    with pytest.raises(SystemExit):
        run(work())
    assert failures == []
