"""Why an event reached nobody at all: the question that costs the most time when it goes unanswered.

In: events and every revision of every subscription. Out: sentences. A subscription that was asked and refused, by a
filter or because it was disabled, left a delivery that says so itself; here are those that were never asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from simulator.domain.event import Event
from simulator.domain.instant import format_instant
from simulator.domain.subscription import Subscription

MOST_REASONS = 8  # for one event: whoever has hundreds of subscriptions reads no hundreds of sentences

History = Sequence[Subscription]
"""The revisions of one subscription, oldest first."""


def explain_silence(event: Event, revisions: Iterable[Subscription]) -> list[str]:
    """One sentence for every subscription that comes close, or one that says that there is none."""
    return explain_silences([event], revisions)[event.id]


def explain_silences(events: Iterable[Event], revisions: Iterable[Subscription]) -> dict[int, list[str]]:
    """The same for many events, by id: whoever never wanted such an event is not looked at again for each of them."""
    interested = _by_event(revisions)
    return {event.id: _explain(event, interested.get(event.name, ())) for event in events}


def _by_event(revisions: Iterable[Subscription]) -> Mapping[str, Sequence[History]]:
    """For each event the subscriptions that want it or once did."""
    histories: defaultdict[str, list[Subscription]] = defaultdict(list)
    for revision in revisions:
        histories[revision.id].append(revision)
    interested: defaultdict[str, list[History]] = defaultdict(list)
    for history in histories.values():
        for name in dict.fromkeys(name for revision in history for name in revision.definition.events):
            interested[name].append(history)
    return interested


def _explain(event: Event, interested: Sequence[History]) -> list[str]:
    reasons = list(islice(_reasons(event, interested), MOST_REASONS + 1))
    if len(reasons) > MOST_REASONS:
        return [*reasons[:MOST_REASONS], "and more subscriptions that were not asked"]
    return reasons or [f"no subscription wants {event.name}, in no tenant"]


def _reasons(event: Event, interested: Sequence[History]) -> Iterator[str]:
    """Those of the event's own tenant first: there it was expected."""
    for history in sorted(interested, key=lambda one: one[-1].tenant_id != event.tenant_id):
        if reason := _reason(event, _as_it_was(history, event), history[-1]):
            yield reason


def _as_it_was(history: History, event: Event) -> Subscription | None:
    """The revision in force when it occurred; None before the first.

    A revision of the same instant that would have been asked was made after the event: it was not asked.
    """
    place = bisect_right(history, event.occurred_at, key=lambda one: one.updated_at)
    while place and _would_be_asked(history[place - 1], event):
        place -= 1
    return history[place - 1] if place else None


def _would_be_asked(one: Subscription, event: Event) -> bool:
    own = one.tenant_id == event.tenant_id and not one.application_id
    return own and one.deleted_at is None and event.name in one.definition.events


def _reason(event: Event, then: Subscription | None, now: Subscription) -> str:
    """Why this one was not asked; nothing where it has nothing to do with the event."""
    if event.name not in now.definition.events and not (then and event.name in then.definition.events):
        return ""
    if then is None:
        return f'the subscription "{now.name}" was made later, at {format_instant(now.created_at)}'
    if then.deleted_at is not None:
        return f'the subscription "{now.name}" had been deleted, at {format_instant(then.deleted_at)}'
    if event.name not in then.definition.events:
        return f'the subscription "{now.name}" wanted {", ".join(then.definition.events)} at that instant'
    if then.application_id:
        return f'the subscription "{now.name}" is of an application that the tenant "{event.tenant_id}" has not enabled'
    return (
        f'the subscription "{now.name}" is of another tenant, "{then.tenant_id}"; the event is of "{event.tenant_id}"'
    )
