"""Deadlines in real time: one timer of the event loop for all that may last equally long.

In: work in a `with` block. Out: the same work, or `TimeoutError` where it was not done in time. Whoever began first is
late first, so what is under way stands in a queue, and only the head of the queue needs a timer.
"""

import asyncio
from types import TracebackType


class Deadline:
    """One piece of work, which is called off when its time is up."""

    __slots__ = ("_before", "_task", "_under_way", "due", "passed")

    def __init__(self, due: float, under_way: "dict[Deadline, None]") -> None:
        task = asyncio.current_task()
        assert task is not None, "work with a deadline is done in a task"
        self._task, self._before, self._under_way = task, task.cancelling(), under_way
        self.due = due
        self.passed = False

    def __enter__(self) -> None:
        self._under_way[self] = None

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None) -> None:
        self._under_way.pop(self, None)
        if self.passed and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError  # unless somebody else has called the work off as well, who goes first

    def call_off(self) -> None:
        self.passed = True
        self._task.cancel()


class Deadlines:
    """Makes deadlines that lie `seconds` ahead; belongs to the running event loop."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._under_way: dict[Deadline, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> Deadline:
        """A deadline for the running task, to be entered at once."""
        due = self._loop.time() + self._seconds
        if self._timer is None:
            self._timer = self._loop.call_at(due, self._look)
        return Deadline(due, self._under_way)

    def close(self) -> None:
        """Call nothing off any more."""
        if self._timer:
            self._timer.cancel()

    def _look(self) -> None:
        """Call off what is late, and look again when the next one could be."""
        now = self._loop.time()
        while (head := next(iter(self._under_way), None)) and head.due <= now:
            del self._under_way[head]
            head.call_off()
        self._timer = self._loop.call_at(head.due, self._look) if head else None
