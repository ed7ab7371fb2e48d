"""How often a caller may ask: so many requests within any minute of real time (S3).

Real time, because that is what a customer's program waits in when it is told to come again later.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable

MINUTE = 60_000_000  # real microseconds


class Limiter:
    """Counts by caller. `per_minute` None: nobody waits. `now` reads real microseconds and never goes back."""

    def __init__(self, per_minute: int | None, now: Callable[[], int]) -> None:
        self._per_minute, self._now = per_minute, now
        self._taken: defaultdict[Hashable, deque[int]] = defaultdict(deque)

    def wait_seconds(self, caller: Hashable) -> int:
        """0 and the request counts; else how long to wait, in whole seconds, and it does not count."""
        if self._per_minute is None:
            return 0
        now, taken = self._now(), self._taken[caller]
        while taken and now - taken[0] >= MINUTE:
            taken.popleft()
        if len(taken) >= self._per_minute:
            return -((now - taken[0] - MINUTE) // 1_000_000)
        taken.append(now)
        return 0
