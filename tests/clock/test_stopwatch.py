"""`clock/stopwatch`: the few uses of real time."""

import asyncio
import re
from datetime import UTC, datetime

from patient_loop import clock_at, running_loop, without_waiting

from simulator.clock.pace import PAUSED
from simulator.clock.stopwatch import Stopwatch, after_real, wall_time_iso


def test_a_stopwatch_counts_whole_real_microseconds() -> None:
    ticks = iter([5_000_000_500, 5_000_000_500, 5_000_003_499, 5_010_000_500])
    watch = Stopwatch(lambda: next(ticks))
    assert [watch.elapsed_us() for _ in range(3)] == [0, 2, 10_000]


def test_a_stopwatch_never_runs_backwards() -> None:
    watch = Stopwatch()
    readings = [watch.elapsed_us() for _ in range(1000)]
    assert readings == sorted(readings)
    assert readings[0] >= 0


@without_waiting
async def test_real_seconds_pass_whatever_the_virtual_clock_does() -> None:
    clock = clock_at(pace=PAUSED)
    rung: list[float] = []
    after_real(0.005, lambda: rung.append(running_loop().time()))
    after_real(0.004, lambda: rung.append(-1)).cancel()
    await asyncio.sleep(1)
    assert rung == [0.005]
    assert clock.now() == 0


def test_wall_time_is_iso_in_utc_to_the_millisecond() -> None:
    before = datetime.now(UTC)
    text = wall_time_iso()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", text)
    assert (datetime.fromisoformat(text) - before).total_seconds() > -0.001
