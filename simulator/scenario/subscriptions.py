"""Subscriptions as a scenario writes them: a name of ours, and the customer's own words.

The fields are those of every provider together; which of them a provider knows, and what they may hold, is for its
profile to say.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from simulator.scenario.fields import EventName, Label
from simulator.scenario.strict import Strict

_OURS = ("name", "tenant", "subscription")


class FilterEntry(Strict):
    """A filter: the event is sent only where the attribute has one of these values."""

    url_parameter: str = Field(description="The attribute the filter stands on, such as STATUS or <STATUS>.")
    value: list[str] = Field(description="The values that pass, exact and case-sensitive.")


class Words(Strict):
    """The customer's words for a subscription, as the provider's management interface takes them."""

    description: str | None = Field(None, description="What the subscription is for.")
    event: EventName | None = Field(None, description="The event it asks for (Aurora).")
    url_template: str | None = Field(
        None,
        description=(
            "Where each event is sent (Aurora); {receiver} stands for the receiver, <NAME> for an attribute of the "
            "event. Left out: the event's suggested path and query on {receiver}."
        ),
    )
    enabled: bool | None = Field(None, description="Whether it receives events (Aurora); true unless you say so.")
    header_auth_key: str | None = Field(None, description="Name of the header that carries the token (Aurora).")
    header_auth_value: str | None = Field(None, repr=False, description="The token; sent, and never shown (Aurora).")
    basic_auth_username: str | None = Field(None, description="User name of the basic pair (Aurora).")
    basic_auth_password: str | None = Field(
        None, repr=False, description="Password of the basic pair; sent, and never shown (Aurora)."
    )
    filters: list[FilterEntry] | None = Field(None, description="Every one must pass, else nothing is sent (Aurora).")
    url: str | None = Field(None, description="Where each event is sent (AURA); {receiver} stands for the receiver.")
    events: list[EventName] | None = Field(None, description="The events it asks for (AURA).")
    headers: dict[str, str] | None = Field(
        None, repr=False, description="Headers sent with each event; their values are never shown (AURA)."
    )
    method: str | None = Field(None, description="How events are sent; the provider knows webhook (AURA).")

    def said(self) -> dict[str, Any]:
        """What was written, and nothing that was not."""
        words = self.model_dump(exclude_unset=True)
        return {key: value for key, value in words.items() if key not in _OURS}


class NamedEntry(Strict):
    """What the scenario itself says of a subscription."""

    name: Label = Field(description="What the scenario and the report call it; unique within the file.")
    tenant: Label = Field("demo", description="The tenant it belongs to.")


class SubscriptionEntry(Words, NamedEntry):
    """A subscription: a name of ours, and the customer's words."""
