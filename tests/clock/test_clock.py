"""`clock/clock`: what every pace promises, and what each pace means (interface, section Time; R13)."""

import asyncio
from collections.abc import Callable
from itertools import pairwise
from math import inf

import pytest
from patient_loop import clock_at, passes, running_loop, without_waiting

from simulator.clock.clock import SPELL, Clock
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, REAL, Pace, compressed

SECOND = 1_000_000
HOUR = 3600 * SECOND
EVERY_PACE = pytest.mark.parametrize("pace", [JUMP, ELASTIC, REAL, PAUSED, compressed(60)], ids=str)
START = 1_772_816_400 * SECOND


class Log:
    """What rang, and when."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.entries: list[tuple[str, int]] = []

    def __call__(self, name: str) -> Callable[[], None]:
        return lambda: self.entries.append((name, self.clock.now()))

    @property
    def names(self) -> str:
        return "".join(name for name, _ in self.entries)


# The present


def test_a_clock_is_made_outside_a_loop_and_begins_where_it_is_told() -> None:
    assert Clock().now() == 0
    assert Clock(START).now() == START
    assert Clock(START).pace == JUMP


@without_waiting
async def test_in_jump_the_clock_stands_at_once_at_the_next_due_instant() -> None:
    clock = clock_at(START)
    log = Log(clock)
    clock.call_at(START + 20 * HOUR, log("retry"))
    assert clock.now() == START
    await passes()
    assert log.entries == [("retry", START + 20 * HOUR)]
    assert clock.now() == START + 20 * HOUR
    assert running_loop().time() == 0


@without_waiting
async def test_in_jump_time_stands_while_work_is_held() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(HOUR, log("retry"))
    with clock.holding():
        await asyncio.sleep(10)
        assert clock.now() == 0
    await passes()
    assert log.entries == [("retry", HOUR)]


@without_waiting
async def test_in_elastic_time_runs_as_real_time_while_work_is_held_and_jumps_when_not() -> None:
    clock = clock_at(pace=ELASTIC)
    log = Log(clock)
    clock.call_at(4 * SECOND, log("meanwhile"))
    clock.call_at(20 * HOUR, log("retry"))
    with clock.holding():
        await asyncio.sleep(10)
        assert clock.now() == 10 * SECOND
    await passes()
    assert log.entries == [("meanwhile", 4 * SECOND), ("retry", 20 * HOUR)]
    assert running_loop().time() == 10


@without_waiting
async def test_compressed_time_runs_faster_while_idle_and_one_to_one_while_held() -> None:
    """`--speed 1440`: a day a minute."""
    clock = clock_at(pace=compressed(1440))
    await asyncio.sleep(30)
    assert clock.now() == 12 * HOUR
    with clock.holding():
        await asyncio.sleep(10)
        assert clock.now() == 12 * HOUR + 10 * SECOND
    await asyncio.sleep(30)
    assert clock.now() == 24 * HOUR + 10 * SECOND


@without_waiting
async def test_real_time_is_real_time() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    clock.call_at(30 * SECOND, log("retry"))
    await asyncio.sleep(29.5)
    assert (log.names, clock.now()) == ("", 29_500_000)
    await asyncio.sleep(1)
    assert log.entries == [("retry", 30 * SECOND)]
    assert clock.now() == 30_500_000


@without_waiting
async def test_paused_time_stands_and_only_what_is_due_rings() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.call_at(1, log("future"))
    clock.call_at(0, log("present"))
    await asyncio.sleep(3600)
    assert (log.names, clock.now()) == ("present", 0)


@without_waiting
async def test_changing_the_pace_keeps_the_instant() -> None:
    clock = clock_at(pace=compressed(60))
    await asyncio.sleep(1)
    clock.set_pace(REAL)
    await asyncio.sleep(1)
    clock.set_pace(PAUSED)
    await asyncio.sleep(1)
    assert clock.now() == 61 * SECOND
    assert clock.pace == PAUSED


@without_waiting
async def test_unpausing_rings_what_is_next() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.call_at(HOUR, log("retry"))
    await asyncio.sleep(5)
    clock.set_pace(JUMP)
    await passes()
    assert log.entries == [("retry", HOUR)]


@without_waiting
async def test_ten_thousand_holds_lose_no_time_at_pace_one() -> None:
    clock = clock_at(pace=REAL)
    for _ in range(10_000):
        clock.hold()
        running_loop().stall(0.000_000_4)
        clock.release()
        running_loop().stall(0.000_000_3)
    assert abs(clock.now() - 7_000) <= 1


# Timers


@EVERY_PACE
@without_waiting
async def test_at_one_instant_the_smaller_order_is_first_then_first_in_first_out(pace: Pace) -> None:
    """R13: definition changes, then retries in due order, then new events."""
    clock = clock_at(pace=pace)
    log = Log(clock)
    change, retry, event = 0, 1, 2
    for name, order in [("e", event), ("r", retry), ("f", event), ("s", retry), ("c", change)]:
        clock.call_at(SECOND, log(name), order)
    await clock.advance(SECOND)
    assert log.names == "crsef"


@EVERY_PACE
@without_waiting
async def test_a_timer_in_the_past_rings_at_the_present_instant(pace: Pace) -> None:
    clock = clock_at(START, pace)
    log = Log(clock)
    clock.call_at(START, log("present"))
    clock.call_at(START - HOUR, log("past"))
    clock.call_at(START, log("first"), order=-1)
    await clock.idle()
    assert log.entries == [("first", START), ("present", START), ("past", START)]


@without_waiting
async def test_a_timer_in_the_past_does_not_take_flowing_time_back() -> None:
    clock = clock_at(pace=REAL)
    await asyncio.sleep(5)
    timer = clock.call_at(3 * SECOND, lambda: None)
    assert clock.now() == timer.when == 5 * SECOND


@without_waiting
async def test_a_late_loop_makes_time_slip_not_timers_late() -> None:
    """No timer is overtaken, however long the loop was busy."""
    clock = clock_at(pace=compressed(60))
    log = Log(clock)
    clock.call_at(60 * SECOND, log("a"))
    clock.call_at(61 * SECOND, log("b"))
    running_loop().stall(100)
    assert clock.now() == 60 * SECOND
    await passes(2)
    assert log.names == "a"
    running_loop().stall(100)
    await passes(2)
    assert log.entries == [("a", 60 * SECOND), ("b", 61 * SECOND)]


# Catching up


@without_waiting
async def test_in_real_time_what_is_late_rings_in_one_pass_each_at_its_own_instant() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    for number in range(3 * SPELL):
        clock.call_at(number, log("t"))
    clock.call_at(5 * SECOND, log("not late"))
    running_loop().stall(1)
    rung = []
    for _ in range(5):
        await passes(1)
        rung.append(len(log.entries))
    assert {SPELL, 2 * SPELL, 3 * SPELL} == set(rung) - {0}, "sockets are served between two spells"
    assert log.entries == [("t", number) for number in range(3 * SPELL)]


@pytest.mark.parametrize("pace", [JUMP, ELASTIC, compressed(60)], ids=str)
@without_waiting
async def test_at_any_other_pace_one_timer_rings_in_a_pass(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)
    for name in "abc":
        clock.call_at(0, log(name))
    counts = [0]
    for _ in range(6):
        await passes(1)
        counts.append(len(log.entries))
    assert log.names == "abc"
    assert all(later - earlier <= 1 for earlier, later in pairwise(counts))


@without_waiting
async def test_a_pace_that_is_set_while_catching_up_counts_from_there() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    counts: list[int] = []

    def jump() -> None:
        clock.set_pace(JUMP)
        asyncio.get_running_loop().call_soon(lambda: counts.append(len(log.entries)))

    clock.call_at(0, jump)
    clock.call_at(HOUR, log("a"))
    await passes()
    assert counts == [0], "between the two, sockets are served"
    assert log.entries == [("a", HOUR)]


@without_waiting
async def test_a_clock_that_is_closed_while_catching_up_rings_no_more() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    clock.call_at(0, clock.close)
    clock.call_at(0, log("never"))
    running_loop().stall(1)
    await passes()
    assert log.names == ""


@without_waiting
async def test_what_follows_a_ring_is_run_once_for_all_that_rang_and_at_the_present() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    together = log("together")
    for number in range(3):
        clock.call_at(number, lambda: clock.after_ring(together))
    running_loop().stall(1)
    await passes(2)
    assert log.entries == [("together", SECOND)]


@EVERY_PACE
@without_waiting
async def test_what_follows_a_ring_is_run_before_anything_that_is_due_later(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)
    asked: list[bool] = []
    clock.call_at(0, lambda: asked.append(clock.after_ring(log("after"))))
    clock.call_at(HOUR, log("later"))
    await clock.advance(2 * HOUR)
    assert asked == [True]
    assert log.entries == [("after", 0), ("later", HOUR)]


@EVERY_PACE
@without_waiting
async def test_nothing_follows_where_nothing_rings_not_even_while_work_takes_its_first_step(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)
    asked = [clock.after_ring(log("never"))]

    async def step() -> None:
        asked.append(clock.after_ring(log("never")))
        clock.release()

    tasks: list[asyncio.Task[None]] = []

    def begin() -> None:
        clock.hold()
        tasks.append(asyncio.create_task(step()))

    clock.call_at(0, begin)
    await clock.advance(HOUR)
    assert asked == [False, False]
    assert log.names == ""


@without_waiting
async def test_what_follows_a_ring_and_fails_is_told_like_a_timer_that_fails() -> None:
    clock = clock_at()
    told: list[BaseException] = []
    clock.on_error = told.append
    log = Log(clock)

    def fail() -> None:
        raise ValueError("no")

    def ring() -> None:
        clock.after_ring(fail)
        clock.after_ring(log("next"))

    clock.call_at(0, ring)
    await passes()
    assert [str(error) for error in told] == ["no"]
    assert log.names == "next"


@pytest.mark.parametrize("pace", [REAL, Pace(4, 4)], ids=str)
@without_waiting
async def test_no_number_of_timers_makes_time_drift_behind_real_time(pace: Pace) -> None:
    """Each ring is half a timer's gap late: what slipped is made up for as soon as nothing is due."""
    clock = clock_at(pace=pace)
    log = Log(clock)
    for number in range(1, 1001):
        clock.call_at(number * SECOND // 64, log("t"))
    while len(log.entries) < 1000:
        await asyncio.sleep(1 / 64 / pace.idle)
        running_loop().stall(1 / 128 / pace.idle)
        await passes(1)
    await passes()
    assert [instant for _, instant in log.entries] == [number * SECOND // 64 for number in range(1, 1001)]
    assert clock.now() == int(running_loop().time() * pace.idle * SECOND)


@pytest.mark.parametrize(("stall", "slipped"), [(4, 0), (5, 0), (6, 1), (3600, 3595)])
@without_waiting
async def test_a_second_is_owed_at_most(stall: float, slipped: float) -> None:
    """After a longer stall, time has slipped for good: a process that was halted for an hour does not hurry."""
    clock = clock_at(pace=REAL)
    clock.call_at(4 * SECOND, lambda: None)
    running_loop().stall(stall)
    await passes(2)
    assert clock.now() == (stall - slipped) * SECOND


@without_waiting
async def test_where_no_timer_was_in_the_way_nothing_has_slipped() -> None:
    clock = clock_at(pace=compressed(60))
    running_loop().stall(3600)
    assert clock.now() == 60 * HOUR


@without_waiting
async def test_what_slipped_is_made_up_for_no_further_than_to_the_next_timer() -> None:
    clock = clock_at(pace=REAL)
    seen: list[int] = []
    for quarters in (4, 5, 6, 20):
        clock.call_at(quarters * SECOND // 4, lambda: seen.append(clock.now()))
    running_loop().stall(1.75)
    while len(seen) < 3:
        assert clock.now() == clock.next_due()
        await passes(1)
    assert seen == [SECOND, SECOND + SECOND // 4, SECOND + SECOND // 2]
    assert clock.now() == SECOND + SECOND * 3 // 4


@without_waiting
async def test_held_work_sees_no_leap_where_idle_time_is_compressed() -> None:
    """An attempt on the wire has its ten seconds (R1), and not those that slipped before it."""
    clock = clock_at(pace=compressed(60))
    clock.call_at(60 * SECOND, clock.hold)
    running_loop().stall(1.5)
    await passes()
    assert clock.now() == 60 * SECOND
    await asyncio.sleep(10)
    assert clock.now() == 70 * SECOND
    clock.release()
    assert clock.now() == 70 * SECOND + 30 * SECOND


@without_waiting
async def test_in_real_time_held_work_is_made_up_for_as_well() -> None:
    """There time passes for it as it does while idle, and with enough traffic something is always held."""
    clock = clock_at(pace=REAL)
    clock.call_at(SECOND, clock.hold)
    running_loop().stall(1.5)
    await passes()
    assert (clock.now(), clock.holds) == (1_500_000, 1)


@without_waiting
async def test_where_idle_time_is_skipped_nothing_is_owed() -> None:
    clock = clock_at(pace=ELASTIC)
    with clock.holding():
        clock.call_at(4 * SECOND, lambda: None)
        running_loop().stall(4.5)
        await passes()
        assert clock.now() == 4 * SECOND
    clock.call_at(HOUR, clock.hold)
    await passes()
    assert clock.now() == HOUR


@without_waiting
async def test_another_pace_begins_without_debt() -> None:
    clock = clock_at(pace=REAL)
    clock.call_at(SECOND, lambda: None)
    running_loop().stall(1.5)
    clock.set_pace(REAL)
    await passes(2)
    assert clock.now() == SECOND


@without_waiting
async def test_an_advance_ends_the_debt_and_its_end_is_exact() -> None:
    clock = clock_at(pace=REAL)
    clock.call_at(SECOND, lambda: None)
    running_loop().stall(1.5)
    await clock.advance_to(HOUR)
    assert clock.now() == HOUR
    await asyncio.sleep(1)
    assert clock.now() == HOUR + SECOND


@EVERY_PACE
@without_waiting
async def test_time_stands_at_its_instant_while_a_timer_rings(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    seen: list[int] = []

    def slow() -> None:
        for _ in range(3):
            running_loop().stall(7)
            seen.append(clock.now())
            clock.call_at(clock.now() + HOUR, lambda: None)

    clock.call_at(SECOND, slow)
    if pace == PAUSED:
        await clock.advance(SECOND)
    await asyncio.sleep(2)
    assert seen == [SECOND] * 3


@without_waiting
async def test_held_work_begins_at_the_instant_of_the_timer_that_began_it() -> None:
    """However long the timer's function took in real time."""
    clock = clock_at(pace=ELASTIC)

    def slow() -> None:
        clock.hold()
        running_loop().stall(7)

    clock.call_at(SECOND, slow)
    await passes()
    assert (clock.now(), clock.holds) == (SECOND, 1)
    await asyncio.sleep(2)
    assert clock.now() == 3 * SECOND


@pytest.mark.parametrize("pace", [ELASTIC, compressed(64)], ids=str)
@pytest.mark.parametrize("others", [False, True], ids=["alone", "beside other work"])
@without_waiting
async def test_what_a_ring_began_takes_its_first_step_at_the_rings_instant(pace: Pace, *, others: bool) -> None:
    """However long the loop takes to come to it; and it is charged for that: its seconds are counted from here."""
    clock = clock_at(pace=pace)
    if others:
        clock.hold()
    started: list[int] = []
    works: list[asyncio.Task[None]] = []

    async def work() -> None:
        running_loop().stall(0.25)
        started.append(clock.now())

    def begin() -> None:
        clock.hold()
        works.extend(asyncio.create_task(work()) for _ in range(3))

    clock.call_at(SECOND, begin)
    while not works:
        await asyncio.sleep(1 / 64)
    await passes()
    assert started == [SECOND] * 3
    assert clock.now() == SECOND + 750_000


@without_waiting
async def test_timers_of_one_instant_all_ring_there_although_work_takes_its_first_steps_between() -> None:
    clock = clock_at(pace=ELASTIC)
    log = Log(clock)

    def begin(name: str) -> Callable[[], None]:
        def ring() -> None:
            clock.hold()
            log(name)()
            asyncio.get_running_loop().call_soon(running_loop().stall, 0.25)

        return ring

    for name in "abc":
        clock.call_at(SECOND, begin(name))
    clock.call_at(SECOND + 1, log("d"))
    await asyncio.sleep(1)
    assert log.entries == [(name, SECOND) for name in "abc"] + [("d", SECOND + 1)]


@without_waiting
async def test_one_timer_rings_per_pass_of_the_loop() -> None:
    """Sockets are served between any two jumps."""
    clock = clock_at()
    log = Log(clock)
    for instant in range(5):
        clock.call_at(instant, log("t"))
    counts = []
    for _ in range(6):
        counts.append(len(log.entries))
        await passes(1)
    assert counts == [0, 1, 2, 3, 4, 5]


@without_waiting
async def test_a_cancelled_timer_never_rings_and_is_not_due() -> None:
    clock = clock_at()
    log = Log(clock)
    first = clock.call_at(SECOND, log("cancelled"))
    clock.call_at(2 * SECOND, log("kept"))
    assert clock.next_due() == SECOND
    first.cancel()
    assert clock.next_due() == 2 * SECOND
    await passes()
    assert log.entries == [("kept", 2 * SECOND)]
    assert clock.next_due() is None


@without_waiting
async def test_cancelling_a_timer_does_not_hasten_the_next() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)
    first = clock.call_at(SECOND, log("cancelled"))
    clock.call_at(10 * SECOND, log("kept"))
    first.cancel()
    await asyncio.sleep(11)
    assert log.entries == [("kept", 10 * SECOND)]


@without_waiting
async def test_busy_tasks_cannot_put_off_a_timer_that_is_due() -> None:
    clock = clock_at(pace=REAL)
    log = Log(clock)

    async def busy() -> None:
        while not log.entries:
            with clock.holding():
                await passes(1)

    crowd = asyncio.gather(*[busy() for _ in range(3)])
    await passes()
    clock.call_at(0, log("due"))
    await passes()
    assert log.entries == [("due", 0)]
    await crowd


# Holds and the serial rule


@without_waiting
async def test_in_jump_nothing_rings_while_anything_is_held_not_even_what_is_due() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.hold()
    clock.call_at(0, log("due"))
    await asyncio.sleep(5)
    assert log.names == ""
    clock.release()
    await passes()
    assert log.names == "due"


@pytest.mark.parametrize("pace", [ELASTIC, REAL, PAUSED, compressed(60), Pace(0, 60)], ids=str)
@without_waiting
async def test_in_every_other_pace_what_is_due_rings_although_work_is_held(pace: Pace) -> None:
    """R12: one slow subscription never delays another."""
    clock = clock_at(pace=pace)
    log = Log(clock)
    with clock.holding():
        clock.call_at(0, log("due"))
        await passes()
        assert log.names == "due"


@without_waiting
async def test_a_hold_taken_by_a_timer_keeps_the_next_one_of_its_instant() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(SECOND, clock.hold)
    clock.call_at(SECOND, log("second"))
    await asyncio.sleep(1)
    assert (log.names, clock.now(), clock.holds) == ("", SECOND, 1)
    clock.release()
    await passes()
    assert log.entries == [("second", SECOND)]


@without_waiting
async def test_holds_are_counted() -> None:
    clock = clock_at()
    with clock.holding(), clock.holding():
        clock.hold()
        assert clock.holds == 3
        clock.release()
    assert clock.holds == 0


def test_releasing_what_is_not_held_is_a_mistake() -> None:
    with pytest.raises(RuntimeError, match="released more often than it was held"):
        Clock().release()


# Idle


@without_waiting
async def test_idle_waits_for_held_work_and_for_what_is_due_but_not_for_the_future() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)

    def start_work() -> None:
        clock.hold()
        asyncio.get_running_loop().call_later(2, finish_work)

    def finish_work() -> None:
        clock.call_at(0, log("follow-up"))
        clock.call_at(1, log("future"))
        clock.release()

    clock.call_at(0, start_work)
    await clock.idle()
    assert log.names == "follow-up"
    assert running_loop().time() == 2


@without_waiting
async def test_whoever_waits_for_idle_in_jump_still_sees_the_instant() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.hold()
    clock.call_at(HOUR, log("later"))
    seen: list[int] = []

    async def wait() -> None:
        await clock.idle()
        seen.append(clock.now())

    waiting = asyncio.create_task(wait())
    await passes()
    assert seen == []
    clock.release()
    await waiting
    assert seen == [0]
    await passes()
    assert log.entries == [("later", HOUR)]


@without_waiting
async def test_cancelling_the_only_due_timer_makes_the_clock_idle() -> None:
    clock = clock_at(pace=PAUSED)
    timer = clock.call_at(0, lambda: None)
    waiting = asyncio.create_task(clock.idle())
    asyncio.get_running_loop().call_soon(timer.cancel)
    await waiting


@without_waiting
async def test_work_that_is_released_and_taken_up_at_once_is_not_idle() -> None:
    clock = clock_at(pace=PAUSED)
    clock.hold()
    waiting = asyncio.create_task(clock.idle())
    await passes()
    clock.release()
    clock.hold()
    await passes()
    assert not waiting.done()
    clock.release()
    await waiting


# Handing over


@without_waiting
async def test_work_that_hands_over_in_jump_is_followed_by_the_next_timer_at_once() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(HOUR, log("retry"))
    clock.call_at(2 * HOUR, log("later"))
    clock.hold()
    clock.hand_over()
    assert log.entries == [("retry", HOUR)]
    assert clock.holds == 0
    await passes()
    assert log.names == "retry" + "later"


@pytest.mark.parametrize("pace", [ELASTIC, REAL, PAUSED, compressed(60)], ids=str)
@without_waiting
async def test_elsewhere_handing_over_is_a_release(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)
    clock.call_at(0, log("due"))
    clock.hold()
    clock.hand_over()
    assert (log.names, clock.holds) == ("", 0)
    await passes()
    assert log.names == "due"


@without_waiting
async def test_nothing_is_handed_over_while_something_else_is_held() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(HOUR, log("retry"))
    clock.hold()
    clock.hold()
    clock.hand_over()
    await passes()
    assert (log.names, clock.holds) == ("", 1)


@without_waiting
async def test_whoever_waits_for_an_idle_clock_sees_the_instant_before_anything_is_handed_over() -> None:
    clock = clock_at()
    clock.call_at(HOUR, lambda: None)
    clock.hold()
    waiting = asyncio.create_task(clock.idle())
    await passes()
    clock.hand_over()
    assert clock.now() == 0
    await waiting


@without_waiting
async def test_after_so_many_rings_the_loop_has_its_turn() -> None:
    """A wire in memory waits for no socket: everything else must not wait for the end of its ladders."""
    clock = clock_at()
    rung: list[int] = []

    def work() -> None:
        rung.append(clock.now())
        clock.hold()
        clock.call_at(clock.now() + SECOND, work)

    def hand_over() -> None:
        while clock.holds:
            clock.hand_over()

    clock.call_at(0, work)
    await passes(1)
    while not rung:
        await passes(1)
    hand_over()
    assert len(rung) == SPELL + 1
    await passes(1)
    assert len(rung) == SPELL + 2
    hand_over()
    assert len(rung) == 2 * (SPELL + 1)


def test_nothing_can_be_handed_over_that_is_not_held() -> None:
    with pytest.raises(RuntimeError, match="nothing holds the clock"):
        Clock().hand_over()


# Pace


async def test_a_pace_that_a_timer_sets_counts_from_that_timers_instant() -> None:
    """However long the ring takes in real time: a clock that is paused at an instant stands at that instant."""
    real = [0.0]
    clock = Clock(START, REAL, real=lambda: real[0])

    def pause() -> None:
        real[0] += 5
        clock.set_pace(PAUSED)

    clock.call_at(START, pause)
    await passes()
    assert clock.now() == START


# Advancing


@EVERY_PACE
@without_waiting
async def test_an_advance_rings_every_timer_on_the_way_and_stops_exactly(pace: Pace) -> None:
    clock = clock_at(START, pace)
    clock.hold()  # so that no pace goes ahead by itself
    log = Log(clock)
    for hours in (1, 2, 2, 3):
        clock.call_at(START + hours * HOUR, log(str(hours)))
    clock.release()
    await clock.advance_to(START + 2 * HOUR)
    assert clock.now() == START + 2 * HOUR
    assert log.entries == [(str(hours), START + hours * HOUR) for hours in (1, 2, 2)]
    assert clock.pace == pace
    assert running_loop().time() == 0


@EVERY_PACE
@without_waiting
async def test_an_advance_includes_what_its_last_instant_brings_about(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)

    def chain() -> None:
        log("a")()
        clock.call_at(SECOND, log("b"), order=5)

    clock.call_at(SECOND, chain)
    await clock.advance(SECOND)
    assert log.names == "ab"


@EVERY_PACE
@without_waiting
async def test_an_advance_waits_for_held_work_and_does_not_pass_its_end_meanwhile(pace: Pace) -> None:
    clock = clock_at(pace=pace)
    log = Log(clock)

    def start_work() -> None:
        clock.hold()
        asyncio.get_running_loop().call_later(10, finish_work)

    def finish_work() -> None:
        clock.call_at(clock.now(), log("follow-up"))
        clock.release()

    clock.call_at(2 * SECOND, start_work)
    await clock.advance(3 * SECOND)
    expected = 3 * SECOND if pace.busy else 2 * SECOND
    assert log.entries == [("follow-up", expected)]
    assert (clock.now(), clock.holds) == (3 * SECOND, 0)
    assert running_loop().time() == 10


@without_waiting
async def test_a_paused_clock_being_advanced_obeys_the_serial_rule() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.hold()
    clock.call_at(0, log("due"))
    advance = asyncio.create_task(clock.advance(HOUR))
    await passes()
    assert log.names == "due"  # it was due before anybody advanced the clock
    clock.call_at(0, log("next"))
    await asyncio.sleep(5)
    assert log.names == "due"
    clock.release()
    await advance
    assert log.entries == [("due", 0), ("next", 0)]
    assert clock.now() == HOUR


@without_waiting
async def test_after_an_advance_a_paused_clock_stands_again() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.call_at(HOUR + 1, log("beyond"))
    await clock.advance(HOUR)
    await asyncio.sleep(100)
    assert (log.names, clock.now()) == ("", HOUR)


@without_waiting
async def test_after_an_advance_a_jumping_clock_goes_on_once_the_caller_has_seen_the_instant() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(2 * HOUR, log("beyond"))
    await clock.advance(HOUR)
    assert (log.names, clock.now()) == ("", HOUR)
    await passes()
    assert log.entries == [("beyond", 2 * HOUR)]


@without_waiting
async def test_advances_may_overlap() -> None:
    clock = clock_at(pace=PAUSED)
    ends: list[int] = []

    async def advance(micros: int) -> None:
        await clock.advance_to(micros)
        ends.append(clock.now())

    far, near, same = (asyncio.create_task(advance(hours * HOUR)) for hours in (3, 1, 3))
    await asyncio.gather(far, near, same)
    assert sorted(ends) == ends
    assert clock.now() == 3 * HOUR
    assert ends.count(3 * HOUR) >= 2
    await asyncio.sleep(10)
    assert clock.now() == 3 * HOUR


@EVERY_PACE
@without_waiting
async def test_the_clock_is_never_advanced_back(pace: Pace) -> None:
    clock = clock_at(START, pace)
    with pytest.raises(ValueError, match=f"stands at {START} and cannot be advanced back to {START - 1}"):
        await clock.advance_to(START - 1)
    with pytest.raises(ValueError, match="cannot be advanced back"):
        await clock.advance(-1)
    assert clock.now() == START


@without_waiting
async def test_an_advance_of_nothing_rings_what_is_due() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.call_at(0, log("due"))
    await clock.advance(0)
    assert log.names == "due"


@without_waiting
async def test_an_advance_that_is_cancelled_leaves_the_pace_as_it_was() -> None:
    clock = clock_at(pace=PAUSED)
    log = Log(clock)
    clock.call_at(SECOND, clock.hold)
    clock.call_at(2 * SECOND, log("beyond"))
    advance = asyncio.create_task(clock.advance(HOUR))
    await asyncio.sleep(5)
    advance.cancel()
    with pytest.raises(asyncio.CancelledError):
        await advance
    clock.release()
    await asyncio.sleep(5)
    assert (log.names, clock.now(), clock.pace, clock.next_due()) == ("", SECOND, PAUSED, 2 * SECOND)


@without_waiting
async def test_a_pace_set_during_an_advance_holds_after_it() -> None:
    clock = clock_at(pace=PAUSED)
    clock.call_at(SECOND, lambda: clock.set_pace(REAL))
    await clock.advance(HOUR)
    assert running_loop().time() == 0
    await asyncio.sleep(2)
    assert clock.now() == HOUR + 2 * SECOND


# The end


@without_waiting
async def test_a_closed_clock_rings_no_more_and_takes_no_timers() -> None:
    clock = clock_at()
    log = Log(clock)
    clock.call_at(HOUR, log("never"))
    clock.close()
    clock.hold()
    clock.release()
    await asyncio.sleep(5)
    assert (log.names, clock.now()) == ("", 0)
    with pytest.raises(RuntimeError, match="closed"):
        clock.call_at(0, log("never"))
    with pytest.raises(RuntimeError, match="closed"):
        await clock.advance(1)
    with clock.holding(), pytest.raises(RuntimeError, match="closed"):
        await clock.idle()


@without_waiting
async def test_closing_cancels_whoever_still_waits() -> None:
    clock = clock_at(pace=PAUSED)
    with clock.holding():
        waiting = [asyncio.create_task(it) for it in (clock.idle(), clock.advance(HOUR))]
        await passes()
        clock.close()
        await asyncio.wait(waiting)
        assert all(task.cancelled() for task in waiting)
        assert clock.holds == 1


def test_a_clock_serves_one_loop_after_another() -> None:
    """Which is what a synchronous user of the clock does: one loop for each step."""
    clock = Clock()
    log = Log(clock)

    async def step() -> None:
        clock.call_at(clock.now() + SECOND, log("t"))
        await passes()

    asyncio.run(step())
    asyncio.run(step())
    assert log.entries == [("t", SECOND), ("t", 2 * SECOND)]


def test_an_infinite_rate_is_never_that_of_a_busy_clock() -> None:
    with pytest.raises(ValueError, match="finite"):
        Clock(pace=Pace(inf, inf))
