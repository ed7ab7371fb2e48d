"""What a plan keeps of attempts, of disablings and of faults. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from simulator.domain.delivery import State
from simulator.domain.fault import Fault
from simulator.domain.outcome import Outcome
from simulator.domain.request import Request

Columns = tuple[str, int | None, str, str, int, str, str]
"""Outcome, status, error, fault, real microseconds, state and reason: how an attempt ended, in plain types."""

Following = tuple[int | None, int | None]
"""The position of the attempt that follows, and whether it is a duplicate."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """What an attempt met, and what follows from it: `delay_us` after its end the next, None where nothing follows.

    `columns` and `following` are the same in plain types, as they are written. Where it is `ordinary`, it ended when it
    began, and at most a retry follows.
    """

    outcome: Outcome
    columns: Columns
    took_us: int
    succeeded: bool
    state: State
    why: str
    delay_us: int | None
    next_position: int
    following: Following
    ordinary: bool


UNSENT = Request("", "")
"""Stands for every request where nobody asks for them."""

Row = tuple[int, int, int, bool, int, int, Request, int, int, Precedent]
"""A `Record` without its names: a tuple costs a third."""


class Record(NamedTuple):
    """One attempt that was made."""

    number: int
    chain: int
    position: int
    duplicate: bool
    due_at: int
    revision: int
    request: Request
    started_at: int
    ended_at: int
    met: Precedent

    @property
    def outcome(self) -> Outcome:
        return self.met.outcome


@dataclass(slots=True)
class Disabling:
    """A subscription was disabled: deliveries it `cancelled`, and events `missed` until it was enabled."""

    at: int
    reason: str
    automatic: bool
    cancelled: int = 0
    missed: int = 0
    enabled_at: int | None = None


@dataclass(slots=True)
class Window:
    """A fault, and when it ended: at the end of its window or when it was cleared; None where it never did."""

    fault: Fault
    until: int | None
