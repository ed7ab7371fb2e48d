"""The one real wake-up that a clock has planned with the event loop, or none.

In: after how many real seconds. Out: a function that the loop runs then. Knows nothing of virtual time.
"""

import asyncio
from collections.abc import Callable
from math import inf


class Wakeup:
    """Wakes by `run`, at most once for each plan; a new plan takes the place of the former."""

    __slots__ = ("_handle", "_pressing", "_run")

    def __init__(self, run: Callable[[], None]) -> None:
        self._run = run
        self._handle: asyncio.Handle | None = None
        self._pressing = False

    def plan(self, seconds: float, *, pressing: bool) -> None:
        """Wake after so many real seconds: 0 is the loop's next pass, infinity never.

        What is `pressing` keeps its place in the loop's line, or busy tasks could put it off for ever.
        """
        if pressing and self._pressing:
            return
        self.cancel()
        self._pressing = pressing
        loop = asyncio.get_running_loop()
        if seconds == 0:
            self._handle = loop.call_soon(self._run)
        elif seconds < inf:
            self._handle = loop.call_later(seconds, self._run)

    def cancel(self) -> None:
        """Wake no more, and forget what has woken already."""
        if self._handle:
            self._handle.cancel()
        self._handle, self._pressing = None, False
