"""Lessons as they are told: in the list, under way, and after the process that began one is gone.

In: scenarios and lessons. Out: plain records, the same shape for a lesson that goes on and for one that was broken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from simulator.dashboard.lesson import Lesson
from simulator.domain.instant import SECOND, format_instant
from simulator.domain.subscription import Subscription
from simulator.scenario.scenario import Scenario
from simulator.scenario.timeline import Stop

BROKEN_OFF = (
    "The server was started again in the middle of this lesson, so it cannot go on. Leave it, which deletes its "
    "subscriptions, or begin it once more."
)

Record = dict[str, Any]


def listed_record(name: str, scenario: Scenario) -> Record:
    """What the menu says of a lesson; the seconds are virtual."""
    stops = [step for step in scenario.timeline if isinstance(step, Stop)]
    return {
        "name": name,
        "title": scenario.name,
        "summary": scenario.description,
        "stops": len(stops),
        "lasts_seconds": (stops[-1].at - scenario.start) // SECOND,
    }


def lesson_record(lesson: Lesson) -> Record:
    """The lesson that goes on: the stop it came to, and what the page is to do there."""
    stop = lesson.stop
    return {
        "name": lesson.name,
        "title": lesson.title,
        "stop": lesson.reached,
        "of": len(lesson.stops),
        "at": format_instant(stop.at) if stop else None,
        "say": stop.say if stop else "",
        "look_at": stop.look_at if stop else None,
        "filter": stop.filter if stop else "",
        "then": stop.then if stop and not lesson.finished else "",
        "subscriptions": lesson.subscriptions,
        "moving": lesson.moving,
        "finished": lesson.finished,
        "broken_off": False,
        "trouble": lesson.trouble,
    }


def broken_off_record(lesson: Record, subscriptions: Sequence[Subscription]) -> Record:
    """What is told of a lesson that a former process began: nothing of it happens any more."""
    return {
        "name": lesson["name"],
        "title": lesson["title"],
        "stop": 0,
        "of": 0,
        "at": None,
        "say": BROKEN_OFF,
        "look_at": "subscriptions",
        "filter": "",
        "then": "",
        "subscriptions": [one.name for one in subscriptions],
        "moving": False,
        "finished": True,
        "broken_off": True,
        "trouble": "",
    }
