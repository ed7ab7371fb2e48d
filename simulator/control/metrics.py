"""`GET /metrics`: figures in Prometheus's text format.

Ten figures need forty lines; the client library would bring a registry of its own, process-wide, and 79 ms of import.
No figure carries a label that somebody outside chose, so nothing secret and nothing unbounded can get in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from math import inf

from simulator.control.meters import LATENESS_SECONDS, Meters
from simulator.control.timekeeper import Timekeeper
from simulator.domain.instant import SECOND
from simulator.domain.outcome import Kind
from simulator.engine.simulation import Simulation

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labels = Mapping[str, object]


def exposition(simulation: Simulation, meters: Meters, timekeeper: Timekeeper) -> str:
    """Everything that is measured, as one text."""
    now = simulation.clock.now()
    lines = [
        *_figure("attempts_total", "counter", "Attempts that ended, by outcome.", _outcomes(meters)),
        *_figure("events_total", "counter", "Events that occurred.", [({}, simulation.tally.events)]),
        *_figure("deliveries_pending", "gauge", "Deliveries that wait.", [({}, len(simulation.pending))]),
        *_figure("deliveries_due", "gauge", "Of these, due already.", [({}, simulation.pending.count_due(now))]),
        *_figure("attempts_on_wire", "gauge", "Attempts under way.", [({}, simulation.clock.holds)]),
        *_figure("events_planned", "gauge", "Events to come.", [({}, len(simulation.calendar))]),
        *_lateness(meters),
        *_figure("clock_seconds", "gauge", "The virtual instant, since 1970.", [({}, now / SECOND)]),
        *_figure("clock_rate", "gauge", "Virtual seconds in a real one.", [({}, timekeeper.rate)]),
        *_figure("event_loop_lag_seconds", "gauge", "How late the loop ran last.", [({}, meters.lag_us / SECOND)]),
        *_figure("up", "gauge", "1 while the engine runs, 0 once it stopped.", [({}, int(not simulation.failure))]),
    ]
    return "\n".join(lines) + "\n"


def _outcomes(meters: Meters) -> list[tuple[Labels, float]]:
    return [({"outcome": kind.value}, meters.outcomes[kind]) for kind in Kind]


def _lateness(meters: Meters) -> Iterator[str]:
    """How long after its due instant an attempt left, in virtual time."""
    name = "aurora_sim_attempt_lateness_seconds"
    yield from (f"# HELP {name} Virtual seconds from due to sent.", f"# TYPE {name} histogram")
    counts = list(accumulate(meters.lateness))
    for bound, count in zip((*LATENESS_SECONDS, inf), counts, strict=True):
        yield _line(f"{name}_bucket", {"le": _number(bound)}, count)
    yield _line(f"{name}_sum", {}, meters.lateness_sum_us / SECOND)
    yield _line(f"{name}_count", {}, counts[-1])


def _figure(name: str, kind: str, words: str, samples: Iterable[tuple[Labels, float]]) -> Iterator[str]:
    full = f"aurora_sim_{name}"
    yield from (f"# HELP {full} {words}", f"# TYPE {full} {kind}")
    for labels, value in samples:
        yield _line(full, labels, value)


def _line(name: str, labels: Labels, value: float) -> str:
    shown = ",".join(f'{label}="{text}"' for label, text in labels.items())
    return f"{name}{{{shown}}} {_number(value)}" if shown else f"{name} {_number(value)}"


def _number(value: float) -> str:
    return "+Inf" if value == inf else repr(value)
