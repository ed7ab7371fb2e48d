"""A delivery as a plan foresees it, from the event to the end, and the subscription that it is for.

Values only, filled in while the course of things is computed; no policy stands here. What there are millions of is a
plain tuple: a `Wait` for an attempt, and the record of one that was made. The health of a subscription is kept in
place, for it changes with every attempt; who asks for it gets the domain's own.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from simulator.domain.delivery import Rung, State
from simulator.domain.event import Event
from simulator.domain.health import DisableRule, Health
from simulator.domain.request import Request
from simulator.domain.subscription import Subscription
from simulator.plan.records import UNSENT, Disabling, Record, Row

MISSED = (State.EXHAUSTED, State.CANCELLED)
"""What is lost unless somebody resends it (R10)."""


@dataclass(slots=True, eq=False)
class Foreseen:
    """One delivery. `records` stand in the order in which their outcomes were applied.

    `waiting` is the instant at which its next attempt is due, with `number`, `chain`, `position` and whether it is a
    `duplicate`; these stand while that attempt is on the wire. `stopped` is why it will not be retried then (R6).
    `delivered_at` is the end of its first success, `settled_at` the instant from which on nothing is pending. `request`
    is that of revision `rendered`; `occurrence` is its event where requests are wanted.
    """

    id: int
    to: Listener
    event: str
    occurred_at: int
    occurrence: Event | None = None
    state: State = State.PENDING
    reason: str = ""
    records: list[Row] = field(default_factory=list)
    waiting: int | None = None
    number: int = 1
    chain: int = 1
    position: int = 1
    duplicate: bool = False
    stopped: str = ""
    delivered_at: int | None = None
    settled_at: int | None = None
    request: Request = UNSENT
    rendered: int = 0

    def rung(self, due_at: int) -> Rung:
        """The rung that it waits for, or waited for last."""
        return Rung(due_at, self.number, self.chain, self.position, self.duplicate)

    @property
    def attempts(self) -> list[Record]:
        """The records by name."""
        return [Record._make(row) for row in self.records]

    def waits_for(self, rung: Rung) -> None:
        """From now on for this rung, and for no other."""
        self.waiting = rung.due_at
        self.number, self.chain, self.position, self.duplicate = rung.number, rung.chain, rung.position, rung.duplicate

    def stands(self, state: State, reason: str, at: int) -> None:
        """From this instant on it is in this state, for this reason."""
        self.state, self.reason = state, reason
        self.settled_at = None if state is State.PENDING else at
        if state is State.DELIVERED and self.delivered_at is None:
            self.delivered_at = at


Wait = tuple[int, Foreseen]
"""A due instant, the very object that the delivery holds as `waiting`, and the delivery."""


class Listener:
    """Somebody who listens. `failing` tells whether the last outcome that was applied was a failure.

    `on_wire` holds the deliveries whose attempt has begun and not yet ended, by id. `failures`, `failing_since` and
    `last_success` are those of its `Health`.
    """

    __slots__ = (
        "deliveries",
        "disablings",
        "enabled",
        "failing",
        "failing_since",
        "failures",
        "id",
        "last_success",
        "on_wire",
        "revision",
        "subscription",
    )

    def __init__(self, subscription: Subscription, rule: DisableRule | None = None) -> None:
        self.id = subscription.id
        self.deliveries: list[Foreseen] = []
        self.on_wire: dict[int, Foreseen] = {}
        self.disablings: list[Disabling] = []
        self.failing = False
        self.failures: deque[int] = deque(maxlen=rule.attempts if rule else 0)
        self.failing_since: int | None = None
        self.last_success: int | None = None
        self.stands(subscription)

    def stands(self, subscription: Subscription) -> None:
        """From now on this is its revision."""
        self.subscription = subscription
        self.enabled, self.revision = subscription.enabled, subscription.revision

    @property
    def health(self) -> Health:
        return Health(tuple(self.failures), self.failing_since, self.last_success)

    @health.setter
    def health(self, health: Health) -> None:
        self.failures.clear()
        self.failures.extend(health.failures)
        self.failing_since, self.last_success = health.failing_since, health.last_success

    def succeeds(self, at: int) -> None:
        """As `Health.after_success` has it."""
        self.failing, self.failing_since, self.last_success = False, None, at
        self.failures.clear()

    def fails(self, at: int) -> None:
        """As `Health.after_failure` has it."""
        self.failing = True
        self.failures.append(at)
        if self.failing_since is None:
            self.failing_since = at

    def lost(self, reason: str) -> None:
        """A delivery that was under way was cancelled; it counts where the last disabling was the reason."""
        if self.disablings and self.disablings[-1].reason == reason:
            self.disablings[-1].cancelled += 1
