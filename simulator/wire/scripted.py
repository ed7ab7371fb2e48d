"""Receivers in memory: a function answers, and how long it takes is decreed in virtual time.

In: a request and its passage. Out: the outcome that the function gives, with `virtual_us` set. No socket, no waiting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request

Answer = Callable[[Request, Passage], Outcome]


class ScriptedWire:
    """A wire whose receiver is `answer`; an outcome that decrees no duration took none.

    `seen` holds what was sent, in order, where `remember` asks for it: a million attempts would not fit.
    """

    def __init__(self, answer: Answer, *, remember: bool = False) -> None:
        self._answer = answer
        self._remember = remember
        self.seen: list[tuple[Request, Passage]] = []

    async def send(self, request: Request, passage: Passage, /) -> Outcome:
        """What the script answers to this attempt."""
        if self._remember:
            self.seen.append((request, passage))
        outcome = self._answer(request, passage)
        return outcome if outcome.virtual_us is not None else replace(outcome, virtual_us=0)

    async def close(self) -> None:
        """Nothing is held."""
