"""Those who wait for a clock: futures that are settled by it, and cancelled when it is closed."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

Waiter = asyncio.Future[None]


class Waiters:
    """Futures of the running loop, each for as long as somebody waits for it."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: set[Waiter] = set()

    @contextmanager
    def one(self) -> Iterator[Waiter]:
        waiter: Waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            yield waiter
        finally:
            self._waiting.discard(waiter)

    def cancel(self) -> None:
        for waiter in self._waiting:
            waiter.cancel()


def settle(waiter: Waiter) -> None:
    """Wait no more; whoever waited may have been cancelled meanwhile."""
    if not waiter.done():
        waiter.set_result(None)
