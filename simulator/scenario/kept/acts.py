"""Acts of one instant, and what is known of their order: who came later than whom, and by how many turns.

In: witnesses, each of which fits having come after some of the acts. Out: constraints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simulator.domain.event import Event
from simulator.domain.subscription import Subscription
from simulator.store.history import FaultAct, Resent

Act = tuple[str, str, int]
"""What somebody did: a kind, an id, a number."""

DUE: Act = ("due", "", 0)
"""Whatever falls due by itself: always in the first turn."""


@dataclass(frozen=True, slots=True)
class Later:
    """`act` came in the turn of `other` or later; `by` 1: in a later one."""

    act: Act
    other: Act
    by: int


@dataclass(frozen=True, slots=True)
class Witness:
    """What came of `act` fits its having come after so many acts, from none to all.

    One that is `early` came before all that it may have come before: people act on a clock that has arrived.
    """

    act: Act
    fits: Sequence[bool]
    early: bool = False


def act_of_revision(revision: Subscription) -> Act:
    return "revision", revision.id, revision.revision


def act_of_fault(one: FaultAct) -> Act:
    return "fault", one.fault.id, one.seq


def act_of_event(event: Event) -> Act:
    return "event", "", event.id


def act_of_resend(one: Resent) -> Act:
    return "resend", "", one.seq


def in_order(acts: Sequence[Act]) -> Iterator[Later]:
    """None of these acts came in an earlier turn than the one before it."""
    return (Later(after, before, 0) for before, after in pairwise(acts))


def told(acts: Sequence[Act], witnesses: Iterable[Witness]) -> Iterator[Later]:
    """What the witnesses together know of these acts: whoever came later has seen no fewer of them."""
    together = sorted(_joined(witnesses), key=lambda one: one.act, reverse=True)
    fewest = len(acts)
    for kind in ("event", "resend", "due"):
        most = fewest if kind == "due" else len(acts)
        for one in (one for one in together if one.act[0] == kind):
            counts = [count for count, fits in enumerate(one.fits) if fits and count <= most]
            if counts and (one.early or not all(one.fits)):
                most = min(counts) if one.early else max(counts)
                yield from _seen(one.act, acts, most)
        fewest = min(fewest, most)


def _joined(witnesses: Iterable[Witness]) -> Iterator[Witness]:
    """One witness for each act: it fits what all that came of the act fits."""
    known: dict[Act, Witness] = {}
    for one in witnesses:
        other = known.get(one.act, one)
        both = [first and second for first, second in zip(one.fits, other.fits, strict=True)]
        known[one.act] = Witness(one.act, both, early=one.early or other.early)
    yield from known.values()


def _seen(witness: Act, acts: Sequence[Act], count: int) -> Iterator[Later]:
    """The first `count` of these acts came before the witness, the others after it."""
    for number, act in enumerate(acts, start=1):
        yield Later(witness, act, 0) if number <= count else Later(act, witness, 1)
