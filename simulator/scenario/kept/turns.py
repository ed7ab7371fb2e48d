"""In which turn of its instant each act came.

Somebody who holds the clock may emit, inject a fault and emit again, all at one virtual instant. A scenario makes the
changes of an instant first and its events afterwards (R13), unless it says in which turn each of them comes. The ledger
does not say it either, but what was done left traces. Where none of them tells two acts apart, their order made no
difference.

In: a session. Out: the turn of each act, counted from 1, and the instants at which what was seen cannot be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from simulator.scenario.kept.acts import DUE, Act, Later
from simulator.scenario.kept.moment import Moment
from simulator.scenario.kept.session import Session

Item = TypeVar("Item")


@dataclass(slots=True)
class Turns:
    """`number` is the turn of an act; `untold` are the instants whose order no scenario can repeat."""

    numbers: dict[Act, int] = field(default_factory=dict)
    untold: list[int] = field(default_factory=list)

    def number(self, act: Act) -> int:
        return self.numbers.get(act, 0) + 1


def turns_of(session: Session) -> Turns:
    """The turns of all acts."""
    turns = Turns()
    for at, moment in sorted(_moments(session).items()):
        seen = [*moment.constraints()]
        numbers = _solve([*seen, *moment.order_of_changes()]) or _solve(seen)
        if numbers is None:
            turns.untold.append(at)
        else:
            turns.numbers.update({act: number for act, number in numbers.items() if number})
    return turns


def _moments(session: Session) -> dict[int, Moment]:
    """The instants at which somebody did something, with all that belongs to them."""
    acts = (
        *(one.updated_at for one in session.revisions),
        *(one.at for one in session.faults),
        *(one.at for one in session.resends),
    )
    moments = {at: Moment(session, at) for at in acts}
    _sort(moments, session.revisions, lambda one: one.updated_at, lambda there: there.revisions)
    _sort(moments, session.faults, lambda one: one.at, lambda there: there.faults)
    _sort(moments, session.resends, lambda one: one.at, lambda there: there.resends)
    _sort(moments, session.events, lambda one: one.occurred_at, lambda there: there.events)
    _sort(moments, session.courses, lambda one: session.event[one.event_id].occurred_at, lambda there: there.courses)
    _sort(moments, session.attempts, lambda one: one["started_at"], lambda there: there.started)
    _sort(moments, session.attempts, lambda one: one["ended_at"], lambda there: there.ended)
    _sort(moments, session.on_wire, lambda one: one.started_at, lambda there: there.on_wire)
    return moments


def _sort(
    moments: Mapping[int, Moment],
    items: Iterable[Item],
    instant: Callable[[Item], int],
    place: Callable[[Moment], list[Item]],
) -> None:
    """Put each item into its moment, where there is one."""
    for item in items:
        if there := moments.get(instant(item)):
            place(there).append(item)


def _solve(constraints: Sequence[Later]) -> dict[Act, int] | None:
    """The earliest turn of every act, None where what is known contradicts itself."""
    turns: dict[Act, int] = {DUE: 0}
    for _ in range(len({one.act for one in constraints}) + 1):
        changed = False
        for one in constraints:
            least = turns.get(one.other, 0) + one.by
            if turns.get(one.act, 0) < least:
                turns[one.act], changed = least, True
        if turns[DUE]:
            return None
        if not changed:
            return turns
    return None
