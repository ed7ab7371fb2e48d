"""Figures of a running simulation, counted as it goes: for metrics, and for records that show counts.

In: attempts as they end, and a timer of real time. Out: counts, a histogram of lateness, the lag of the event loop.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections import Counter

from simulator.clock.stopwatch import Stopwatch, after_real
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind
from simulator.engine.flight import Landing
from simulator.engine.simulation import Simulation
from simulator.store import readback

LATENESS_SECONDS = (0.001, 0.01, 0.1, 1.0, 10.0, 60.0, 600.0)
LAG_SECONDS = 0.5  # real: how often the event loop is asked how late it is


class Meters:
    """Counts for one simulation, from the first attempt that ends after it was made."""

    def __init__(self, simulation: Simulation) -> None:
        self.outcomes: Counter[Kind] = Counter()
        self.by_subscription: dict[str, tuple[int, int]] = readback.attempt_counts(simulation.ledger.db)
        self.lateness = [0] * (len(LATENESS_SECONDS) + 1)
        self.lateness_sum_us = 0
        self.lag_us = 0
        self._asking: asyncio.TimerHandle | None = None
        simulation.on_landing.append(self._landed)

    def start(self) -> None:
        """Ask the event loop, again and again, how late it is."""
        asked = Stopwatch()

        def answer() -> None:
            self.lag_us = max(0, asked.elapsed_us() - round(LAG_SECONDS * SECOND))
            self.start()

        self._asking = after_real(LAG_SECONDS, answer)

    def stop(self) -> None:
        if self._asking:
            self._asking.cancel()

    def _landed(self, landing: Landing) -> None:
        kind = landing.outcome.kind
        self.outcomes[kind] += 1
        every, failed = self.by_subscription.get(landing.flight.subscription_id, (0, 0))
        self.by_subscription[landing.flight.subscription_id] = (every + 1, failed + (kind is not Kind.SUCCESS))
        late_us = landing.started_at - landing.flight.rung.due_at
        self.lateness[bisect_left(LATENESS_SECONDS, late_us / SECOND)] += 1
        self.lateness_sum_us += late_us
