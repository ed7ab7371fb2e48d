"""Two views of the same requests side by side: what the sender believes, and what the receiver did.

A request carries no number that both know, so the two are joined by what both saw: method, path, and query or body. A
retry looks exactly like the attempt before it. Where counting and time leave one answer, an entry is joined; where they
leave several, all of them are named and none is chosen.

In: attempts as the ledger has them, entries as the receiver has them. Out: rows, oldest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from simulator.domain.counting import format_count
from simulator.domain.fault import FaultKind
from simulator.domain.outcome import Kind

Key = tuple[str, str, str]

KEPT_AWAY = frozenset(kind.value for kind in FaultKind) - {"", "slow", "lost_response", "duplicate", "reorder"}
"""Faults that answer in the receiver's place."""

NEVER_SENT = frozenset({Kind.REFUSED, Kind.UNREACHABLE, Kind.DNS, Kind.TLS})
TAKEN = frozenset({"applied", "duplicate", "stale"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One attempt, as the sender has it."""

    seq: int
    delivery_id: int
    number: int
    subscription_id: str
    method: str
    url: str
    body: str | None
    started_at: int
    ended_at: int
    outcome: str
    status: int | None
    fault: str

    @property
    def key(self) -> Key:
        """What the receiver sees of it: a body where there is one, else the query."""
        split = urlsplit(self.url)
        return self.method, split.path or "/", split.query if self.body is None else self.body

    @property
    def may_have_arrived(self) -> bool:
        return self.fault not in KEPT_AWAY and self.outcome not in NEVER_SENT

    @property
    def has_arrived(self) -> bool:
        """Whether something came back that only the receiver can have said."""
        return self.may_have_arrived and (self.status is not None or self.fault == FaultKind.LOST_RESPONSE)


@dataclass(frozen=True, slots=True)
class Got:
    """One request, as the receiver has it: what it decided, and with which status it answered."""

    number: int
    method: str
    path: str
    query: str
    decision: str
    status: int

    @property
    def key(self) -> Key:
        return self.method, self.path or "/", self.query


@dataclass(frozen=True, slots=True)
class Row:
    """Both views of one request, as far as they can be told to be of one; `note` says what is worth a look."""

    at: int
    sent: Sent | None
    got: Got | None
    candidates: tuple[Sent, ...] = ()
    note: str = ""
    disagrees: bool = False


def compare(sent: Sequence[Sent], got: Sequence[Got]) -> list[Row]:
    """A row for every attempt and every request, oldest first."""
    known, found = _by_key(sent), _by_key(got)
    rows: list[Row] = []
    for key in known.keys() | found.keys():
        rows += _rows(known.get(key, []), found.get(key, []))
    numbers = {row.got.number: row for row in rows if row.got}
    return sorted(rows, key=_place({number: numbers[number].at for number in sorted(numbers)}))


def _place(instants: Mapping[int, int]) -> Any:
    """Where a row stands: by instant, then in the order of arrival; an entry nobody sent follows the one before it."""
    reached, places = 0, {}
    for number, at in instants.items():
        reached = places[number] = max(reached, at)

    def place(row: Row) -> tuple[int, int, int]:
        at = places[row.got.number] if row.got and not row.at else row.at
        return at, row.got.number if row.got else 0, row.sent.seq if row.sent else 0

    return place


def _by_key(items: Iterable[Any]) -> dict[Key, list[Any]]:
    found: defaultdict[Key, list[Any]] = defaultdict(list)
    for one in items:
        found[one.key].append(one)
    return found


def _rows(sent: Sequence[Sent], got: Sequence[Got]) -> Iterator[Row]:
    """The rows of requests that look alike."""
    possible = sorted((one for one in sent if one.may_have_arrived), key=lambda one: (one.started_at, one.seq))
    certain = [one for one in possible if one.has_arrived]
    yield from (Row(one.started_at, one, None, note="never arrived") for one in sent if not one.may_have_arrived)
    arrived = next((some for some in (possible, certain) if len(some) == len(got)), None)
    if arrived is None:
        yield from _unjoined(possible, got)
        return
    missing = {one.seq for one in possible} - {one.seq for one in arrived}
    yield from (Row(one.started_at, one, None, note="never arrived") for one in possible if one.seq in missing)
    at = 0
    for group in _at_once(arrived):
        yield from _joined(group, got[at : at + len(group)])
        at += len(group)


def _at_once(sent: Sequence[Sent]) -> Iterator[list[Sent]]:
    """Attempts in groups: what overlaps in time can have arrived in any order. Those of one delivery never overlap."""
    group: list[Sent] = []
    deliveries: set[int] = set()
    until = 0
    for one in sent:
        if group and (one.started_at > until or deliveries == {one.delivery_id}):
            yield group
            group, deliveries, until = [], set(), 0
        group.append(one)
        deliveries.add(one.delivery_id)
        until = max(until, one.ended_at)
    if group:
        yield group


def _joined(sent: Sequence[Sent], got: Sequence[Got]) -> Iterator[Row]:
    if len(sent) == 1:
        note = _disagreement(sent[0], got[0])
        yield Row(sent[0].started_at, sent[0], got[0], note=note, disagrees=bool(note))
    else:
        yield from _several(sent, got, "several look alike and were on the wire together")


def _unjoined(sent: Sequence[Sent], got: Sequence[Got]) -> Iterator[Row]:
    """The numbers do not match, so nothing tells which is which."""
    if not sent:
        yield from (Row(0, None, one, note="no recorded attempt looks like it") for one in got)
    elif not got:
        yield from (Row(one.started_at, one, None, note="the receiver has no record of it") for one in sent)
    else:
        yield from _several(sent, got, _alike(len(sent), len(got)))


def _alike(sent: int, got: int) -> str:
    look = "looks" if sent == 1 else "look"
    return f"{format_count(sent, 'attempt')} {look} like this, and {format_count(got, 'request')}"


def _several(sent: Sequence[Sent], got: Sequence[Got], why: str) -> Iterator[Row]:
    first = min(one.started_at for one in sent)
    return (Row(first, None, one, tuple(sent), why) for one in got)


def _disagreement(sent: Sent, got: Got) -> str:
    """What the one side does not know of the other."""
    if sent.outcome != Kind.SUCCESS and got.decision in TAKEN:
        return f"acknowledgement lost: {got.decision} there, failed here"
    if sent.outcome == Kind.SUCCESS and got.decision not in TAKEN:
        return f"{got.decision} there, delivered here"
    if sent.status is not None and sent.status != got.status:
        return f"answered {got.status} there, {sent.status} here"
    return ""
