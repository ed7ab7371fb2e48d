"""Faults as a scenario writes them: one key names the kind, its fields say for how long and which attempts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, WithJsonSchema

from simulator.domain.instant import MINUTE, SECOND
from simulator.scenario.fields import Duration, EventName, Label, Number, Span
from simulator.scenario.strict import OneOf, Shorthand, Strict

_POSITION = {"type": "integer", "minimum": 1}


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Positions = Annotated[
    list[Number],
    Field(min_length=1),
    BeforeValidator(_as_list),
    WithJsonSchema({"anyOf": [_POSITION, {"type": "array", "items": _POSITION, "minItems": 1}]}),
]


class WindowEntry(Strict):
    """How long a fault lasts and which attempts it acts on; it begins at the step's instant."""

    for_: Span | None = Field(None, alias="for", description="How long it lasts; left out: until it is cleared.")
    subscription: Label | None = Field(None, description="Only attempts for this subscription.")
    event: EventName | None = Field(None, description="Only attempts for this event.")
    attempt: Positions | None = Field(
        None,
        description="Only these places of the retry ladder: 1 is the first attempt, 2 the first retry.",
    )
    probability: float = Field(1.0, gt=0, le=1, description="The share of those attempts it acts on, drawn by seed.")


class StatusEntry(WindowEntry, Shorthand):
    """Something in between answers with a status; the receiver never sees the request."""

    chief: ClassVar[str] = "code"

    code: int = Field(ge=100, le=599, description="The status that is answered.")


def _tell_other_spelling(schema: dict[str, Any]) -> None:
    schema["properties"]["by"] = {**schema["properties"]["delay"], "title": "By", "description": "The same as delay."}


class DelayEntry(WindowEntry):
    """A fault that is about time; `by` is another spelling of `delay`."""

    model_config = ConfigDict(json_schema_extra=_tell_other_spelling)

    delay: Duration = Field(
        5 * SECOND,
        validation_alias=AliasChoices("delay", "by"),
        description="How much later: the answer (slow), the second sending (duplicate), the attempt (reorder).",
    )


class FlapEntry(WindowEntry):
    """The receiver goes down and comes up in turn; attempts are refused while it is down, which comes first."""

    period: Span = Field(MINUTE, description="The length of each down and of each up.")


class FaultEntry(OneOf):
    """What is done to the wire on purpose. An injected fault costs no real time."""

    beside: ClassVar[frozenset[str]] = frozenset({"name"})

    name: Label | None = Field(None, description="A name by which `clear` can end it.")
    refuse: WindowEntry | None = Field(None, description="The connection is refused.")
    dns: WindowEntry | None = Field(None, description="The receiver's name does not resolve.")
    tls: WindowEntry | None = Field(None, description="The receiver's certificate is not accepted.")
    reset: WindowEntry | None = Field(None, description="The connection breaks off.")
    timeout: WindowEntry | None = Field(None, description="The receiver never sees the request; the sender times out.")
    lost_response: WindowEntry | None = Field(
        None, description="The receiver does its work, the answer is lost; the sender times out."
    )
    slow: DelayEntry | None = Field(None, description="The answer arrives later than it was given.")
    status: StatusEntry | None = Field(None, description="Something in between answers, for example 503.")
    redirect: WindowEntry | None = Field(None, description="Something in between answers 302.")
    malformed: WindowEntry | None = Field(None, description="What comes back is not HTTP.")
    duplicate: DelayEntry | None = Field(None, description="After a success the same request is sent once more.")
    reorder: DelayEntry | None = Field(
        None, description="First attempts are held back, so that later events overtake them."
    )
    flap: FlapEntry | None = Field(None, description="Down and up in turn.")


def fault_ids(faults: Mapping[int, FaultEntry]) -> dict[int, str]:
    """What each fault is called: its name, or a number that counts the faults of the file."""
    return {index: entry.name or f"fault-{number}" for number, (index, entry) in enumerate(faults.items(), start=1)}
