"""`engine/world`: every tenant's objects, as the committed events left them (E10)."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from stage import Stage, status

from simulator.domain.outcome import Outcome
from simulator.domain.request import Request
from simulator.engine.world import SLICE, TenantWorld, followed
from simulator.providers import AURORA

LEAD = "/tenants/demo/leads/7"


async def lead(world: TenantWorld | None, path: str = LEAD) -> Any:
    assert world is not None
    return await world.read("demo", path, {})


async def test_an_object_is_there_once_its_event_is_committed_e10(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    with followed(stage.sim) as world:
        stage.emit()
        assert await lead(world) is None
        stage.sim.commit()
        assert (await lead(world))["id"] == "7"


async def test_it_is_there_before_the_first_attempt_leaves_e10(in_memory: Callable[..., Stage]) -> None:
    """Whatever the attempts of one instant: each finds the state that its own event made, or a later one."""
    seen: list[str] = []

    def answer(request: Request, _: object) -> Outcome:
        assert world is not None
        project = world._objects.of_tenant("demo")["project", "p"]
        assert project is not None
        seen.append(project["status"])
        return status(200)

    stage = in_memory(answer)
    with followed(stage.sim) as world:
        stage.subscribe(event="project_status_changed", path="/?s=<STATUS>")
        for text in "AB":
            stage.emit("project_status_changed", PROJECT_ID="p", STATUS=text)
        await stage.now()
    assert seen == ["B", "B"]


async def test_what_the_ledger_held_before_is_folded_as_well_e10(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    stage.emit("project_status_changed", PROJECT_ID="p", STATUS="Sold")
    stage.sim.commit()
    with followed(stage.sim) as world:
        assert (await lead(world, "/tenants/demo/projects/p"))["project"]["status"] == "Sold"


async def test_a_restart_folds_to_the_same_objects_e10(tmp_path: Path, in_memory: Callable[..., Stage]) -> None:
    stage = in_memory(path=tmp_path / "run.sqlite")
    with followed(stage.sim) as world:
        for number in range(20):
            stage.emit("project_status_changed", PROJECT_ID=str(number % 3), STATUS=f"turn {number}")
            stage.emit(LEAD_ID=str(number % 5))
        stage.sim.commit()
        assert world is not None
        lived = dict(world._objects.of_tenant("demo"))
    await stage.close()
    again = in_memory(path=tmp_path / "run.sqlite")
    with followed(again.sim) as world:
        assert world is not None
        assert dict(world._objects.of_tenant("demo")) == lived


@pytest.mark.parametrize("count", [SLICE - 1, SLICE, SLICE + 1, 3 * SLICE])
async def test_a_long_ledger_is_folded_in_slices_and_whoever_reads_waits_e10(
    in_memory: Callable[..., Stage], count: int
) -> None:
    stage = in_memory()
    stage.emit_many(count)
    stage.sim.commit()
    passes: list[int] = []
    with followed(stage.sim) as world:
        assert world is not None
        passes.append(len(world._objects.of_tenant("demo")))
        assert passes[0] <= SLICE
        assert (await lead(world, f"/tenants/demo/leads/{count - 1}"))["id"] == str(count - 1)
        assert len(world._objects.of_tenant("demo")) == count


async def test_events_that_come_while_a_long_ledger_is_folded_keep_their_turn_e10(
    in_memory: Callable[..., Stage],
) -> None:
    stage = in_memory()
    for number in range(2 * SLICE):
        stage.emit("project_status_changed", PROJECT_ID="p", STATUS=str(number))
    stage.sim.commit()
    with followed(stage.sim) as world:
        stage.emit("project_status_changed", PROJECT_ID="p", STATUS="last")
        stage.sim.commit()
        assert (await lead(world, "/tenants/demo/projects/p"))["project"]["status"] == "last"


async def test_objects_that_cannot_be_made_stop_the_run_e10(in_memory: Callable[..., Stage]) -> None:
    """A fault of ours must not pass: an object in the wrong state would be a lie."""

    def broken(*_: object) -> Any:
        raise ZeroDivisionError

    assert AURORA.world is not None
    stage = in_memory(profile=replace(AURORA, world=replace(AURORA.world, fold=broken)))
    with followed(stage.sim):
        stage.emit()
        stage.sim.commit()
        assert isinstance(stage.sim.failure, ZeroDivisionError)


async def test_a_provider_that_shows_no_objects_has_no_world(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory(profile=replace(AURORA, world=None))
    with followed(stage.sim) as world:
        assert world is None
    assert stage.sim.on_commit == []


async def test_nothing_is_followed_when_it_is_over(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    stage.emit_many(2 * SLICE)
    stage.sim.commit()
    with followed(stage.sim):
        pass
    assert stage.sim.on_commit == []
    await asyncio.sleep(0)
    assert stage.sim.failure is None
