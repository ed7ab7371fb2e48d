"""How virtual microseconds follow from real seconds at a rate that changes.

In go real seconds and rates, out come whole microseconds. The fraction of a microsecond that is left when the
rate changes is carried on, so that no number of changes loses time. Knows no timers: it is told how far time
may go at most, and how much of what it missed there it may make up for.
"""

from collections.abc import Callable
from math import inf

SECOND = 1_000_000


class Flow:
    """Virtual time: it stood at `base` when it was last folded, and passes at `rate` since.

    At rate zero or infinity it stands still; `jump_to` is what an infinite rate is good for. It never passes
    what `limit` answers, which must not be before the present. What it would have passed meanwhile is owed, up
    to an allowance, and made up for at once where there is room again and the flow is one that pays.
    """

    __slots__ = ("_allowance", "_fraction", "_limit", "_mark", "_owed", "_paying", "_real", "base", "rate")

    def __init__(self, start: int, rate: float, real: Callable[[], float], limit: Callable[[], int | None]) -> None:
        self.base = start
        self.rate = rate
        self._allowance = 0.0
        self._paying = False
        self._fraction = self._owed = 0.0
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
            self.base, self._fraction, self._owed = self._reading(real)
        self._mark = real

    def go_on(self, rate: float, *, allowance: float = 0.0, paying: bool = False) -> None:
        """From the base on pass at `rate`, owe at most `allowance` microseconds, and pay or keep what is owed."""
        self.rate, self._allowance, self._paying = rate, allowance, paying
        if self._owed:
            self._owed = min(self._owed, allowance)
            self.base, self._fraction, self._owed = self._reading(self._mark)

    def forgive(self) -> None:
        """Nothing is owed any more."""
        self._owed = 0.0

    def jump_to(self, instant: int) -> None:
        self.base, self._fraction = instant, 0.0

    def real_seconds(self, micros: int) -> float:
        """How long so many virtual microseconds take: 0 at an infinite rate, infinity at rate 0."""
        if micros == 0:
            return 0.0
        return micros / self.rate / SECOND if self.rate else inf

    def _reading(self, real: float) -> tuple[int, float, float]:
        """The instant, the fraction of a microsecond beyond it, and what is owed there."""
        passed, owed = self._fraction, self._owed
        if real != self._mark:
            passed += (real - self._mark) * self.rate * SECOND
        if self._paying:
            passed, owed = passed + owed, 0.0
        limit = self._limit()
        if limit is not None and self.base + int(passed) > limit:
            return limit, 0.0, min(owed + passed - (limit - self.base), self._allowance)
        return self.base + int(passed), passed % 1, owed
