"""Injected faults: what we do to the wire on purpose, when, and to which attempts.

Pure: whether a fault applies to an attempt depends on the fault, the attempt and the seed alone, never on the
order of asking.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from simulator.domain.chance import draw
from simulator.domain.instant import SECOND
from simulator.domain.value import value_class


class FaultKind(StrEnum):
    """The faults a scenario can inject; the receiver takes part only where it says so."""

    REFUSE = "refuse"  # connection refused
    DNS = "dns"  # the name does not resolve
    TLS = "tls"  # the certificate is not accepted
    RESET = "reset"  # the connection breaks off
    TIMEOUT = "timeout"  # the receiver never sees the request, the sender waits in vain
    LOST_RESPONSE = "lost_response"  # the receiver does the work, the answer is lost
    SLOW = "slow"  # the receiver answers, `delay_us` later than it did
    STATUS = "status"  # something in between answers `status`
    REDIRECT = "redirect"  # something in between answers 302
    MALFORMED = "malformed"  # something that is not HTTP comes back
    DUPLICATE = "duplicate"  # after a success the same request is sent again, `delay_us` later
    REORDER = "reorder"  # the first attempt is held back for `delay_us`, so that later events overtake it
    FLAP = "flap"  # up and down in turn, `period_us` each, refused while down


@dataclass(frozen=True, slots=True)
class Fault:
    """One injected fault.

    It acts on attempts that start at `since` or later and before `until` (None: until it is cleared), that belong to
    `subscription_id` and `event` where these are given, whose place in the chain is among `positions` where given,
    and then with `probability`.
    """

    id: str
    kind: FaultKind
    since: int
    until: int | None = None
    subscription_id: str | None = None
    event: str | None = None
    positions: frozenset[int] | None = None
    probability: float = 1.0
    status: int = 503
    delay_us: int = 5 * SECOND
    period_us: int = 60 * SECOND


@value_class
class Passage:
    """One attempt on its way through the wire: what faults and scripted receivers may look at."""

    delivery_id: int
    subscription_id: str
    event: str
    number: int
    position: int
    started_at: int


def first_match(faults: Iterable[Fault], kinds: Collection[FaultKind], passage: Passage, seed: int) -> Fault | None:
    """The first of these faults, in their order, that is of one of the kinds and acts on this attempt."""
    for fault in faults:
        if fault.kind in kinds and applies(fault, passage, seed):
            return fault
    return None


def applies(fault: Fault, passage: Passage, seed: int) -> bool:
    """Whether this fault acts on this attempt."""
    return (
        fault.since <= passage.started_at
        and (fault.until is None or passage.started_at < fault.until)
        and fault.subscription_id in (None, passage.subscription_id)
        and fault.event in (None, passage.event)
        and (fault.positions is None or passage.position in fault.positions)
        and _down(fault, passage.started_at)
        and (fault.probability >= 1 or _drawn(fault, passage, seed))
    )


def next_change(faults: Iterable[Fault], at: int) -> int | None:
    """The first instant after this one from which on a fault may act on other attempts than now; None: never."""
    changes = (change for fault in faults for change in _changes(fault, at) if change is not None and change > at)
    return min(changes, default=None)


def _changes(fault: Fault, at: int) -> tuple[int | None, ...]:
    periods = max(0, (at - fault.since) // fault.period_us + 1)
    return fault.since, fault.until, fault.since + periods * fault.period_us if fault.kind is FaultKind.FLAP else None


def _down(fault: Fault, at: int) -> bool:
    """A flapping fault begins with a down period; every other fault is always down."""
    return fault.kind is not FaultKind.FLAP or (at - fault.since) // fault.period_us % 2 == 0


def _drawn(fault: Fault, passage: Passage, seed: int) -> bool:
    return draw(seed, "fault", fault.id, passage.delivery_id, passage.number) < fault.probability
