"""Expectations as a scenario writes them: one key says what is expected, its fields of what and how much.

They are judged on the report of the whole run, once everything is settled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, PlainValidator, WithJsonSchema

from simulator.domain.outcome import Kind
from simulator.errors import did_you_mean
from simulator.scenario.fields import Count, Duration, EventName, Instant, Label, Number, Offset, Share, Span
from simulator.scenario.strict import Group, OneOf, Ruled, Strict

_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_STATUS = re.compile(r"[1-5][0-9][0-9]")


def _read_outcome(value: str) -> str:
    known = (*Kind, *_CLASSES)
    if value in known or _STATUS.fullmatch(value):
        return value
    hint = did_you_mean(value, known)
    raise ValueError(f'there is no outcome "{value}"{hint}; it is a status such as 503, or one of {", ".join(known)}')


Outcome = Annotated[str, PlainValidator(_read_outcome), WithJsonSchema({"type": "string"})]


class Scope(Strict):
    """Which deliveries an expectation speaks of; with nothing named, all that were to be sent."""

    subscription: Label | None = Field(default=None, description="Only deliveries of this subscription.")
    event: EventName | None = Field(default=None, description="Only deliveries of this event.")


class AmountEntry(Scope, Ruled):
    """How many of the deliveries in scope; with no amount named, all of them."""

    at_most_one_of: ClassVar[tuple[Group, ...]] = (("share", "count", "all"),)

    count: Count | None = Field(None, description="Exactly so many.")
    all: Literal[True] | None = Field(None, description="All of them, and there is at least one.")


class DeliveredEntry(AmountEntry):
    """Deliveries that ended delivered."""

    share: Share | None = Field(None, description="At least this share of them, between 0 and 1.")


class FailedEntry(AmountEntry):
    """Deliveries that ended exhausted or cancelled."""

    one_of: ClassVar[tuple[Group, ...]] = (("share", "count", "all"),)
    at_most_one_of: ClassVar[tuple[Group, ...]] = ()

    share: Share | None = Field(None, description="At most this share of them, between 0 and 1.")


class CountEntry(Scope):
    """Exactly so many deliveries."""

    count: Count = Field(description="Exactly so many.")


class DisabledEntry(Ruled):
    """Whether and when a subscription was disabled; with no instant named, at any time."""

    at_most_one_of: ClassVar[tuple[Group, ...]] = (("never", "by", "at"),)

    subscription: Label = Field(description="The subscription.")
    never: Literal[True] | None = Field(None, description="It was never disabled.")
    by: Instant | None = Field(None, description="It was disabled at this instant at the latest.")
    at: Instant | None = Field(None, description="It was disabled at exactly this instant.")
    reason: str | None = Field(None, min_length=1, description="Words the reason holds, such as auto-disabled.")


class AttemptsEntry(Scope, Ruled):
    """When the attempts of one delivery were made, or how many attempts there were."""

    one_of: ClassVar[tuple[Group, ...]] = (("at", "count"),)
    needs: ClassVar[Mapping[str, Group]] = {"at": ("delivery",), "delivery": ("subscription",)}

    delivery: Number | None = Field(
        None, description="This delivery alone, counted from 1 among those of `subscription` that were to be sent."
    )
    at: list[Offset] | None = Field(
        None, min_length=1, description="The start of every attempt after the event: 0s, 30s, 5m30s."
    )
    tolerance: Duration = Field(0, description="How far each start may be off.")
    count: Count | None = Field(None, description="Exactly so many attempts.")


class OutcomesEntry(Scope):
    """What attempts came to; outcomes that are not named may be any number."""

    counts: dict[Outcome, Count] = Field(
        min_length=1, description="How many attempts came to each: a status (503), a class (5xx), or refused, dns, …"
    )


class ReceiverEntry(Ruled):
    """What the receiver says when it is asked after the run."""

    one_of: ClassVar[tuple[Group, ...]] = (("equals", "contains", "count"),)

    probe: str = Field(description="The URL to GET, whose answer is JSON; {receiver} stands for the receiver.")
    equals: Any = Field(None, description="The answer is exactly this.")
    contains: Any = Field(
        None, description="The answer holds this: a mapping these keys, a list these items, a text these words."
    )
    count: Count | None = Field(None, description="The answer is a list or a mapping of so many.")


class LatencyEntry(Scope, Ruled):
    """How fast the receiver answered, in real time; attempts that an injected fault decided do not count."""

    some_of: ClassVar[tuple[Group, ...]] = (("p50", "p95", "p99"),)

    p50: Span | None = Field(None, description="Half of the answers took less than this.")
    p95: Span | None = Field(None, description="95 of 100 answers took less than this.")
    p99: Span | None = Field(None, description="99 of 100 answers took less than this.")


class DuplicatesEntry(Scope, Ruled):
    """Duplicates: a delivery that had succeeded and was sent again."""

    one_of: ClassVar[tuple[Group, ...]] = (("count", "without_cause"),)

    count: Count | None = Field(None, description="So many were sent on purpose, by a duplicate fault.")
    without_cause: Count | None = Field(
        None, description="So many have no cause: neither a duplicate fault nor a resend. 0 is what to expect."
    )


class ResentEntry(Scope, Ruled):
    """Deliveries that an operator sent again, or was refused to."""

    one_of: ClassVar[tuple[Group, ...]] = (("count", "refused"),)
    needs: ClassVar[Mapping[str, Group]] = {"reason": ("refused",)}

    count: Count | None = Field(None, description="So many deliveries were sent again.")
    refused: Literal[True] | None = Field(None, description="A resend was refused.")
    reason: str | None = Field(None, min_length=1, description="Words the refusal holds, such as 30 days.")


class ExpectEntry(OneOf):
    """One expectation."""

    delivered: DeliveredEntry | None = Field(None, description="Deliveries that ended delivered.")
    exhausted: FailedEntry | None = Field(None, description="Deliveries whose every attempt failed.")
    cancelled: FailedEntry | None = Field(None, description="Deliveries that were given up: disabled, deleted, moved.")
    pending: CountEntry | None = Field(None, description="Deliveries that still wait for an attempt.")
    filtered: CountEntry | None = Field(None, description="Deliveries that a filter of the subscription refused.")
    disabled: DisabledEntry | None = Field(None, description="Whether and when a subscription was disabled.")
    attempts: AttemptsEntry | None = Field(None, description="When attempts were made, or how many.")
    outcomes: OutcomesEntry | None = Field(None, description="What attempts came to.")
    duplicates: DuplicatesEntry | None = Field(None, description="Deliveries sent again after a success.")
    resent: ResentEntry | None = Field(None, description="Deliveries that an operator sent again.")
    receiver: ReceiverEntry | None = Field(None, description="What the receiver says when it is asked.")
    latency: LatencyEntry | None = Field(None, description="How fast the receiver answered, in real time.")
