"""Judges of how things stood: whether a subscription was disabled, and what the receiver says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from simulator.domain.counting import format_count
from simulator.domain.instant import format_instant
from simulator.domain.outcome import Kind
from simulator.report.model import SubscriptionView
from simulator.scenario.expectations import DisabledEntry, ReceiverEntry, Scope
from simulator.scenario.judging.scene import Opinion, Scene

_LONGEST = 300

Disabling = tuple[int, str]
"""When a subscription was disabled, and why."""


def disabled(scene: Scene, said: DisabledEntry) -> Opinion:
    subscription = scene.subscription(said.subscription)
    found = [one for one in _disablings(subscription) if (said.reason or "").casefold() in one[1].casefold()]
    by, at = (None if when is None else when.on(scene.start) for when in (said.by, said.at))
    if said.never:
        passed = not found
    elif by is not None:
        passed = any(instant <= by for instant, _ in found)
    else:
        passed = any(at in (None, instant) for instant, _ in found)
    actual = ", ".join(f"disabled at {format_instant(at)} ({why})" for at, why in _disablings(subscription))
    evidence = _failures(scene, subscription)
    return Opinion(passed, _tell(said, by, at), actual or "never disabled", evidence)


def receiver(scene: Scene, said: ReceiverEntry) -> Opinion:
    asked = said.keys_given()
    if "count" in asked:
        expected = format_count(said.count or 0, "entry")
    else:
        expected = f"exactly {_show(said.equals)}" if "equals" in asked else f"holds {_show(said.contains)}"
    if said.probe not in scene.probe_answers:
        return Opinion(False, expected, "the receiver gave no answer that could be read")
    answer = scene.probe_answers[said.probe]
    if "count" in asked:
        counted = len(answer) if isinstance(answer, list | dict) else None
        return Opinion(
            counted == said.count, expected, format_count(counted, "entry") if counted is not None else _show(answer)
        )
    passed = _same(answer, said.equals) if "equals" in asked else _holds(answer, said.contains)
    return Opinion(passed, expected, _show(answer))


def _disablings(subscription: SubscriptionView) -> Iterator[Disabling]:
    """Every change from enabled to disabled; a deletion is none."""
    for former, revision in pairwise(subscription.revisions):
        if former.enabled and not revision.enabled and revision.at != subscription.deleted_at:
            yield revision.at, revision.change


def _failures(scene: Scene, subscription: SubscriptionView) -> list[int]:
    """The deliveries with failed attempts: what disables a subscription, or should have."""
    return [
        one.id
        for one in scene.sent(Scope(subscription=subscription.name))
        if any(attempt.outcome != Kind.SUCCESS for attempt in one.attempts)
    ]


def _tell(said: DisabledEntry, by: int | None, at: int | None) -> str:
    why = f' with "{said.reason}"' if said.reason else ""
    if said.never:
        return f"never disabled{why}"
    when = f" by {format_instant(by)}" if by is not None else f" at {format_instant(at)}" if at is not None else ""
    return f"disabled{when}{why}"


def _same(one: Any, other: Any) -> bool:
    """Equal as JSON: `true` is not 1, but 1 is 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _holds(answer: Any, wanted: Any) -> bool:
    """A mapping with these keys and what they hold, a list with these items, a text with these words."""
    if isinstance(answer, dict) and isinstance(wanted, dict):
        return all(key in answer and _holds(answer[key], value) for key, value in wanted.items())
    if isinstance(answer, list):
        items = wanted if isinstance(wanted, list) else [wanted]
        return all(any(_holds(item, each) for item in answer) for each in items)
    if isinstance(answer, str) and isinstance(wanted, str):
        return wanted in answer
    return _same(answer, wanted)


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
