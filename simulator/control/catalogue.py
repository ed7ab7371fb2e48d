"""What can occur and who can be told: events, stories and the fields of a subscription, for whoever wants to choose."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.domain.event import EventType
from simulator.domain.form import FormField
from simulator.domain.provider import Profile
from simulator.domain.story import Story

RECEIVER = "{receiver}"
"""What stands for the base URL of a receiver in a suggested definition, as in a scenario."""


async def show(asked: Asked) -> web.Response:
    """Events with their attributes and filters, stories with what may be given to them."""
    profile = asked.desk.simulation.profile
    return say(
        {
            "provider": profile.name,
            "events": [_event(kind, profile) for kind in profile.catalogue.values()],
            "stories": [_story(story) for story in profile.stories.values()],
            "definition": [_field(one, profile) for one in profile.form.fields] if profile.form else [],
        }
    )


def _event(kind: EventType, profile: Profile) -> dict[str, Any]:
    return {
        "event": kind.name,
        "attributes": list(kind.attributes),
        "values": {name: list(values) for name, values in kind.allowed.items()},
        "listed": sorted(kind.listed),
        "filters": {name: values and list(values) for name, values in kind.filterable.items()},
        "suggested_template": kind.suggested_template,
        "suggested": profile.suggest(kind.name, RECEIVER),
        "note": kind.note,
    }


def _field(field: FormField, profile: Profile) -> dict[str, Any]:
    of_events = field.kind in ("event", "events")
    return {
        "name": field.name,
        "type": field.kind,
        "label": field.label,
        "required": field.required,
        "secret": field.secret,
        "choices": list(profile.catalogue) if of_events else None,
        "placeholders": field.placeholders,
        "group": field.group,
        "hint": field.hint,
    }


def _story(story: Story) -> dict[str, Any]:
    return {
        "story": story.name,
        "summary": story.summary,
        "takes": {name: values and list(values) for name, values in story.takes.items()},
    }


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/catalogue",
        "show_catalogue",
        "The events and stories there are",
        show,
        {200: "the catalogue"},
    ),
)
