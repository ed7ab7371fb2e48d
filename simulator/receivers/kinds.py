"""Kinds of objects, and how two things said about one object become one status.

In go statuses as they were said, out comes the one status to keep. Nothing here knows of requests or of a
database.

Webhooks arrive late, twice and in any order, so a status is never "what came last". Every status has a
rank, and what is known is the highest that was ever said: a join, which ends in the same place whatever the
order and however often a part is repeated (`a | a = a`, `a | b = b | a`, `(a | b) | c = a | (b | c)`).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple


class Status(NamedTuple):
    """A status and how much it outweighs; tuples compare, so the heavier one is simply `max`."""

    rank: int
    text: str


NOTHING: Final = Status(0, "")
"""The object is known, no status of it is."""

_UNFAMILIAR_RANK: Final = 1

ANY: Final = "(whatever the event said)"
UNCLEAR: Final = "to be read back"


class Says(Enum):
    """What an event says of its object when that is not one fixed status."""

    STATUS = "the value of its parameter `status`"
    LOOK = "only that something changed: read the object back"


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of webhook, seen by its receiver.

    `keeps` names the parameters worth remembering. `once` is the work that this event sets off a single time
    for each object, either always or only `when` the object reaches that status.
    """

    name: str
    says: Says | str
    keeps: tuple[str, ...] = ()
    when: str | None = None
    once: str | None = None

    def work(self, status: Status | None) -> str | None:
        """The one-time work that this event sets off, having said `status`."""
        said = status.text if status else None
        return self.once if self.when in (None, said) else None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object whose statuses have an order: each may follow those before it, never those after it.

    A status that is not in the order is kept, below all that are: it is no reason to forget what is
    understood, but it is a reason to look (`must_look`).
    """

    name: str
    id: str
    order: tuple[str, ...]
    events: tuple[Event, ...]
    read_at: str | None = None

    def fixed(self, text: str) -> Status:
        """A status of the order. Raises `ValueError` for any other."""
        return Status(_UNFAMILIAR_RANK + 1 + self.order.index(text), text)

    def reported(self, text: str) -> Status:
        """A status that somebody else wrote, familiar or not."""
        return self.fixed(text) if text in self.order else Status(_UNFAMILIAR_RANK, text)

    def is_unfamiliar(self, status: Status) -> bool:
        """Whether the status is not in the order."""
        return status.rank == _UNFAMILIAR_RANK

    def join(self, old: Status, new: Status) -> Status:
        """What is known after both were said."""
        return max(old, new)

    def must_look(self, said: Status) -> bool:
        """Whether what was said does not suffice to know the object's status."""
        return self.is_unfamiliar(said)

    def after_look(self, old: Status, text: str) -> Status:
        """What is known once the provider itself showed the object's status."""
        return self.join(old, self.reported(text))


class OpenKind(Kind):
    """A kind whose statuses are open-ended or go in circles, so that no order of them exists.

    In its order `ANY` is the place of all that events may say. Of two different values either may be the
    current one; only the provider knows, so the status is `UNCLEAR` until the object was read back.
    """

    __slots__ = ()

    def reported(self, text: str) -> Status:
        return Status(self.fixed(ANY).rank, text)

    def join(self, old: Status, new: Status) -> Status:
        disagree = old.rank == new.rank and old != new
        return self.fixed(UNCLEAR) if disagree else max(old, new)

    def must_look(self, said: Status) -> bool:
        # Also after the first value: the same value may come again after others that were missed.
        return said.rank == self.fixed(ANY).rank

    def after_look(self, old: Status, text: str) -> Status:
        final = old.rank > self.fixed(UNCLEAR).rank
        return old if final else self.reported(text)
