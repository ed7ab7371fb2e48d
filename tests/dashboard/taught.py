"""A simulation in which lessons can be taken, its sample receiver in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from served import Served, served

from simulator.control.desk import Desk
from simulator.control.operation import Operation
from simulator.dashboard.lesson_operations import lesson_operations
from simulator.dashboard.lessons import open_lessons
from simulator.dashboard.receiver import receiver_operations
from simulator.domain.fault import Passage
from simulator.domain.outcome import Outcome, kind_of_status
from simulator.domain.request import Request

RECEIVER = "http://127.0.0.1:9"
LESSONS, LESSON, NEXT = "/simulator/lessons", "/simulator/lesson", "/simulator/lesson/next"


def lessons_at(receiver: str | None) -> Callable[[Desk], AbstractAsyncContextManager[Sequence[Operation]]]:
    """The operations of lessons that send there."""

    @asynccontextmanager
    async def upstairs(desk: Desk) -> AsyncIterator[Sequence[Operation]]:
        async with open_lessons(desk, receiver) as lessons:
            yield (*lesson_operations(lessons), *receiver_operations("", None))

    return upstairs


def in_memory(request: Request, _: Passage) -> Outcome:
    """What a receiver answers that serves every event under its own name."""
    status = 404 if "/auto_designer?" in request.url else 200
    return Outcome(kind_of_status(status), status, virtual_us=0)


def taught(receiver: str | None = RECEIVER, **options: Any) -> AbstractAsyncContextManager[Served]:
    return served(in_memory, upstairs=lessons_at(receiver), **options)


async def begin(face: Served, name: str = "retries") -> dict[str, Any]:
    """The lesson, at its first stop."""
    said = await face.post(f"{LESSONS}/{name}")
    assert said.status == 201, said.json
    lesson: dict[str, Any] = said.json["lesson"]
    return lesson


async def go_on(face: Served) -> dict[str, Any]:
    said = await face.post(NEXT)
    assert said.status == 200, said.json
    lesson: dict[str, Any] = said.json["lesson"]
    return lesson


async def to_the_end(face: Served) -> list[dict[str, Any]]:
    """Every stop from here to the last."""
    passed = [await go_on(face)]
    while not passed[-1]["finished"]:
        passed.append(await go_on(face))
    return passed
