"""What may stand in the query of a request; everything arrives as text."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

from simulator.control.fields import Instant, Label
from simulator.domain.delivery import State
from simulator.domain.fault import FaultKind

MOST_ON_A_PAGE = 200
MOST_DIGITS = 15  # of an id: what SQLite can hold, with room to spare

Number = Annotated[int, Field(ge=0, lt=10**MOST_DIGITS)]


def _states(value: Any) -> Any:
    return tuple(value.split(",")) if isinstance(value, str) else value


States = Annotated[
    tuple[State, ...],
    BeforeValidator(_states),
    WithJsonSchema({"type": "string", "examples": ["exhausted,cancelled"], "description": "one or more, by commas"}),
]


class Query(BaseModel):
    """Nothing but what is named."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class DeliveryQuery(Query):
    """Which deliveries; newest first."""

    state: States | None = Field(None, description="Only those that stand so.")
    subscription: Label | None = Field(None, description="Only of this subscription, by id or name.")
    event: Label | None = Field(None, description="Only of this event.")
    event_id: Number | None = Field(None, description="Only of the event with this id.")
    tenant: Label | None = Field(None, description="Only of this tenant.")
    since: Instant | None = Field(None, description="Only for events that occurred then or later.")
    until: Instant | None = Field(None, description="Only for events that occurred before then.")
    limit: int = Field(50, ge=1, le=MOST_ON_A_PAGE, description="How many on a page.")
    cursor: Number | None = Field(None, description="Where the page begins: `next` of the page before.")


class EventQuery(Query):
    """Which events; newest first."""

    event: Label | None = Field(None, description="Only of this name.")
    tenant: Label | None = Field(None, description="Only of this tenant.")
    since: Instant | None = Field(None, description="Only those that occurred then or later.")
    until: Instant | None = Field(None, description="Only those that occurred before then.")
    silent: bool | None = Field(None, description="Only those that left no delivery; `false`: only those that did.")
    limit: int = Field(50, ge=1, le=MOST_ON_A_PAGE, description="How many on a page.")
    cursor: Number | None = Field(None, description="Where the page begins: `next` of the page before.")


class SampleQuery(Query):
    """Attributes for which event."""

    event: Label = Field(description="The event.")
    tenant: Label = Field("demo", description="The tenant in which it would occur.")
    turn: Number = Field(0, description="Another number, other values.")


class FaultQuery(Query):
    """Which faults to end; without anything, all of them."""

    id: Label | None = Field(None, description="The one with this id.")
    kind: FaultKind | None = Field(None, description="Those of this kind.")
    subscription: Label | None = Field(None, description="Those that are aimed at this subscription, by id or name.")


class StreamQuery(Query):
    """Where to go on."""

    after: Annotated[str, StringConstraints(pattern=r"^[0-9]+\.[0-9]{1,18}$")] | None = Field(
        None, description="The cursor of a snapshot; the header Last-Event-ID beats it. Without it: from now on."
    )


class ReportQuery(Query):
    """As what."""

    format: Literal["json", "html"] = Field("json", description="The report as data, or as a page of its own.")
