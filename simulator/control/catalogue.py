"""What can occur: the provider's events and stories, for whoever wants to choose."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.domain.event import EventType
from simulator.domain.story import Story


async def show(asked: Asked) -> web.Response:
    """Events with their attributes and filters, stories with what may be given to them."""
    profile = asked.desk.simulation.profile
    return say(
        {
            "provider": profile.name,
            "events": [_event(kind) for kind in profile.catalogue.values()],
            "stories": [_story(story) for story in profile.stories.values()],
        }
    )


def _event(kind: EventType) -> dict[str, Any]:
    return {
        "event": kind.name,
        "attributes": list(kind.attributes),
        "values": {name: list(values) for name, values in kind.allowed.items()},
        "listed": sorted(kind.listed),
        "filters": {name: values and list(values) for name, values in kind.filterable.items()},
        "suggested_template": kind.suggested_template,
        "note": kind.note,
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
