"""What attempts meet: the faults in force, around a receiver that answers 200 at once.

In: faults, and an attempt on its way. Out: its outcome, from the engine's own wire of faults around a receiver in
memory, with what follows from it. As long as time alone changes nothing and no chance plays a part, attempts of one
subscription, event and position meet the same, so the wire is asked once; where no fault is aimed, those of a position.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from simulator.domain.fault import Fault, FaultKind, Passage, first_match, next_change
from simulator.domain.outcome import Kind, Outcome
from simulator.domain.provider import Profile
from simulator.errors import Bug
from simulator.plan.foreseen import Foreseen
from simulator.plan.precedents import Precedents
from simulator.plan.records import UNSENT, Precedent, Window
from simulator.wire.faults import FaultyWire
from simulator.wire.scripted import ScriptedWire

if TYPE_CHECKING:
    from simulator.plan.journal import Journal

_ANSWERED = Outcome(Kind.SUCCESS, 200, virtual_us=0)
_NEVER = 1 << 62

Known = dict[tuple[str, str, int] | int, Precedent]
"""By subscription, event and position; by position alone where no fault is aimed."""


class Weather:
    """The faults of a course, and what they do to attempts."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self.windows: list[Window] = []
        """Every fault that was injected, and when it ended."""

        self.reordering = False
        """Whether a first attempt may be held back."""

        self.steady_until = _NEVER
        """From this instant on something else may be met, so what is known may hold no longer."""

        self.aimed = False
        """Whether a fault acts on some subscriptions or events and not on others."""

        self.journal: Journal | None = None
        self._seed = seed
        self._faults: list[Fault] = []
        self._wire = FaultyWire(ScriptedWire(lambda *_: _ANSWERED), lambda: self._faults, seed, profile.timeout_seconds)
        self._precedents = Precedents(profile)
        self._known: Known = {}
        self._by_chance = False
        self._duplicating = False  # a success may be sent once more
        self._calm_from = 0  # no fault acts on an attempt that starts then or later

    def inject(self, fault: Fault, now: int) -> None:
        """From now on this fault acts where its window and target say so."""
        if self.journal:
            self.journal.faulted(fault, now)
        self.windows.append(Window(fault, fault.until))
        self._set_faults([*self._faults, fault], now)

    def clear(self, wanted: Callable[[Fault], bool], now: int) -> None:
        """End the faults that are wanted."""
        for window in self.windows:
            if window.fault in self._faults and wanted(window.fault):
                window.until = now if window.until is None else min(window.until, now)
        kept = []
        for fault in self._faults:
            if not wanted(fault):
                kept.append(fault)
            elif self.journal:
                self.journal.faulted(fault, now, cleared=True)
        self._set_faults(kept, now)

    def at(self, now: int) -> Known:
        """What is known of attempts that start now; `meet` tells what is not."""
        if now >= self.steady_until:
            self._look(now)
        return self._known

    def meet(self, delivery: Foreseen, number: int, position: int, now: int) -> Precedent:
        """What an attempt meets that starts now, and what follows from it."""
        all_known = self.at(now)
        key = (delivery.to.id, delivery.event, position) if self.aimed else position
        known = all_known.get(key)
        if known is None:
            passage = Passage(delivery.id, delivery.to.id, delivery.event, number, position, now)
            known = self._precedents.of(_at_once(self._wire.send(UNSENT, passage)), position)
            if self._duplicating and known.succeeded:
                known = replace(known, ordinary=False)
            if not self._by_chance:
                self._known[key] = known
        return known

    def fault_of(self, kind: FaultKind, delivery: Foreseen, number: int, position: int, at: int) -> Fault | None:
        """The fault of this kind that acts on an attempt which starts then, if one does."""
        if at >= self._calm_from:
            return None
        passage = Passage(delivery.id, delivery.to.id, delivery.event, number, position, at)
        return first_match(self._faults, {kind}, passage, self._seed)

    def _set_faults(self, faults: list[Fault], now: int) -> None:
        self._faults = faults
        self._calm_from = max((_NEVER if fault.until is None else fault.until for fault in faults), default=0)
        self._look(now)

    def _look(self, now: int) -> None:
        """Forget what was known, and see how long what becomes known now will hold."""
        lasting = [fault for fault in self._faults if fault.until is None or now < fault.until]
        self._known.clear()
        change = next_change(lasting, now)
        self.steady_until = _NEVER if change is None else change
        self._by_chance = any(fault.probability < 1 for fault in lasting)
        self.aimed = any(fault.subscription_id or fault.event for fault in lasting)
        kinds = {fault.kind for fault in lasting}
        self._duplicating, self.reordering = FaultKind.DUPLICATE in kinds, FaultKind.REORDER in kinds


def _at_once(sending: Coroutine[Any, Any, Outcome]) -> Outcome:
    """The outcome of a wire on which nothing waits: its first step is its last, so it needs no event loop."""
    try:
        sending.send(None)
    except StopIteration as ended:
        outcome: Outcome = ended.value
        return outcome
    sending.close()
    raise Bug("the wire of a plan waited for something")
