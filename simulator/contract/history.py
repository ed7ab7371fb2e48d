"""One way in which a plot arrives: in which order, what twice, which answers were lost, what never came.

Pure. In: a plot. Out: a history, in words too. A history is legal whatever it is: order is not guaranteed, duplicates
happen, an answer can be lost. So the state it leaves must be that of its plain form; where something was missed, once
the receiver has polled it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simulator.contract.plot import Plot


class Arrival(NamedTuple):
    """The event at this place of the plot arrives; if `lost`, its answer is lost and the retry brings it once more.

    If `missed`, it occurs and never arrives: the receiver cannot be reached, and nothing is sent again.
    """

    place: int
    lost: bool = False
    missed: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """`together`: all arrivals at one instant, as copies of the first."""

    plot: Plot
    arrivals: tuple[Arrival, ...]
    together: bool = False

    @property
    def plain(self) -> History:
        """Each of its events once, in the order in which they occurred."""
        return History(self.plot, tuple(Arrival(place) for place in sorted({one.place for one in self.arrivals})))

    @property
    def missing(self) -> int:
        """How many of its events never arrive."""
        return sum(one.missed for one in self.arrivals)

    def __str__(self) -> str:
        """`signed, then viewed`, with what happened on the way."""
        if self.together:
            return f"{self._word(self.arrivals[0])}, {len(self.arrivals)} times at once"
        words: list[str] = []
        seen: set[int] = set()
        for one in self.arrivals:
            words.append(f"{self._word(one)}{' again' if one.place in seen else ''}")
            seen.add(one.place)
        return ", then ".join(words)

    def _word(self, one: Arrival) -> str:
        fate = " (answer lost, so sent twice)" if one.lost else " (never arrived)" if one.missed else ""
        return f"{self.plot.word(one.place)}{fate}"


def whole(plot: Plot) -> History:
    """Every event of the plot once, in order."""
    return History(plot, tuple(Arrival(place) for place in range(len(plot.cases))))


def without_the_last(plot: Plot) -> History:
    """Every event of the plot in order, but the last never arrives."""
    *others, last = whole(plot).arrivals
    return History(plot, (*others, last._replace(missed=True)))
