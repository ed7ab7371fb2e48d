"""A history carried out by the engine, and what the receiver had gained when it was over.

In: a bench and a history, or whatever else lets events happen. Out: an observation in which ids are roles, so that
histories of one plot can be compared.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from simulator.contract.answer import difference, gained, in_roles, show
from simulator.contract.bench import PLAIN, RETRIED, Bench, Manner, Sent
from simulator.contract.history import Arrival, History
from simulator.contract.plot import Plot
from simulator.contract.probe import Probe, scopes
from simulator.domain.fault import FaultKind
from simulator.errors import Bug

Happen = Callable[[Plot], Awaitable[Sequence[Sent]]]
"""Lets the events of a plot happen, and gives what came of each."""


@dataclass(frozen=True, slots=True)
class Observation:
    """`gain` is what the receiver knows more than before, None for nothing, `state` all that it knows."""

    gain: Any
    state: Any
    sent: tuple[Sent, ...]

    @property
    def refused(self) -> Sent | None:
        """The first event that it did not take."""
        return next((one for one in self.sent if not one.accepted), None)

    @property
    def deliveries(self) -> tuple[int, ...]:
        """Their ids, each once."""
        return tuple(dict.fromkeys(one.delivery_id for one in self.sent))

    @property
    def shows(self) -> bool:
        """Whether all was taken, and something came of it."""
        return self.refused is None and self.gain is not None


def state_probe(bench: Bench) -> Probe:
    """The probe of effects; checks that use it say that they need it."""
    if bench.probes.state is None:
        raise Bug("a check asked for a probe without saying that it needs one")
    return bench.probes.state


def is_shown(bench: Bench, plot: Plot) -> bool:
    """Whether the probe can be asked about anything in this plot."""
    probe = state_probe(bench)
    return not probe.names or bool(scopes(probe, [case.attributes for case in plot.cases]))


async def observe(bench: Bench, history: History, *key: str | int) -> Observation:
    """Tell the plot in this way; the key must be new for each telling of a check."""
    return await observe_events(bench, history.plot, lambda told: deliver(bench, history, told), *key)


async def observe_events(bench: Bench, plot: Plot, happen: Happen, *key: str | int) -> Observation:
    """Tell the plot with fresh ids, and let its events happen like this."""
    told = plot.told(bench.seed, bench.check, *key)
    reading = Reading(bench, told)
    before = await reading.read()
    sent = await happen(told)
    return reading.observation(before, await reading.read(), sent)


class Reading:
    """The state as far as it concerns one telling of a plot."""

    def __init__(self, bench: Bench, plot: Plot) -> None:
        self._bench, self._plot, self._probe = bench, plot, state_probe(bench)
        self._scopes = scopes(self._probe, [case.attributes for case in plot.cases])

    async def read(self) -> Any:
        return await self._bench.probes.read(self._probe, self._scopes)

    def observation(self, before: Any, after: Any, sent: Sequence[Sent]) -> Observation:
        gain = gained(before, after)
        return Observation(
            gain=None if gain is None else in_roles(gain, self._plot.roles),
            state=in_roles(after, self._plot.roles),
            sent=tuple(sent),
        )


def compare(plain: Observation, other: Observation) -> str:
    """How another way of arriving differs from the plain one, in words; empty where it does not."""
    if other.refused:
        return f"{other.refused}, which is taken in the plain order"
    if plain.gain is None or other.gain is None:
        return "" if plain.gain is other.gain else f"the state gained {show(other.gain)}, expected {show(plain.gain)}"
    return difference(plain.gain, other.gain)


async def deliver(bench: Bench, history: History, plot: Plot) -> list[Sent]:
    """Each arrival by the engine: an event first, then resends of its delivery; what is lost, by a fault (R10, R11).

    Where the provider resends nothing, the event occurs again, equal to the byte (A10). It ends with the first that is
    refused; `plot` is that of the history with the ids of this telling.
    """
    if history.together:
        return await bench.send(*(plot.cases[one.place] for one in history.arrivals))
    manner = RETRIED if any(one.lost for one in history.arrivals) else PLAIN
    first: dict[int, Sent] = {}
    sent = []
    for one in history.arrivals:
        known = first.get(one.place)
        sent.append(await _arrive(bench, plot, one, known, manner))
        first.setdefault(one.place, sent[-1])
        if not (one.missed or sent[-1].accepted):
            break
    return sent


async def _arrive(bench: Bench, plot: Plot, one: Arrival, known: Sent | None, manner: Manner) -> Sent:
    case = plot.cases[one.place]
    if one.lost or one.missed:
        kind, positions = (FaultKind.LOST_RESPONSE, frozenset({1})) if one.lost else (FaultKind.REFUSE, None)
        bench.inject(kind, subscription_id=bench.subscription(case.event, manner), positions=positions)
    again = known is not None and bench.profile.resend_days is not None
    sent = await bench.resend(known) if known and again else (await bench.send(case, manner=manner))[0]
    bench.simulation.clear()
    return sent
