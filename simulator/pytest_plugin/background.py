"""An event loop in a thread of its own, so that a plain test and an async one can use the same simulation.

In: coroutines from any thread. Out: what they return, at once or as something to await.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, contextmanager
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Background:
    """Runs until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="aurora", daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin this, and go on."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait until this is done. Raises what it raises."""
        __tracebackhide__ = True
        future = self.submit(work)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # an interrupt, or a test that timed out, ends the work too
            raise

    @contextmanager
    def within(self, context: AbstractAsyncContextManager[T]) -> Iterator[T]:
        """An asynchronous context as one for plain code; it is entered and left in one and the same task."""
        opened: Future[T] = Future()
        leave = asyncio.Event()

        async def hold() -> None:
            async with context as value:
                opened.set_result(value)
                await leave.wait()

        holding = self.submit(hold())
        holding.add_done_callback(lambda done: None if opened.done() else opened.set_exception(_reason(done)))
        value = opened.result()
        try:
            yield value
        finally:
            self._loop.call_soon_threadsafe(leave.set)
            holding.result()

    def close(self) -> None:
        self.run(self._loop.shutdown_asyncgens())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _reason(done: Future[None]) -> BaseException:
    return done.exception() or RuntimeError("it ended before it began")
