"""How often a long run looks for garbage: rarely, for deliveries die by themselves.

What a run makes is freed as soon as nobody speaks of it; the collector, left as it is, looks through everything that
is alive once in some thousand deliveries and finds next to nothing. That cost a sixth of a run.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 50  # objects, and rounds of the next younger generation, between two looks


def collect_rarely() -> None:
    """To be asked for once all is imported; a process that belongs to somebody else is not asked."""
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
