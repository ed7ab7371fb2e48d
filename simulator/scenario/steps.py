"""The steps of a timeline as a scenario writes them: an instant, and one key that says what happens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from simulator.scenario.faults import FaultEntry
from simulator.scenario.fields import ActionName, Attributes, EventName, Instant, Kind, Label, Number, StoryName
from simulator.scenario.strict import Group, OneOf, Ruled, Shorthand, Strict
from simulator.scenario.subscriptions import SubscriptionEntry, Words
from simulator.scenario.timeline import Sight

MOST_AT_ONCE = 100_000


class EmitEntry(Strict):
    """An event occurs."""

    event: EventName = Field(description="The event that occurs.")
    tenant: Label = Field("demo", description="The tenant it occurs in.")
    attributes: Attributes = Field(
        default_factory=dict, description="Values of its attributes; those left out are generated."
    )
    count: int = Field(1, ge=1, le=MOST_AT_ONCE, description="How many such events occur at this instant.")
    lenient: bool = Field(
        default=False, description="Let attributes and values through that the catalogue does not know."
    )


class StoryEntry(Shorthand):
    """A life cycle begins: its events follow one another from this instant on."""

    chief: ClassVar[str] = "name"

    name: StoryName = Field(description="The story to play.")
    tenant: Label = Field("demo", description="The tenant it plays in.")
    attributes: Attributes = Field(
        default_factory=dict, description="Values that hold for all its events, such as a PROJECT_ID."
    )


class ActEntry(Shorthand):
    """Something is done through the provider's API, or by its test tools; the event that belongs to it follows."""

    chief: ClassVar[str] = "action"

    action: ActionName = Field(description="What is done.")
    tenant: Label = Field("demo", description="The tenant it is done in.")
    attributes: Attributes = Field(default_factory=dict, description="What is given to it, such as an id.")


class UpdateEntry(Words):
    """The customer changes a subscription; fields that are not named stay as they are."""

    subscription: Label = Field(description="The subscription to change.")


class TargetEntry(Shorthand):
    """A step that needs the name of a subscription and nothing else."""

    chief: ClassVar[str] = "subscription"

    subscription: Label = Field(description="The subscription, by its name in this file.")


class ResendEntry(Ruled):
    """An operator sends deliveries again, with the latest definition and a fresh chain of attempts."""

    needs: ClassVar[Mapping[str, Group]] = {"delivery": ("subscription",)}

    subscription: Label | None = Field(None, description="Only deliveries of this subscription.")
    event: EventName | None = Field(None, description="Only deliveries of this event.")
    delivery: Number | None = Field(
        None, description="This delivery alone, counted from 1 among those of `subscription` that were to be sent."
    )
    from_: Instant | None = Field(None, alias="from", description="Only events that occurred then or later.")
    to: Instant | None = Field(None, description="Only events that occurred before then.")


class ClearEntry(Strict):
    """Faults end. With nothing named, all of them do."""

    name: Label | None = Field(None, description="The fault of this name.")
    kind: Kind | None = Field(None, description="Every fault of this kind.")
    subscription: Label | None = Field(None, description="Every fault that acts on this subscription alone.")


class CheckpointEntry(Shorthand):
    """A remark that appears in the course of the run."""

    chief: ClassVar[str] = "say"

    say: str = Field(min_length=1, description="What to say.")


class StopEntry(Strict):
    """A guided walk halts here; a run tells it like a checkpoint and goes on."""

    say: str = Field(min_length=1, max_length=400, description="What happened, and what to look at: a sentence or two.")
    look_at: Sight = Field(description="The part of the page to look at.")
    filter: str = Field("", max_length=200, description="Words for the page's filter box: sub:crm state:pending.")
    then: str = Field("Go on", min_length=1, max_length=40, description="The words on the button that goes on.")


class StepEntry(OneOf):
    """One step of the timeline."""

    beside: ClassVar[frozenset[str]] = frozenset({"at"})

    at: Instant = Field(description="When: 0s, +6h, 2d 3h after the start, or an instant such as 2026-03-06T17:00:00Z.")
    emit: EmitEntry | None = Field(None, description="An event occurs.")
    story: StoryEntry | None = Field(None, description="A life cycle begins.")
    act: ActEntry | None = Field(None, description="Something is done through the provider's API (AURA).")
    update: UpdateEntry | None = Field(None, description="A subscription is changed.")
    disable: TargetEntry | None = Field(None, description="A subscription is disabled.")
    enable: TargetEntry | None = Field(None, description="A subscription is enabled again.")
    delete: TargetEntry | None = Field(None, description="A subscription is deleted.")
    register_: SubscriptionEntry | None = Field(
        None, alias="register", description="A further subscription is created."
    )
    resend: ResendEntry | None = Field(None, description="Deliveries are sent again by an operator.")
    fault: FaultEntry | None = Field(None, description="Something is done to the wire on purpose.")
    clear: ClearEntry | None = Field(None, description="Faults end.")
    checkpoint: CheckpointEntry | None = Field(None, description="A remark in the course of the run.")
    stop: StopEntry | None = Field(None, description="A guided walk halts, and says what to look at.")
