"""`clock/clock` against an independent model: timers, chains of them, cancellations and held work.

All lengths are multiples of 1/64 s, which real seconds hold exactly, so that every comparison is exact.
"""

import asyncio
from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from heapq import heappop, heappush

from hypothesis import given, settings
from hypothesis import strategies as st
from patient_loop import clock_at, run, running_loop

from simulator.clock.clock import Clock, Timer
from simulator.clock.pace import ELASTIC, JUMP, PAUSED, REAL, Pace, compressed

TICK = 15_625
START = 1_772_816_400_000_000
Ring = tuple[int, int]  # number, in order of being set, and instant


@dataclass(frozen=True)
class Plan:
    """A timer to be set `delay` ticks from the present, and what its ring brings about."""

    delay: int
    order: int
    chain: tuple["Plan", ...] = ()
    cancels: int | None = None
    works: int | None = None
    after_work: tuple["Plan", ...] = ()


@st.composite
def programs(draw: st.DrawFn) -> tuple[Plan, ...]:
    """Up to thirty timers, each set at the start, by an earlier one, or by work that an earlier one began."""
    steps = draw(st.lists(STEPS, min_size=draw(st.integers(0, 20)), max_size=30))
    chains: list[list[Plan]] = [[] for _ in range(len(steps) + 1)]
    after_works: list[list[Plan]] = [[] for _ in range(len(steps) + 1)]
    for place in range(len(steps), 0, -1):
        step = steps[place - 1]
        plan = Plan(step.delay, step.order, tuple(chains[place]), step.cancels, step.works, tuple(after_works[place]))
        parent = step.parent % place  # 0 is the start
        (after_works if parent and step.after_work else chains)[parent].append(plan)
    return tuple(chains[0])


@dataclass(frozen=True)
class Step:
    delay: int
    order: int
    cancels: int | None
    works: int | None
    parent: int
    after_work: bool


STEPS = st.builds(
    Step,
    delay=st.integers(-2, 12),
    order=st.integers(-1, 1),
    cancels=st.none() | st.integers(0, 30),
    works=st.none() | st.integers(0, 6),
    parent=st.integers(0, 30),
    after_work=st.booleans(),
)
PROGRAMS = programs()


def serial_model(program: tuple[Plan, ...]) -> list[Ring]:
    """What rings where nothing happens but one thing after another."""
    now, number = START, 0
    rings: list[Ring] = []
    waiting: list[tuple[int, int, int, Plan]] = []
    cancelled: set[int] = set()

    def add(plans: tuple[Plan, ...]) -> None:
        nonlocal number
        for plan in plans:
            heappush(waiting, (now + max(plan.delay, 0) * TICK, plan.order, number, plan))
            number += 1

    add(program)
    while waiting:
        when, _, this, plan = heappop(waiting)
        if this in cancelled:
            continue
        now = when
        rings.append((this, when))
        add(plan.chain)
        if plan.cancels is not None and plan.cancels < number:
            cancelled.add(plan.cancels)
        add(plan.after_work)
    return rings


class Play:
    """A program played on a clock, which is watched at every ring."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.rings: list[Ring] = []
        self.timers: list[Timer] = []
        self.due: dict[int, tuple[int, int, int]] = {}
        self.latest = clock.now()
        self.working = 0

    def add(self, plans: tuple[Plan, ...]) -> None:
        for plan in plans:
            number, now = len(self.timers), self.seen()
            self.due[number] = (now + max(plan.delay, 0) * TICK, plan.order, number)
            self.timers.append(
                self.clock.call_at(now + plan.delay * TICK, partial(self.ring, number, plan), plan.order)
            )

    def seen(self) -> int:
        now = self.clock.now()
        assert now >= self.latest, "time went back"
        self.latest = now
        return now

    def ring(self, number: int, plan: Plan) -> None:
        assert self.due[number] == min(self.due.values()), "an earlier timer is still waiting"
        when, _, _ = self.due.pop(number)
        assert self.seen() == when, "not at its instant"
        assert not (self.working and self.clock.pace.serial), "rang while work was held"
        self.rings.append((number, when))
        self.add(plan.chain)
        if plan.cancels is not None and plan.cancels < len(self.timers):
            self.timers[plan.cancels].cancel()
            self.due.pop(plan.cancels, None)
        if plan.works is None:
            self.add(plan.after_work)
        else:
            self.work(plan.works, plan.after_work)

    def work(self, ticks: int, after: tuple[Plan, ...]) -> None:
        began = self.seen()
        self.working += 1
        self.clock.hold()

        def finish() -> None:
            rate = 0 if self.clock.pace.serial else self.clock.pace.busy
            assert self.seen() == began + ticks * TICK * rate, "time did not run at the rate of held work"
            self.add(after)
            self.working -= 1
            self.clock.release()

        asyncio.get_running_loop().call_later(ticks / 64, finish)

    async def to_the_end(self) -> None:
        while self.due or self.working:
            await asyncio.sleep(1 / 64)
            self.seen()


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PROGRAMS)
def test_in_jump_everything_happens_in_the_order_of_the_model(program: tuple[Plan, ...]) -> None:
    async def play() -> list[Ring]:
        playing = Play(clock_at(START, JUMP))
        playing.add(program)
        await playing.to_the_end()
        return playing.rings

    assert run(play()) == serial_model(program)


@settings(max_examples=120, deadline=None, derandomize=True)
@given(PROGRAMS, st.lists(st.integers(0, 40), max_size=5).map(sorted))
def test_a_paused_clock_stops_where_it_is_told_with_all_rung_that_the_model_rings(
    program: tuple[Plan, ...], stops: list[int]
) -> None:
    async def play() -> None:
        clock = clock_at(START, PAUSED)
        playing = Play(clock)
        playing.add(program)
        expected = serial_model(program)
        for stop in (START + ticks * TICK for ticks in stops):
            await clock.advance_to(stop)
            assert (clock.now(), clock.holds, clock.pace) == (stop, 0, PAUSED)
            assert playing.rings == [ring for ring in expected if ring[1] <= stop]
            await asyncio.sleep(1)
            assert clock.now() == stop

    run(play())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(PROGRAMS, st.sampled_from([ELASTIC, REAL, compressed(64)]))
def test_where_work_overlaps_every_timer_still_rings_in_order_and_at_its_instant(
    program: tuple[Plan, ...], pace: Pace
) -> None:
    async def play() -> None:
        playing = Play(clock_at(START, pace))
        playing.add(program)
        await playing.to_the_end()
        assert playing.clock.now() - START <= running_loop().time() * pace.idle * 1_000_000 or pace == ELASTIC
        assert not any(timer.pending for timer in playing.timers)

    run(play())


@settings(max_examples=120, deadline=None, derandomize=True)
@given(PROGRAMS, st.sampled_from([JUMP, ELASTIC, REAL, compressed(64), PAUSED]), st.integers(0, 40))
def test_an_advance_ends_at_its_instant_with_nothing_held_and_nothing_due(
    program: tuple[Plan, ...], pace: Pace, ticks: int
) -> None:
    async def play() -> None:
        clock = clock_at(START, pace)
        due: list[int] = []

        def add(plans: tuple[Plan, ...]) -> None:
            for plan in plans:
                when = clock.now() + max(plan.delay, 0) * TICK
                due.append(when)
                clock.call_at(when, partial(ring, plan, when), plan.order)

        def ring(plan: Plan, when: int) -> None:
            assert clock.now() == when
            due.remove(when)
            add(plan.chain)
            clock.hold()
            asyncio.get_running_loop().call_later((plan.works or 0) / 64, finish, plan)

        def finish(plan: Plan) -> None:
            add(plan.after_work)
            clock.release()

        add(program)
        end = START + ticks * TICK
        await clock.advance_to(end)
        assert (clock.now(), clock.holds) == (end, 0)
        assert all(when > end for when in due)

    run(play())


SPAN = 64 * 8  # ticks that a stalled play lasts
DUE = st.lists(st.integers(1, SPAN // 2).map(lambda half: 2 * half), max_size=30).map(sorted)


@st.composite
def stalls_of(draw: st.DrawFn, longest: int) -> list[tuple[int, int]]:
    """When each begins and how long it is: with time between any two, and never where a timer is due."""
    stalls, at = [], -1
    for gap, ticks in draw(st.lists(st.tuples(st.integers(1, 60), st.integers(1, longest)), max_size=8)):
        at += 2 * gap
        stalls.append((at, ticks))
        at += 2 * ticks
    return stalls


HELD = st.lists(st.tuples(st.integers(0, SPAN), st.integers(0, 60)), max_size=6)


class Stalled:
    """A clock on a loop that is kept busy now and then, with timers that do nothing and work that is held."""

    def __init__(self, pace: Pace, due: list[int], stalls: list[tuple[int, int]], held: list[tuple[int, int]]) -> None:
        self.clock = clock_at(START, pace)
        self.loop = running_loop()
        self.rings: list[int] = []
        self.stalled: list[tuple[float, float]] = []  # from, to
        self.changes: list[tuple[float, int]] = [(self.loop.time(), 0)]  # when, how many are held from then on
        for ticks in due:
            self.clock.call_at(START + ticks * TICK * int(pace.idle), self.ring)
        for begin, ticks in stalls:
            self.loop.call_later(begin / 64, self.stall, ticks)
        for begin, ticks in held:
            self.loop.call_later(begin / 64, self.hold, ticks)

    def ring(self) -> None:
        self.rings.append(self.clock.now())

    def stall(self, ticks: int) -> None:
        begun = self.loop.time()
        self.loop.stall(ticks / 64)
        self.stalled.append((begun, self.loop.time()))

    def hold(self, ticks: int) -> None:
        self.clock.hold()
        self.changes.append((self.loop.time(), self.clock.holds))
        self.loop.call_later(ticks / 64, self.release, self.loop.time(), self.clock.now())

    def release(self, began: float, instant: int) -> None:
        assert self.clock.now() - instant <= (self.loop.time() - began) * 1_000_000 or self.clock.pace.steady
        self.clock.release()
        self.changes.append((self.loop.time(), self.clock.holds))

    async def settle(self) -> None:
        """Until every timer that is due has rung; then nothing is owed that could be paid."""
        for _ in range(3 * len(self.rings) + 100):
            await asyncio.sleep(0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(DUE, stalls_of(longest=100), HELD)
def test_real_time_on_a_stalled_loop_is_the_line_bent_where_more_than_a_second_was_missed(
    due: list[int], stalls: list[tuple[int, int]], held: list[tuple[int, int]]
) -> None:
    """The model knows stalls and due instants only: what is held must make no difference."""

    def line(real: float, stalled: list[tuple[float, float]]) -> float:
        now, at = 0.0, 0.0
        for begun, ended in stalled:
            now, at = now + begun - at, begun
            first = bisect_right(due, now * 64)
            missed = now + ended - begun
            if first < len(due) and due[first] / 64 < missed:
                missed = min(missed, due[first] / 64 + 1)
            now, at = missed, ended
        return now + real - at

    async def play() -> None:
        playing = Stalled(REAL, due, stalls, held)
        for _ in range(80):
            await asyncio.sleep(26 / 64)
            await playing.settle()
            real = running_loop().time()
            assert playing.clock.now() == START + int(line(real, playing.stalled) * 1_000_000)
        assert playing.rings == [START + ticks * TICK for ticks in due]

    run(play())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(DUE, stalls_of(longest=7), HELD)
def test_compressed_time_on_a_stalled_loop_loses_nothing_and_never_leaps_for_held_work(
    due: list[int], stalls: list[tuple[int, int]], held: list[tuple[int, int]]
) -> None:
    """Each stretch counts at its own rate. The stalls of a play are no longer than what may be owed."""

    async def play() -> None:
        pace = compressed(64)
        playing = Stalled(pace, due, stalls, held)
        await asyncio.sleep(SPAN / 64 * 5)
        await playing.settle()
        changes = [*playing.changes, (running_loop().time(), 0)]
        rates = [pace.busy if holds else pace.idle for _, holds in changes]
        line = sum((after[0] - at[0]) * rate for at, after, rate in zip(changes, changes[1:], rates, strict=False))
        assert playing.clock.now() == START + int(line * 1_000_000)

    run(play())
