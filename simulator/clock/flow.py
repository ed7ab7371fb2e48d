"""How virtual microseconds follow from real seconds at a rate that changes.

In go real seconds and rates, out come whole microseconds. The fraction of a microsecond that is left when the
rate changes is carried on, so that no number of changes loses time. Knows no timers: it is told how far time
may go at most.
"""

from collections.abc import Callable
from math import inf

SECOND = 1_000_000


class Flow:
    """Virtual time: it stood at `base` when it was last folded, and passes at `rate` since.

    At rate zero or infinity it stands still; `jump_to` is what an infinite rate is good for. It never passes
    what `limit` answers, which must not be before the present; real time spent there is forgotten.
    """

    __slots__ = ("_fraction", "_limit", "_mark", "_real", "base", "rate")

    def __init__(self, start: int, rate: float, real: Callable[[], float], limit: Callable[[], int | None]) -> None:
        self.base = start
        self.rate = rate
        self._fraction = 0.0
        self._real = real
        self._mark = real()
        self._limit = limit

    def read(self) -> int:
        """The present instant."""
        return self._reading(self._real())[0] if 0 < self.rate < inf else self.base

    def fold(self) -> None:
        """Make the present the new base: from here on `rate` and the limit may change."""
        real = self._real()
        if 0 < self.rate < inf:
            self.base, self._fraction = self._reading(real)
        self._mark = real

    def jump_to(self, instant: int) -> None:
        self.base, self._fraction = instant, 0.0

    def real_seconds(self, micros: int) -> float:
        """How long so many virtual microseconds take: 0 at an infinite rate, infinity at rate 0."""
        if micros == 0:
            return 0.0
        return micros / self.rate / SECOND if self.rate else inf

    def _reading(self, real: float) -> tuple[int, float]:
        elapsed = (real - self._mark) * self.rate * SECOND + self._fraction
        whole = int(elapsed)
        limit = self._limit()
        if limit is not None and self.base + whole > limit:
            return limit, 0.0
        return self.base + whole, elapsed - whole
