"""Lessons over HTTP: the list, the one that goes on, and what a person does with it.

In: requests. Out: `{"lessons": […]}`, or `{"lesson": …}` with null where none goes on. Whoever goes on is answered when
the clock has arrived; whoever only looks sees it in the snapshot and the stream as well.
"""

from __future__ import annotations

from aiohttp import web

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.dashboard.lessons import Lessons

LIST, ONE = "/simulator/lessons", "/simulator/lesson"


def lesson_operations(lessons: Lessons) -> tuple[Operation, ...]:
    """What can be asked of these lessons, for `control_app(further=…)`."""

    def told(status: int = 200) -> web.Response:
        return say({"lesson": lessons.state()}, status)

    async def show_all(_: Asked) -> web.Response:
        return say({"lessons": lessons.listed()})

    async def show(_: Asked) -> web.Response:
        return told()

    async def begin(asked: Asked) -> web.Response:
        await lessons.begin(asked.request.match_info["name"])
        return told(201)

    async def go_on(_: Asked) -> web.Response:
        await lessons.go_on()
        return told()

    async def leave(_: Asked) -> web.Response:
        await lessons.leave()
        return told()

    none = {409: "no lesson goes on"}
    cannot = {404: "there is no such lesson", 409: "another goes on, or there is no receiver"}
    arrived = {200: "the lesson, at its next stop", 409: "no lesson goes on, it is over, or the clock is on its way"}
    return (
        Operation("GET", LIST, "list_lessons", "The guided walks there are", show_all, {200: "all of them"}),
        Operation("POST", f"{LIST}/{{name}}", "begin_lesson", "Begin one", begin, {201: "the lesson", **cannot}),
        Operation("GET", ONE, "show_lesson", "The lesson that goes on", show, {200: "the lesson, or null"}),
        Operation("POST", f"{ONE}/next", "go_on", "Walk to the next stop", go_on, arrived),
        Operation("DELETE", ONE, "leave_lesson", "Leave it, and delete what it made", leave, {200: "null", **none}),
    )
