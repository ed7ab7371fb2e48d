"""Sample values: one event filled up to a legal one, and texts that have broken receivers before.

In: a kind of event, what is already given, a seed and a key, and a provider's samples. Out: every attribute of the
event. The same key gives the same id to the same role, so events that share a key speak of the same objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simulator.domain.chance import pick, seeded_uuid
from simulator.domain.event import EventType

ANY_EVENT = "*"

HOSTILE = (
    "",
    " ",
    "In Progress",
    "  padded on both sides  ",
    "one,two, three",
    "a+b",
    "100%",
    "%2F",
    "..%2f../etc/passwd",
    "a&b=c&status=signed",
    "a=b;c=d",
    "what?#fragment",
    "https://example.com/?q=<STATUS>",
    "<STATUS>",
    "{project_id}",
    "back\\slash",
    "\"double\" and 'single'",
    "Robert'); DROP TABLE projects;--",
    "<script>alert(1)</script>",
    "null",
    "0",
    "Größe, Ærø, naïve",
    "e\u0301 is not \u00e9",
    "完了",
    "☀️👩‍🔧🏠",
    "הושלם (בערך)",
    "\u202eoverridden",
    "long " * 409 + "end",
)
"""Open texts for contract tests of receivers: each is legal where an attribute takes any text (E1, E6)."""

_ID = re.compile(r"(?:(.+?)_)?ID(?:_.+)?")


@dataclass(frozen=True, slots=True)
class Sample:
    """Values an attribute may take where nobody gave one; a `range` stands for numbers.

    `event` narrows it to one event, `when` to events whose other attributes hold these values.
    """

    attribute: str
    values: Sequence[str | int]
    event: str = ANY_EVENT
    when: Mapping[str, str] = field(default_factory=dict)

    def speaks_of(self, kind: EventType, attribute: str) -> bool:
        return attribute == self.attribute and self.event in (ANY_EVENT, kind.name)


def complete(
    kind: EventType, given: Mapping[str, str], seed: int, *key: str | int, samples: Sequence[Sample] = ()
) -> dict[str, str]:
    """The given attributes and a value for each that is missing (E1); of several samples that fit, the first counts."""
    filled = dict(given)
    for attribute in sorted(kind.attributes, key=lambda one: _depends(kind, one, samples)):
        if attribute not in filled:
            fitting = _first(kind, attribute, filled, samples)
            filled[attribute] = _draw(kind, attribute, fitting, seed, key)
    return {attribute: filled[attribute] for attribute in kind.attributes} | filled


def _depends(kind: EventType, attribute: str, samples: Sequence[Sample]) -> bool:
    """Whether a sample looks at the other attributes: those must be known before this one is drawn."""
    return any(sample.when for sample in samples if sample.speaks_of(kind, attribute))


def _first(kind: EventType, attribute: str, filled: Mapping[str, str], samples: Sequence[Sample]) -> Sample | None:
    for sample in samples:
        if sample.speaks_of(kind, attribute) and sample.when.items() <= filled.items():
            return sample
    return None


def _draw(kind: EventType, attribute: str, sample: Sample | None, seed: int, key: tuple[str | int, ...]) -> str:
    role = _role(attribute)
    names = ("sample", *key, *((role,) if role else (kind.name, attribute)))
    if sample:
        return str(sample.values[pick(seed, len(sample.values), *names)])
    if allowed := kind.allowed.get(attribute):
        return _subset(allowed, seed, names) if attribute in kind.listed else allowed[pick(seed, len(allowed), *names)]
    return seeded_uuid(seed, *names) if role else f"any {attribute.lower()}"


def _role(attribute: str) -> str | None:
    """What an id stands for, whatever follows it: `DESIGN_REQUEST_ID_IN_AURORA` is a `DESIGN_REQUEST`'s."""
    match = _ID.fullmatch(attribute)
    return (match.group(1) or "ID") if match else None


def _subset(allowed: Sequence[str], seed: int, names: tuple[str | int, ...]) -> str:
    """A comma separated list, never empty, in the catalogue's order: the bits of one number say who is in it."""
    members = 1 + pick(seed, 2 ** len(allowed) - 1, *names)
    return ",".join(value for place, value in enumerate(allowed) if members >> place & 1)
