"""The virtual clock: read, set to a speed, paused, walked to a later instant."""

from __future__ import annotations

import asyncio

from aiohttp import web

from simulator.control.answers import say
from simulator.control.bodies import Advance, ClockChange
from simulator.control.operation import Asked, Operation
from simulator.errors import Refused

PATH = "/simulator/clock"


async def show(asked: Asked) -> web.Response:
    """Where it stands and how it goes on."""
    return say(asked.desk.timekeeper.state())


async def change(asked: Asked) -> web.Response:
    """Another speed, or a pause, or its end."""
    wanted: ClockChange = asked.body
    asked.desk.timekeeper.change(speed=wanted.speed, paused=wanted.paused)
    return say(asked.desk.timekeeper.state())


async def advance(asked: Asked) -> web.Response:
    """Walk to a later instant, through everything that falls due on the way."""
    wanted: Advance = asked.body
    walk = asked.desk.timekeeper.advance(_target(asked, wanted))
    if not wanted.wait:
        return say(asked.desk.timekeeper.state(), 202)
    await asyncio.wait({walk})
    if walk.cancelled():
        raise Refused(f"the walk was broken off at {asked.desk.timekeeper.state()['now']}")
    walk.result()
    return say(asked.desk.timekeeper.state())


async def cancel(asked: Asked) -> web.Response:
    """Break a walk off: the clock goes on from where it is, as it was set."""
    asked.desk.timekeeper.cancel()
    return say(asked.desk.timekeeper.state())


def _target(asked: Asked, wanted: Advance) -> int:
    if wanted.by is not None:
        return asked.desk.service.clock.now() + wanted.by
    return wanted.to if isinstance(wanted.to, int) else asked.desk.timekeeper.next_due()


OPERATIONS = (
    Operation("GET", PATH, "show_clock", "The virtual clock", show, {200: "the clock"}),
    Operation(
        "PATCH", PATH, "change_clock", "Set its speed, or pause it", change, {200: "the clock"}, body=ClockChange
    ),
    Operation(
        "POST",
        f"{PATH}/advance",
        "advance_clock",
        "Walk to a later instant, or to what falls due next",
        advance,
        {200: "it has arrived", 202: "it has set out", 409: "it cannot go there, or was broken off"},
        body=Advance,
    ),
    Operation(
        "DELETE",
        f"{PATH}/advance",
        "cancel_advance",
        "Break the walk off",
        cancel,
        {200: "the clock, where it is", 409: "it is not on its way"},
    ),
)
