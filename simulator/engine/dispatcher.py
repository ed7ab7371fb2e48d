"""An event becomes deliveries: one for each subscription of its tenant and name, decided at its instant (E2, E3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from simulator.domain.delivery import Delivery, State
from simulator.domain.event import Event
from simulator.domain.fault import Fault, FaultKind, Passage, first_match
from simulator.domain.filters import judge
from simulator.domain.provider import Profile
from simulator.domain.reasons import ASLEEP, FILTERED, HELD_BACK
from simulator.domain.subscription import Subscription

_HOLDING = frozenset({FaultKind.REORDER})


def dispatch(
    profile: Profile,
    event: Event,
    subscriptions: Iterable[Subscription],
    faults: Sequence[Fault],
    *,
    seed: int,
    next_id: Callable[[], int],
) -> list[Delivery]:
    """Deliveries as they begin; those that will not be sent say why, so that nothing vanishes silently."""
    return [
        _begin(profile, event, subscription, faults, seed=seed, delivery_id=next_id()) for subscription in subscriptions
    ]


def _begin(
    profile: Profile, event: Event, to: Subscription, faults: Sequence[Fault], *, seed: int, delivery_id: int
) -> Delivery:
    if refusal := judge(to.definition.filters, event.attributes):  # asked first: what it refuses was never missed
        why = profile.because(FILTERED, str(refusal))
        return Delivery(delivery_id, event.id, to.id, to.revision, State.FILTERED, why)
    if not to.enabled:
        return Delivery(delivery_id, event.id, to.id, to.revision, State.CANCELLED, profile.because(ASLEEP))
    held = first_match(faults, _HOLDING, _first_passage(event, to, delivery_id), seed) if faults else None
    return Delivery(
        delivery_id,
        event.id,
        to.id,
        to.revision,
        State.PENDING,
        reason=profile.because(HELD_BACK) if held else "",
        fault=held.kind if held else "",
        due_at=event.occurred_at + (held.delay_us if held else 0),
    )


def _first_passage(event: Event, to: Subscription, delivery_id: int) -> Passage:
    return Passage(delivery_id, to.id, event.name, number=1, position=1, started_at=event.occurred_at)
