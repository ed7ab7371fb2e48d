"""How fast virtual time passes: two rates, one while work is held and one while the clock is idle.

In comes a word from a command line, a scenario or an API; out goes a `Pace`. Knows no clock and no loop.
"""

from dataclasses import dataclass, field
from functools import partial
from math import inf, isfinite

OWED_SECONDS = 1.0  # real


@dataclass(frozen=True, slots=True)
class Pace:
    """Virtual seconds per real second while something is held (`busy`) and while nothing is (`idle`).

    An `idle` rate of infinity jumps to the next timer. `busy` is always finite: time never jumps past
    work that is under way. Raises ValueError for a rate that is negative, not a number, or an infinite
    `busy`.
    """

    busy: float
    idle: float
    serial: bool = field(init=False, repr=False, compare=False)
    """Whether instants come strictly one after another: time stands while held and jumps when not."""

    steady: bool = field(init=False, repr=False, compare=False)
    """Whether time passes alike while held and while idle: as on a clock on the wall."""

    paces_work: bool = field(init=False, repr=False, compare=False)
    """Whether time passes for held work, at a rate of its own."""

    allowance: float = field(init=False, repr=False, compare=False)
    """How many virtual microseconds that slipped are made up for at most; none where idle time is skipped."""

    def __post_init__(self) -> None:
        if not (self.busy >= 0 and isfinite(self.busy)):
            raise ValueError(f"the rate while held is {self.busy}; it must be zero or a finite number above")
        if not self.idle >= 0:
            raise ValueError(f"the rate while idle is {self.idle}; it must be zero or more, or infinite")
        known = partial(object.__setattr__, self)  # asked for at every attempt
        known("serial", self.busy == 0 and self.idle == inf)
        known("steady", self.busy == self.idle)
        known("paces_work", self.busy > 0 and not self.steady)
        known("allowance", OWED_SECONDS * 1_000_000 * self.idle if isfinite(self.idle) else 0.0)

    @property
    def skipping(self) -> "Pace":
        """The same with idle time skipped: the pace of a clock that is being advanced."""
        return Pace(self.busy, inf)

    def __str__(self) -> str:
        """The word that `parse_pace` reads, or both rates where no word names the pair."""
        for word, pace in WORDS.items():
            if self == pace:
                return word
        if self.busy == 1:
            return _number(self.idle)
        return f"{_number(self.busy)} while held, {_number(self.idle)} while idle"


JUMP = Pace(0, inf)
ELASTIC = Pace(1, inf)
REAL = Pace(1, 1)
PAUSED = Pace(0, 0)

WORDS = {"jump": JUMP, "elastic": ELASTIC, "paused": PAUSED}
_SPEEDS = [word for word, pace in WORDS.items() if pace != PAUSED]


def compressed(n: float) -> Pace:
    """Idle time runs `n` times faster than real time, time with work under way runs as real time does."""
    return Pace(1, n)


def parse_pace(text: str) -> Pace:
    """The pace a word or a number stands for; raises ValueError naming what is allowed.

    `paused` is read, and not offered: where a speed is chosen, a clock that stands is none.
    """
    word = text.strip().lower()
    return WORDS[word] if word in WORDS else compressed(_factor(word, text))


def _factor(word: str, text: str) -> float:
    refusal = f"speed {text!r} is not known; allowed are {', '.join(_SPEEDS)}, or a number above 0 (1 is real time)"
    try:
        factor = float(word)
    except ValueError:
        raise ValueError(refusal) from None
    if not (factor > 0 and isfinite(factor)):
        raise ValueError(refusal)
    return factor


def _number(rate: float) -> str:
    return str(int(rate)) if isfinite(rate) and rate == int(rate) else str(rate)
