"""`clock/agenda`: entries run at their instants, one after another, and hold the clock until they have run."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patient_loop import clock_at, passes, run, running_loop, without_waiting

from simulator.clock.agenda import Agenda
from simulator.clock.clock import Clock
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, REAL, Pace, compressed

SECOND = 1_000_000
HOUR = 3600 * SECOND
DAY = 24 * HOUR
START = 1_772_816_400 * SECOND  # Friday 2026-03-06 17:00 UTC


class Log:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.entries: list[tuple[str, int]] = []

    def plain(self, name: str) -> Callable[[], None]:
        return lambda: self.entries.append((name, self.clock.now() - START))

    def slow(self, name: str, seconds: float = 2) -> Callable[[], Awaitable[None]]:
        async def run() -> None:
            self.plain(name + "<")()
            await asyncio.sleep(seconds)
            self.plain(name + ">")()

        return run

    @property
    def names(self) -> str:
        return "".join(name for name, _ in self.entries)

    @property
    def instants(self) -> list[int]:
        return [instant for _, instant in self.entries]


def ready(pace: Pace = PAUSED, order: int = 0) -> tuple[Clock, Agenda, Log]:
    clock = clock_at(START, pace)
    agenda = Agenda(clock, order)
    agenda.start()
    return clock, agenda, Log(clock)


EVERY_PACE = pytest.mark.parametrize("pace", [JUMP, ELASTIC, REAL, PAUSED, compressed(60)], ids=str)


@EVERY_PACE
@without_waiting
async def test_an_entry_runs_once_at_its_instant(pace: Pace) -> None:
    clock, agenda, log = ready(pace)
    agenda.at(START + HOUR, log.plain("step"), name="step")
    await clock.advance(2 * HOUR)
    assert log.entries == [("step", HOUR)]


@EVERY_PACE
@without_waiting
async def test_a_coroutine_function_runs_as_well_and_is_waited_for(pace: Pace) -> None:
    clock, agenda, log = ready(pace)
    agenda.at(START + HOUR, log.slow("s"), name="step")
    await clock.advance(2 * HOUR)
    assert log.entries == [("s<", HOUR), ("s>", HOUR + (2 * SECOND if pace.busy else 0))]


@without_waiting
async def test_a_plain_function_runs_in_the_event_loop() -> None:
    """APScheduler would run it in a thread, where nothing holds the clock for what it starts."""
    clock, agenda, _ = ready()
    loops: list[asyncio.AbstractEventLoop] = []
    agenda.at(START, lambda: loops.append(asyncio.get_running_loop()), name="step")
    await clock.advance(0)
    assert loops == [running_loop()]


@without_waiting
async def test_entries_of_one_instant_run_first_in_first_out_whatever_their_kind() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("a"), name="cadence")
    for letter in "zyxwvutsrq":
        agenda.at(START + HOUR, log.plain(letter), name=letter)
    agenda.cron("0 18 * * *", log.plain("b"), name="daily")
    await clock.advance(HOUR)
    assert log.entries == [(letter, HOUR) for letter in "azyxwvutsrqb"]


@without_waiting
async def test_several_slow_entries_of_one_instant_all_run_at_that_instant() -> None:
    clock, agenda, log = ready(JUMP)
    for letter, seconds in [("a", 3), ("b", 1), ("c", 2)]:
        agenda.at(START + HOUR, log.slow(letter, seconds), name=letter)
    clock.call_at(START + HOUR + 1, log.plain("!"))
    await clock.advance(2 * HOUR)
    assert log.names == "a<b<c<b>c>a>!"
    assert log.instants == [HOUR] * 6 + [HOUR + 1]


@without_waiting
async def test_an_instant_in_the_past_means_now() -> None:
    clock, agenda, log = ready()
    agenda.at(START - HOUR, log.plain("late"), name="late")
    await clock.idle()
    assert log.entries == [("late", 0)]


@without_waiting
async def test_an_entry_may_add_an_entry_for_its_own_instant() -> None:
    clock, agenda, log = ready()

    def first() -> None:
        log.plain("a")()
        agenda.at(clock.now(), log.plain("b"), name="second")

    agenda.at(START + HOUR, first, name="first")
    await clock.advance(HOUR)
    assert log.entries == [("a", HOUR), ("b", HOUR)]


@without_waiting
async def test_entries_added_before_the_start_run_in_the_same_order() -> None:
    clock = clock_at(START, PAUSED)
    agenda, log = Agenda(clock), Log(clock)
    for letter in "cab":
        agenda.at(START + HOUR, log.plain(letter), name=letter)
    agenda.start()
    await clock.advance(HOUR)
    assert log.names == "cab"


@pytest.mark.parametrize(("order", "expected"), [(-1, "entry,timer"), (0, "timer,entry"), (1, "timer,entry")])
@without_waiting
async def test_the_agenda_has_its_place_among_the_timers_of_an_instant(order: int, expected: str) -> None:
    """R13. Held work of an entry is done before the next timer of the instant rings."""
    clock, agenda, log = ready(order=order)
    clock.call_at(START + HOUR, log.plain("timer"))
    agenda.at(START + HOUR, log.plain("entry"), name="entry")
    await clock.advance(HOUR)
    assert ",".join(name for name, _ in log.entries) == expected


@without_waiting
async def test_in_jump_no_entry_runs_while_work_is_held_not_even_one_that_is_due() -> None:
    clock, agenda, log = ready(JUMP)
    with clock.holding():
        agenda.at(START, log.plain("due"), name="due")
        await asyncio.sleep(5)
        assert log.entries == []
    await passes(4)
    assert log.entries == [("due", 0)]


# Cadences


@without_waiting
async def test_a_cadence_begins_one_period_from_now() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("tick"), name="tick")
    await clock.advance(3 * HOUR)
    assert log.instants == [HOUR, 2 * HOUR, 3 * HOUR]


@without_waiting
async def test_a_cadence_begins_where_it_is_told_and_ends_with_its_last_instant() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("tick"), name="tick", start=START, until=START + 2 * HOUR)
    await clock.advance(5 * HOUR)
    assert log.instants == [0, HOUR, 2 * HOUR]
    assert clock.next_due() is None


@without_waiting
async def test_a_cadence_taken_up_again_after_a_restart_keeps_its_beat() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("a"), name="a", start=START - 5 * HOUR // 2)
    agenda.every(HOUR, log.plain("b"), name="b", start=START - 2 * HOUR)
    await clock.advance(HOUR)
    assert log.entries == [("b", 0), ("a", HOUR // 2), ("b", HOUR)]


@without_waiting
async def test_a_cadence_whose_entries_overlap_loses_none() -> None:
    clock, agenda, log = ready(ELASTIC)
    agenda.every(SECOND, log.slow("s", 3.5), name="slow", until=START + 10 * SECOND)
    await clock.advance(20 * SECOND)
    assert [instant for name, instant in log.entries if name == "s<"] == [n * SECOND for n in range(1, 11)]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(1, 10**13), st.integers(-(10**13), 10**13), st.integers(0, 30))
def test_cadences_are_exact_to_the_microsecond(period: int, offset: int, count: int) -> None:
    """Whatever the period: nothing drifts, nothing is left out, nothing comes twice."""

    async def play() -> list[int]:
        clock, agenda, log = ready()
        first = offset if offset >= 0 else offset % period
        agenda.every(period, log.plain("t"), name="t", start=START + offset, until=START + first + count * period)
        await clock.advance(first + (count + 2) * period)
        return [instant - first for instant in log.instants]

    assert run(play()) == [number * period for number in range(count + 1)]


@pytest.mark.parametrize("period", [0, -1])
@without_waiting
async def test_a_cadence_needs_a_period(period: int) -> None:
    _, agenda, log = ready()
    with pytest.raises(ValueError, match=f"'tick' is to run every {period} µs"):
        agenda.every(period, log.plain("tick"), name="tick")


# Cron


@without_waiting
async def test_nine_o_clock_on_working_days_over_two_weeks_in_jump() -> None:
    clock, agenda, log = ready(JUMP)
    agenda.cron("0 9 * * 1-5", log.plain("asset"), name="asset_created", until=START + 14 * DAY)
    agenda.every(HOUR, lambda: None, name="other", until=START + 14 * DAY)
    while clock.next_due() is not None or clock.holds:
        await passes(1)
    rung = [datetime.fromtimestamp((START + instant) / SECOND, UTC) for instant in log.instants]
    days = zip(["Mon", "Tue", "Wed", "Thu", "Fri"] * 2, [9, 10, 11, 12, 13, 16, 17, 18, 19, 20], strict=True)
    assert [f"{instant:%a %d %H:%M:%S.%f}" for instant in rung] == [
        f"{name} {day:02d} 09:00:00.000000" for name, day in days
    ]
    assert running_loop().time() == 0


@without_waiting
async def test_a_line_that_is_no_crontab_line_is_refused_when_it_is_added() -> None:
    _, agenda, log = ready()
    with pytest.raises(ValueError, match="crontab line '9 o clock'"):
        agenda.cron("9 o clock", log.plain("never"), name="never")


# Removing and stopping


@without_waiting
async def test_a_removed_entry_runs_no_more_and_the_clock_forgets_its_instant() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("a"), name="gone")
    agenda.at(START + HOUR, log.plain("b"), name="gone")
    agenda.at(START + 3 * HOUR, log.plain("c"), name="kept")
    assert clock.next_due() == START + HOUR
    assert agenda.remove("gone") == 2
    assert clock.next_due() == START + 3 * HOUR
    assert agenda.remove("gone") == 0
    await clock.advance(DAY)
    assert log.entries == [("c", 3 * HOUR)]
    assert agenda.remove("kept") == 0


@without_waiting
async def test_an_entry_may_be_removed_before_the_start_and_by_itself() -> None:
    clock = clock_at(START, PAUSED)
    agenda, log = Agenda(clock), Log(clock)
    agenda.at(START, log.plain("never"), name="never")
    assert agenda.remove("never") == 1

    def thrice() -> None:
        log.plain("t")()
        if len(log.entries) == 3:
            agenda.remove("thrice")

    agenda.every(HOUR, thrice, name="thrice")
    agenda.start()
    await clock.advance(DAY)
    assert log.instants == [HOUR, 2 * HOUR, 3 * HOUR]


@without_waiting
async def test_stopping_ends_what_is_running_and_leaves_nothing_held_or_due() -> None:
    clock, agenda, log = ready(ELASTIC)
    failures: list[BaseException] = []
    agenda.on_error = failures.append
    agenda.at(START, log.slow("s", 100), name="slow")
    agenda.every(HOUR, log.plain("tick"), name="tick")
    await asyncio.sleep(1)
    assert (log.names, clock.holds) == ("s<", 1)
    await agenda.stop()
    assert (clock.holds, clock.next_due(), failures) == (0, None, [])
    await asyncio.sleep(1000)
    assert log.names == "s<"


@without_waiting
async def test_stopping_waits_for_entries_that_clean_up() -> None:
    clock, agenda, log = ready()

    async def careful() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(1)
            log.plain("clean")()

    agenda.at(START, careful, name="careful")
    advance = asyncio.create_task(clock.advance(0))
    await asyncio.sleep(1)
    await agenda.stop()
    assert log.names == "clean"
    await advance


@without_waiting
async def test_an_agenda_that_was_stopped_leaves_no_wake_up_behind() -> None:
    clock, agenda, log = ready()
    agenda.every(HOUR, log.plain("tick"), name="tick")
    await agenda.stop()
    assert clock.next_due() is None


@pytest.mark.parametrize("order", [-1, 1])
@without_waiting
async def test_stopping_in_the_pass_in_which_an_entry_is_due_leaves_nothing_held(order: int) -> None:
    clock, agenda, log = ready()
    stopping: list[asyncio.Task[None]] = []
    agenda.at(START, log.slow("s"), name="slow")
    clock.call_at(START, lambda: stopping.append(asyncio.create_task(agenda.stop())), order)
    await clock.idle()
    assert len(stopping) == 1
    await stopping[0]
    assert clock.holds == 0


@without_waiting
async def test_stopping_twice_or_before_the_start_is_no_fault() -> None:
    _, agenda, _ = ready()
    await agenda.stop()
    await agenda.stop()
    await Agenda(clock_at()).stop()


@without_waiting
async def test_an_agenda_that_was_stopped_before_its_first_entry_never_runs_one() -> None:
    clock, agenda, log = ready()
    await agenda.stop()
    agenda.at(START, log.plain("late"), name="late")
    assert clock.next_due() is None
    assert log.names == ""


# Failing


@pytest.mark.parametrize("kind", ["plain", "coroutine"])
@without_waiting
async def test_a_failing_entry_reaches_on_error_and_the_clock_goes_on(kind: str) -> None:
    clock, agenda, log = ready()
    failures: list[BaseException] = []
    agenda.on_error = failures.append
    fault = ZeroDivisionError(kind)

    def plain() -> None:
        raise fault

    async def coroutine() -> None:
        await passes()
        raise fault

    agenda.at(START + HOUR, plain if kind == "plain" else coroutine, name="bad")
    agenda.at(START + 2 * HOUR, log.plain("good"), name="good")
    await clock.advance(3 * HOUR)
    assert failures == [fault]
    assert (log.entries, clock.holds) == ([("good", 2 * HOUR)], 0)


@without_waiting
async def test_without_on_error_a_failure_reaches_the_loop_with_the_name_of_the_entry() -> None:
    clock, agenda, _ = ready()
    contexts: list[dict[str, object]] = []
    running_loop().set_exception_handler(lambda _, context: contexts.append(context))
    agenda.at(START, lambda: 1 / 0, name="step 3")
    await clock.advance(0)
    assert [context["message"] for context in contexts] == ["agenda entry 'step 3' failed"]
    assert isinstance(contexts[0]["exception"], ZeroDivisionError)
