"""What came of a session, as expectations: so that the scenario it becomes is a test from then on.

In: a session. Out: entries for `expect`. A subscription that had deliveries pending is left out: a run goes on until
nothing is pending, so what becomes of it was not seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from simulator.domain.delivery import State
from simulator.domain.outcome import Kind
from simulator.scenario.kept.session import Session

Entry = dict[str, Any]

_COUNTED = (State.DELIVERED, State.EXHAUSTED, State.CANCELLED, State.FILTERED)


def expectations(session: Session) -> list[Entry]:
    """How many deliveries of each subscription came to what, in how many attempts, and whether it was disabled."""
    states: dict[str, Counter[State]] = {one: Counter() for one in session.names}
    for course in session.courses:
        states.get(course.subscription_id, Counter())[course.state] += 1
    attempts = Counter(one["subscription_id"] for one in session.attempts)
    return [
        entry
        for subscription_id, name in session.names.items()
        if states[subscription_id] and not states[subscription_id][State.PENDING]
        for entry in (
            *_of_states(name, states[subscription_id]),
            {"attempts": {"subscription": name, "count": attempts[subscription_id]}},
            *_of_disabling(session, subscription_id, name),
        )
    ]


def unsettled(session: Session) -> dict[str, int]:
    """How many deliveries of each subscription were pending, by name."""
    pending = Counter(one.subscription_id for one in session.courses if one.state is State.PENDING)
    return {name: pending[one] for one, name in session.names.items() if pending[one]}


def broken_off(session: Session) -> int:
    """How many attempts were on the wire when a process ended: no run repeats that."""
    return sum(one["outcome"] == Kind.UNKNOWN for one in session.attempts)


def _of_states(name: str, states: Counter[State]) -> Iterator[Entry]:
    for state in _COUNTED:
        if states[state]:
            yield {state.value: {"subscription": name, "count": states[state]}}
    yield {"pending": {"subscription": name, "count": 0}}


def _of_disabling(session: Session, subscription_id: str, name: str) -> Iterator[Entry]:
    automatic = [one for one in session.histories[subscription_id] if session.is_automatic(one)]
    if automatic:
        yield {"disabled": {"subscription": name, "reason": automatic[0].disabled_reason}}
    elif all(one.definition.enabled for one in session.histories[subscription_id]):
        yield {"disabled": {"subscription": name, "never": True}}
