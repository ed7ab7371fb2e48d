"""An event loop for tests in which waiting costs nothing: its seconds pass only where it would have waited.

Pauses are exact, a deadlock shows at once, and a failure inside a callback fails the test.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from simulator.clock.clock import Clock
from simulator.clock.pace import JUMP, Pace

P = ParamSpec("P")
T = TypeVar("T")


class Deadlock(Exception):
    """Everybody waits and nothing can ever happen."""


class _Selector(selectors.DefaultSelector):
    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise Deadlock
        self.seconds += max(timeout, 0)
        return super().select(0)


class PatientLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._patience = _Selector()
        self.failures: list[BaseException] = []
        super().__init__(self._patience)
        self.set_exception_handler(lambda _, context: self.failures.append(context["exception"]))

    def time(self) -> float:
        return self._patience.seconds

    def stall(self, seconds: float) -> None:
        """So many seconds pass while the loop is busy with something else."""
        self._patience.seconds += seconds


def running_loop() -> PatientLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, PatientLoop)
    return loop


def clock_at(start: int = 0, pace: Pace = JUMP) -> Clock:
    """A clock whose real time is the patient loop's."""
    return Clock(start, pace, real=asyncio.get_running_loop().time)


async def passes(count: int = 3) -> None:
    """Let the loop turn a few times without any time passing."""
    for _ in range(count):
        await asyncio.sleep(0)


def run(main: Awaitable[T]) -> T:
    async def whole() -> T:
        return await main

    with asyncio.Runner(loop_factory=PatientLoop) as runner:
        returned = runner.run(whole())
        loop = runner.get_loop()
        assert isinstance(loop, PatientLoop)
        if loop.failures:
            raise loop.failures[0]
    return returned


def without_waiting(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that is a coroutine function on a patient loop."""

    @wraps(test)
    def patient_test(*args: P.args, **kwargs: P.kwargs) -> None:
        run(test(*args, **kwargs))

    return patient_test
