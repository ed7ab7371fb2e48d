"""Traffic as a scenario writes it: what occurs again and again, how often, and for how long."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, model_validator

from simulator.scenario.fields import Attributes, EventName, Instant, Label, Rate, Span, StoryName
from simulator.scenario.strict import Group, Ruled

MOST_EVENTS = 1_000_000


class MixEntry(Ruled):
    """One of several things that may occur."""

    one_of: ClassVar[tuple[Group, ...]] = (("event", "story"),)

    event: EventName | None = Field(None, description="An event.")
    story: StoryName | None = Field(None, description="Or a story.")
    weight: float = Field(1.0, gt=0, description="How often, against the weights of the others.")
    attributes: Attributes = Field(default_factory=dict, description="Values of its attributes.")


class TrafficEntry(Ruled):
    """Events or stories in a cadence."""

    one_of: ClassVar[tuple[Group, ...]] = (("event", "story", "mix"), ("rate", "poisson", "cron"))

    event: EventName | None = Field(None, description="The event that occurs each time.")
    story: StoryName | None = Field(None, description="Or the story that begins each time.")
    mix: list[MixEntry] | None = Field(None, min_length=1, description="Or one of these, drawn by seed and weight.")
    rate: Rate | None = Field(None, description="Evenly spaced: 40/h, 2/m.")
    poisson: Rate | None = Field(None, description="Or at random instants, drawn by seed, so many on average: 40/h.")
    cron: str | None = Field(None, description="Or by a crontab line in UTC, such as 0 9 * * 1-5.")
    from_: Instant | None = Field(None, alias="from", description="When it begins; left out: at the start.")
    for_: Span = Field(alias="for", description="How long it goes on.")
    tenant: Label = Field("demo", description="The tenant it occurs in.")
    attributes: Attributes = Field(default_factory=dict, description="Values that hold every time.")

    @model_validator(mode="after")
    def _bound(self) -> Self:
        interval = self.rate or self.poisson
        if interval and self.for_ // interval > MOST_EVENTS:
            raise ValueError(f"makes {self.for_ // interval:,} events; at most {MOST_EVENTS:,} come from one entry")
        return self
