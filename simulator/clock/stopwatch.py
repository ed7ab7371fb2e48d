"""Real time, for the few who may not live in virtual time: durations, grouped commits and log lines.

Out go microseconds, a handle of the loop, and text. Nothing here may reach a record that is compared
between two runs.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime


class Stopwatch:
    """Real microseconds since it was made; `ticks` reads real nanoseconds."""

    __slots__ = ("_start", "_ticks")

    def __init__(self, ticks: Callable[[], int] = time.perf_counter_ns) -> None:
        self._ticks = ticks
        self._start = ticks()

    def elapsed_us(self) -> int:
        return (self._ticks() - self._start) // 1000


def after_real(seconds: float, run: Callable[[], None]) -> asyncio.TimerHandle:
    """Run `run` on the running loop when so many real seconds have passed, whatever the virtual clock does."""
    return asyncio.get_running_loop().call_later(seconds, run)


async def breathe(seconds: float = 0) -> None:
    """Let everything else take its turn, for so many real seconds: between the pieces of long work."""
    await asyncio.sleep(seconds)


def wait_real(seconds: float) -> None:
    """Block this thread for so many real seconds: for programs that run no event loop."""
    time.sleep(seconds)


def wall_time_iso() -> str:
    """Real time in UTC, for a log line: `2026-03-06T17:00:00.123Z`."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
