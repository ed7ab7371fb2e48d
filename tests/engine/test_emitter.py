"""What was planned occurs, and what is given up does not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from stage import Stage

from simulator.clock.agenda import Agenda
from simulator.domain.instant import SECOND
from simulator.engine.emitter import Emitter


async def test_what_was_planned_and_given_up_never_occurs_and_nobody_waits_for_it(
    in_memory: Callable[..., Stage],
) -> None:
    stage = in_memory()
    emitter = Emitter(stage.sim, Agenda(stage.clock))
    rung: list[int] = []
    start = stage.clock.now()
    for seconds in (1, 5):
        emitter.plan(start + seconds * SECOND, lambda seconds=seconds: rung.append(seconds))
    emitter.expect(start + 9 * SECOND)
    await stage.clock.advance(2 * SECOND)
    waiting = asyncio.create_task(emitter.finished())
    emitter.stop()
    await waiting
    assert stage.clock.next_due() is None
    await stage.clock.advance(20 * SECOND)
    assert rung == [1]
