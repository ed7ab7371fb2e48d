"""Judges of how many: delivered, exhausted, cancelled, pending, filtered, duplicates, resent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from simulator.domain.counting import format_count
from simulator.domain.delivery import State
from simulator.domain.outcome import Kind
from simulator.report.model import DeliveryView
from simulator.scenario.expectations import CountEntry, DeliveredEntry, DuplicatesEntry, FailedEntry, ResentEntry
from simulator.scenario.judging.scene import Opinion, Scene, ids, tell_states

_ROUNDING = 1e-9  # 0.7 of 10 is 7, whatever floats say


def delivered(scene: Scene, said: DeliveredEntry) -> Opinion:
    deliveries = scene.sent(said)
    if said.share is None:
        return _amount(deliveries, State.DELIVERED, said.count)
    hits, misses = _split(deliveries, State.DELIVERED)
    enough = len(hits) >= said.share * len(deliveries) - _ROUNDING
    return Opinion(bool(deliveries) and enough, f"at least {_share(said.share)} delivered", _tell(deliveries), misses)


def exhausted(scene: Scene, said: FailedEntry) -> Opinion:
    return _failed(scene, said, State.EXHAUSTED)


def cancelled(scene: Scene, said: FailedEntry) -> Opinion:
    return _failed(scene, said, State.CANCELLED)


def pending(scene: Scene, said: CountEntry) -> Opinion:
    return _amount(scene.sent(said), State.PENDING, said.count)


def filtered(scene: Scene, said: CountEntry) -> Opinion:
    return _amount(scene.deliveries(said), State.FILTERED, said.count)


def resent(scene: Scene, said: ResentEntry) -> Opinion:
    """A delivery was resent where it has attempts of a second chain; a refusal is told by whoever asked (R10)."""
    deliveries = scene.sent(said)
    if said.count is not None:
        hits = [one.id for one in deliveries if any(attempt.chain > 1 for attempt in one.attempts)]
        return Opinion(len(hits) == said.count, f"exactly {said.count} resent", f"{len(hits)} resent", hits)
    refusals = {one.id: scene.refusals[one.id] for one in deliveries if one.id in scene.refusals}
    wanted = f'a resend refused with "{said.reason}"' if said.reason else "a resend refused"
    found = any((said.reason or "").casefold() in text.casefold() for text in refusals.values())
    return Opinion(found, wanted, "; ".join(dict.fromkeys(refusals.values())) or "none was refused", [*refusals])


def duplicates(scene: Scene, said: DuplicatesEntry) -> Opinion:
    deliveries = scene.sent(said)
    if said.count is not None:
        made = {one.id: sum(attempt.duplicate for attempt in one.attempts) for one in deliveries}
        count, total = said.count, sum(made.values())
        hits = [delivery for delivery, number in made.items() if number]
        return Opinion(
            total == count,
            f"exactly {format_count(count, 'duplicate')} sent on purpose",
            f"{total} sent on purpose",
            hits,
        )
    hits = _without_cause(deliveries)
    expected = f"exactly {format_count(said.without_cause or 0, 'duplicate')} without cause"
    return Opinion(len(hits) == said.without_cause, expected, f"{len(hits)} without cause", hits)


def _without_cause(deliveries: Sequence[DeliveryView]) -> list[int]:
    """The deliveries sent again after a success of the same chain, and the further ones of one event (R11)."""
    once = Counter((one.event_id, one.subscription_id) for one in deliveries)
    again = [one.id for one in deliveries if _sent_again(one)]
    doubled = []
    for one in reversed(deliveries):
        key = (one.event_id, one.subscription_id)
        if once[key] > 1:
            doubled.append(one.id)
            once[key] -= 1
    return [*again, *doubled]


def _sent_again(delivery: DeliveryView) -> bool:
    done: set[int] = set()
    for attempt in delivery.attempts:
        if attempt.chain in done and not attempt.duplicate:
            return True
        if attempt.outcome == Kind.SUCCESS:
            done.add(attempt.chain)
    return False


def _failed(scene: Scene, said: FailedEntry, state: State) -> Opinion:
    deliveries = scene.sent(said)
    if said.share is None:
        return _amount(deliveries, state, said.count)
    hits, _ = _split(deliveries, state)
    few = len(hits) <= said.share * len(deliveries) + _ROUNDING
    return Opinion(bool(deliveries) and few, f"at most {_share(said.share)} {state}", _tell(deliveries), hits)


def _amount(deliveries: Sequence[DeliveryView], state: State, count: int | None) -> Opinion:
    """Exactly so many, or all where no count is given: then there must be one at least."""
    hits, misses = _split(deliveries, state)
    if count is None:
        return Opinion(bool(hits) and not misses, f"all {state}", _tell(deliveries), misses)
    evidence = hits if len(hits) > count else misses
    return Opinion(len(hits) == count, f"exactly {count} {state}", _tell(deliveries), evidence)


def _split(deliveries: Sequence[DeliveryView], state: State) -> tuple[list[int], list[int]]:
    hits = ids(one for one in deliveries if one.state == state)
    return hits, ids(one for one in deliveries if one.state != state)


def _tell(deliveries: Sequence[DeliveryView]) -> str:
    return (
        f"of {format_count(len(deliveries), 'delivery')} {tell_states(deliveries)}"
        if deliveries
        else "there were no deliveries"
    )


def _share(share: float) -> str:
    return f"{share * 100:g} %"
