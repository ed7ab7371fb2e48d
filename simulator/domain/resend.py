"""Whether a past delivery may be sent again (R10)."""

from __future__ import annotations

from typing import Protocol

from simulator.domain.delivery import State
from simulator.domain.instant import DAY
from simulator.domain.provider import Profile
from simulator.domain.subscription import Subscription


class Past(Protocol):
    """A delivery as far as the rule asks about it."""

    @property
    def state(self) -> State: ...

    @property
    def occurred_at(self) -> int: ...


def refuse_resend(
    profile: Profile, standing: Past, subscription: Subscription, now: int, *, on_wire: bool
) -> str | None:
    """Why this delivery cannot be resent now, or None."""
    days = profile.resend_days
    if days is None:
        return f"{profile.name} resends nothing"
    if standing.state is State.FILTERED:
        return "a filter refused the event, so it was never to be sent"
    if now - standing.occurred_at > days * DAY:
        return f"its event occurred more than {days} days ago"
    if subscription.deleted_at is not None:
        return "its subscription was deleted"
    if not subscription.enabled:
        return "its subscription is disabled; enable it"
    return "an attempt is on the wire" if on_wire else None
