"""What may stand in the body of a request: strict models, whose JSON Schemas stand in the OpenAPI document."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from simulator.control.fields import AttributeValue, Duration, Instant, Label, Moment, Speed
from simulator.domain.fault import FaultKind
from simulator.domain.instant import LONGEST, format_duration

MOST_EVENTS = 10_000  # that one request may bring about

_DETAILS = {
    "status": (FaultKind.STATUS,),
    "delay": (FaultKind.SLOW, FaultKind.DUPLICATE, FaultKind.REORDER),
    "period": (FaultKind.FLAP,),
}


class Body(BaseModel):
    """Nothing but what is named, nothing but the type that is named."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True)


class Occurrence(Body):
    """An event or a story that is to occur; attributes that are left out are generated."""

    event: Label | None = Field(None, description="The event that occurs.")
    story: Label | None = Field(None, description="The story that begins: its events occur in their virtual time.")
    tenant: Label = Field("demo", description="The tenant in which it occurs.")
    attributes: dict[Label, AttributeValue] = Field(
        default_factory=dict, max_length=64, description="Attributes of the event, or what a story takes."
    )
    count: int = Field(1, ge=1, le=MOST_EVENTS, description="How many such events, or stories, there are.")
    every: Duration = Field(0, description="The virtual time between one and the next; none: all at once.")
    lenient: bool = Field(default=False, description="Let unknown values and further attributes of an event through.")

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if (self.event is None) == (self.story is None):
            raise ValueError("name an event or a story, one of the two")
        if self.story and self.lenient:
            raise ValueError("lenient is for events; what a story holds is legal by itself")
        return self


class ClockChange(Body):
    """How virtual time is to pass from now on; what is left out stays as it is."""

    speed: Speed | None = Field(None, description="The speed at which it runs, or will run when it is let go.")
    paused: bool | None = Field(None, description="Whether it stands.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.speed is None and self.paused is None:
            raise ValueError("name speed or paused, or both")
        return self


class Advance(Body):
    """How far virtual time is to walk, through everything that falls due on the way."""

    by: Duration | None = Field(None, description="So far from now.")
    to: Moment | None = Field(None, description="The next due instant, or an instant that has not passed.")
    wait: bool = Field(default=True, description="Answer when it has arrived, not as soon as it has set out.")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.by is None) == (self.to is None):
            raise ValueError('name by ("20h") or to ("next", or an instant), one of the two')
        return self


class NewFault(Body):
    """A fault that acts on attempts from now on."""

    kind: FaultKind = Field(description="What is done to the wire.")
    name: Label | None = Field(None, description="What it is called; without one it gets a number.")
    for_: Duration | None = Field(None, alias="for", description="How long it lasts; without it, until it is cleared.")
    subscription: Label | None = Field(None, description="Only attempts of this subscription, by id or name.")
    event: Label | None = Field(None, description="Only attempts of this event.")
    attempt: list[Annotated[int, Field(ge=1, le=1_000)]] | None = Field(
        None, min_length=1, max_length=100, description="Only these places of the ladder; 1 is the first attempt."
    )
    probability: float = Field(1.0, gt=0, le=1, description="The share of those attempts, drawn by seed.")
    status: int | None = Field(None, ge=100, le=599, description="What `status` answers; 503 without it.")
    delay: Duration | None = Field(None, description="What `slow`, `duplicate` and `reorder` wait; 5s without it.")
    period: Duration | None = Field(None, description="How long `flap` is down and then up; 1m without it.")

    @field_validator("for_", "delay", "period")
    @classmethod
    def _some_time(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value == 0 and info.field_name != "delay":
            raise ValueError("must be longer than nothing")
        if value is not None and value > LONGEST:
            raise ValueError(f"is longer than {format_duration(LONGEST)}")
        return value

    @field_validator("status", "delay", "period")
    @classmethod
    def _fitting(cls, value: int | None, info: ValidationInfo) -> int | None:
        kind, kinds = info.data.get("kind"), _DETAILS[str(info.field_name)]
        if value is not None and kind is not None and kind not in kinds:
            raise ValueError(f"{info.field_name} belongs to {' and '.join(kinds)}, not {kind}")
        return value


class NewSubscription(Body):
    """A subscription, its definition in the provider's own words."""

    tenant: Label = Field("demo", description="The tenant to which it belongs.")
    application: Label | None = Field(None, description="The partner application to which it belongs instead.")
    name: Label | None = Field(None, description="A name for people; without one it gets a number.")
    definition: dict[Label, Any] = Field(description="The fields of the provider's own object.")


class SubscriptionChange(Body):
    """What changes in a definition, in the provider's own words; the rest stays as it is."""

    definition: dict[Label, Any] = Field(description="The fields that change, `enabled` among them.")


class DefinitionPreview(Body):
    """A definition that somebody is about to make, or to change; nothing is made of it."""

    tenant: Label = Field("demo", description="The tenant to which it would belong.")
    subscription: Label | None = Field(None, description="The subscription that would change, by id or name.")
    event: Label | None = Field(None, description="For which of its events; without it, for the first.")
    definition: dict[Label, Any] = Field(description="The fields of the provider's own object.")
    attributes: dict[Label, AttributeValue] = Field(
        default_factory=dict, max_length=64, description="Attributes of that event; those left out are samples."
    )


class Resend(Body):
    """Which past deliveries to send again; without anything, everything that was missed."""

    from_: Instant | None = Field(None, alias="from", description="Only for events that occurred then or later.")
    to: Instant | None = Field(None, description="Only for events that occurred before then.")
    subscription: Label | None = Field(None, description="Only of this subscription, by id or name.")
    event: Label | None = Field(None, description="Only of this event.")
    tenant: Label | None = Field(None, description="Only of this tenant.")
    states: tuple[Literal["delivered", "exhausted", "cancelled", "pending"], ...] = Field(
        ("exhausted", "cancelled"), min_length=1, max_length=4, description="Only those that stand so."
    )

    @model_validator(mode="after")
    def _a_window(self) -> Self:
        if self.from_ is not None and self.to is not None and self.to <= self.from_:
            raise ValueError("to must lie after from; nothing lies between them")
        return self
