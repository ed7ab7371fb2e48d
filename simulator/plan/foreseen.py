"""A delivery as a plan foresees it: one event for one subscription, from the event to the end.

Values only, filled in while the course of things is computed; no policy stands here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.domain.decision import Attempt
from simulator.domain.delivery import Rung, State
from simulator.domain.fault import Fault
from simulator.domain.health import Health
from simulator.domain.subscription import Subscription

MISSED = (State.EXHAUSTED, State.CANCELLED)
"""What is lost unless somebody resends it (R10)."""


@dataclass(slots=True, eq=False)
class Foreseen:
    """One delivery. `attempts` stand in the order in which their outcomes were applied.

    `waiting` is the rung it waits for, `stopped` why an attempt on the wire will not be retried (R6). `delivered_at`
    is the end of its first success, `settled_at` the instant from which on nothing is pending.
    """

    id: int
    to: Listener
    event: str
    occurred_at: int
    state: State = State.PENDING
    reason: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    waiting: Rung | None = None
    stopped: str = ""
    chain: int = 1
    delivered_at: int | None = None
    settled_at: int | None = None

    def stands(self, state: State, reason: str, at: int) -> None:
        """From this instant on it is in this state, for this reason."""
        self.state, self.reason = state, reason
        self.settled_at = None if state is State.PENDING else at
        if state is State.DELIVERED and self.delivered_at is None:
            self.delivered_at = at


@dataclass(slots=True)
class Disabling:
    """A subscription was disabled: deliveries it `cancelled`, and events `missed` until it was enabled."""

    at: int
    reason: str
    automatic: bool
    cancelled: int = 0
    missed: int = 0
    enabled_at: int | None = None


@dataclass(slots=True, eq=False)
class Listener:
    """A subscription as it stands, its health, and what is under way for it, by delivery.

    `failing` tells whether the last outcome that was applied was a failure.
    """

    subscription: Subscription
    health: Health = field(default_factory=Health)
    waiting: dict[int, Foreseen] = field(default_factory=dict)
    on_wire: dict[int, Foreseen] = field(default_factory=dict)
    disablings: list[Disabling] = field(default_factory=list)
    failing: bool = False

    def lost(self, reason: str) -> None:
        """A delivery that was under way was cancelled; it counts where the last disabling was the reason."""
        if self.disablings and self.disablings[-1].reason == reason:
            self.disablings[-1].cancelled += 1


@dataclass(slots=True)
class Window:
    """A fault, and when it ended: at the end of its window or when it was cleared; None where it never did."""

    fault: Fault
    until: int | None
