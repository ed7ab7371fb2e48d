"""A scenario file as it is written: the head, and its four lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from simulator.scenario.expectations import ExpectEntry
from simulator.scenario.fields import AbsoluteInstant, Label, Speed
from simulator.scenario.steps import StepEntry
from simulator.scenario.strict import Group, Ruled, Strict
from simulator.scenario.subscriptions import SubscriptionEntry
from simulator.scenario.traffic import TrafficEntry

DEFAULT_START = 1_767_603_600_000_000  # Monday 5 January 2026, 09:00 UTC


class ClockEntry(Strict):
    """Virtual time."""

    start: AbsoluteInstant = Field(
        default=DEFAULT_START,
        description="The instant at which the scenario begins; 2026-01-05T09:00:00Z unless you say so.",
    )
    speed: Speed = Field(
        default="jump",
        description="jump to the next due instant, elastic (requests take real time), or times real time: 1440.",
    )


class DemandsEntry(Ruled):
    """What the embedded receiver demands of every webhook; one without it is answered 401."""

    needs: ClassVar[Mapping[str, Group]] = {
        "header_auth_key": ("header_auth_value",),
        "header_auth_value": ("header_auth_key",),
        "basic_auth_username": ("basic_auth_password",),
        "basic_auth_password": ("basic_auth_username",),
    }

    header_auth_key: str | None = Field(None, min_length=1, description="Name of the header that carries the token.")
    header_auth_value: str | None = Field(None, min_length=1, repr=False, description="The token; never shown.")
    basic_auth_username: str | None = Field(None, min_length=1, description="User name of the basic pair.")
    basic_auth_password: str | None = Field(None, min_length=1, repr=False, description="Its password; never shown.")


class HeadEntry(Strict):
    """A scenario without its lists."""

    name: Label = Field(description="What it is called, in reports too.")
    description: str = Field("", description="What it shows, in a sentence or two.")
    provider: str = Field(
        "aurora", description="Whose behaviour is simulated.", json_schema_extra={"x-known": "provider"}
    )
    seed: int = Field(0, ge=0, le=2**53, description="The same seed gives the same run.")
    clock: ClockEntry = Field(ClockEntry(), description="Virtual time: when it starts and how it passes.")
    receiver: str = Field(
        "robust",
        min_length=1,
        description="The receiver under test: an embedded kind, or a URL.",
        json_schema_extra={"x-known": "receiver"},
    )
    demands: DemandsEntry | None = Field(None, description="What an embedded receiver demands of every webhook.")
    switches: dict[str, Any] = Field(
        default_factory=dict,
        description="Readings of the provider's guide where it is silent, by name.",
        json_schema_extra={"x-known": "switches"},
    )


class ScenarioEntry(HeadEntry):
    """A scenario: who subscribes to what, what happens when, and what is expected of it."""

    subscriptions: list[SubscriptionEntry] = Field(description="Who subscribes to what when the scenario begins.")
    timeline: list[StepEntry] = Field(default_factory=list, description="What happens at which instant.")
    traffic: list[TrafficEntry] = Field(default_factory=list, description="What occurs again and again.")
    expect: list[ExpectEntry] = Field(default_factory=list, description="What must be true of the run in the end.")
