"""Does the state converge: whatever the order, whatever came twice, whichever answers were lost.

Hypothesis makes the histories and shrinks one that fails. It knows nothing of loops, so it works in a thread of its
own and hands each history to the loop on which the engine runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from simulator.clock.stopwatch import Stopwatch
from simulator.contract.bench import Bench
from simulator.contract.check import Check, retries
from simulator.contract.checks.effects import stories
from simulator.contract.finding import Finding, failed, passed, skipped, unstable
from simulator.contract.history import Arrival, History
from simulator.contract.plot import Plot
from simulator.contract.repetition import repetition
from simulator.contract.watch import Observation, compare, observe
from simulator.domain.instant import SECOND
from simulator.errors import Unavailable

_HISTORIES = 60
AT_LEAST = 15  # histories that are told however slow the receiver is
_SHRINKING = 2  # how much longer than others a history that fails may be made smaller


async def any_order_converges(bench: Bench) -> Finding:
    """Histories of all stories, the shortest first, so that what is found is the least that shows it."""
    plots = await stories(bench)
    if not plots:
        return skipped("no story in scope has two events whose order the events themselves tell")
    search = _Search(bench, plots, asyncio.get_running_loop(), once="duplicate-in-a-row" in bench.failed)
    try:
        found = await asyncio.to_thread(search.smallest)
    finally:
        search.end()
    if search.unstable:
        return unstable()
    if search.unavailable:
        raise search.unavailable
    if found is None:
        once = ", no event twice, because duplicates fail already" if search.once else ""
        return passed(f"{search.told} histories of {len(plots)} stories left the state of their plain order{once}")
    plain, other = await search.plain(found), await observe(bench, found, "found")
    why = compare(plain, other) or search.why[found]
    text = f"{found}: {why}"
    return failed(text, f"story {found.plot.name}", *other.deliveries, scenario=await repetition(bench, found, text))


@dataclass(slots=True)
class _Search:
    """A search for the smallest history that does not converge. `once` keeps every event from coming twice."""

    bench: Bench
    plots: Sequence[Plot]
    loop: asyncio.AbstractEventLoop
    once: bool
    told: int = 0
    unstable: bool = False
    unavailable: Unavailable | None = None
    why: dict[History, str] = field(default_factory=dict)
    _plain: dict[History, Observation] = field(default_factory=dict)
    _stopwatch: Stopwatch = field(default_factory=Stopwatch)
    _asked: Future[bool] | None = None
    _ended: bool = False

    def smallest(self) -> History | None:
        """In a thread of its own: the smallest history that fails, or None."""
        quietly = settings(
            max_examples=_HISTORIES,
            database=None,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        try:
            return find(
                _histories(self.plots, once=self.once),
                self._fails,
                settings=quietly,
                random=Random(self.bench.seed),  # noqa: S311 - draws histories, keeps no secrets
            )
        except NoSuchExample:
            return None

    async def plain(self, history: History) -> Observation:
        """What the plain form leaves; told once for each set of events."""
        if history.plain not in self._plain:
            self._plain[history.plain] = await observe(self.bench, history.plain, "plain", len(self._plain))
        return self._plain[history.plain]

    def end(self) -> None:
        """Nobody waits any more: the thread is given no further answers, and what it asked last is broken off."""
        self._ended = True
        if self._asked:
            self._asked.cancel()

    def _fails(self, history: History) -> bool:
        """Hypothesis wants the same answer each time, so what cannot be told is no failure."""
        if self._ended:
            return False
        self._asked = asyncio.run_coroutine_threadsafe(self._diverges(history), self.loop)
        with suppress(CancelledError):
            return self._asked.result()
        return False

    async def _diverges(self, history: History) -> bool:
        if history not in self.why and not self._must_stop:
            self.told += 1
            try:
                self.why[history] = await self._difference(history)
            except Unavailable as failure:
                self.unavailable = failure
        return bool(self.why.get(history))

    async def _difference(self, history: History) -> str:
        plain = await self.plain(history)
        if plain.refused:
            self.unstable = True
            return ""
        return compare(plain, await observe(self.bench, history, "told", self.told))

    @property
    def _must_stop(self) -> bool:
        hopeless = self._ended or self.unstable or self.unavailable
        return bool(hopeless) or (self.told >= AT_LEAST and self._stopwatch.elapsed_us() > self._patience_us)

    @property
    def _patience_us(self) -> int:
        found = any(self.why.values())
        return round(self.bench.patience_seconds * (1 + _SHRINKING if found else 1) * SECOND)


def _histories(plots: Sequence[Plot], *, once: bool) -> SearchStrategy[History]:
    """Arrivals of a story: any of its events, in any order; twice and with lost answers unless `once`."""

    def of(plot: Plot) -> SearchStrategy[History]:
        last = len(plot.cases) - 1
        places = st.integers(0, last).map(lambda back: last - back)  # it shrinks towards the end of the story
        arrival = places.map(Arrival) if once else st.tuples(places, st.booleans()).map(lambda drawn: Arrival(*drawn))
        by_place = (lambda one: one.place) if once else None
        arrivals = st.lists(arrival, min_size=1, max_size=2 * len(plot.cases), unique_by=by_place)
        return arrivals.map(lambda those: History(plot, tuple(those)))

    return st.sampled_from(plots).flatmap(of)


CHECKS = (
    Check(
        id="convergence",
        advice="Give every status a rank and keep the highest, or read the object back; never let the last one win.",
        run=any_order_converges,
        needs=("probe",),
        after=("effect",),
        applies=retries,
    ),
)
