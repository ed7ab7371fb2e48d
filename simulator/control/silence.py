"""Why an event reached nobody at all: the question that costs the most time when it goes unanswered.

In: the event and every revision of every subscription. Out: sentences. A subscription that was asked and refused, by a
filter or because it was disabled, left a delivery that says so itself; here are those that were never asked.
"""

from __future__ import annotations

from collections.abc import Iterable

from simulator.domain.event import Event
from simulator.domain.instant import format_instant
from simulator.domain.subscription import Subscription


def explain_silence(event: Event, revisions: Iterable[Subscription]) -> list[str]:
    """One sentence for every subscription that comes close, or one that says that there is none."""
    then: dict[str, Subscription] = {}
    now: dict[str, Subscription] = {}
    for revision in revisions:
        now[revision.id] = revision
        if revision.updated_at <= event.occurred_at:
            then[revision.id] = revision
    reasons = (_reason(event, then.get(one.id), one) for one in now.values())
    said = [reason for reason in reasons if reason]
    return said or [f"no subscription wants {event.name}, in no tenant"]


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
