"""`engine/calendar`: what was accepted for a later instant occurs at exactly that instant, once, restarts included."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from stage import Stage, instant

from simulator.errors import Invalid


def occurred(stage: Stage) -> list[tuple[str, float]]:
    return [(row["name"], row["occurred_at"]) for row in stage.rows("SELECT name, occurred_at FROM events ORDER BY id")]


def plan(stage: Stage, seconds: float, event: str = "lead_changed", lead: str = "7") -> None:
    stage.sim.plan("demo", event, {"LEAD_ID": lead}, instant(seconds))


async def test_a_planned_event_occurs_at_exactly_its_instant(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    plan(stage, 3_600)
    await stage.until(3_599.999_999)
    assert (occurred(stage), len(stage.sim.calendar)) == ([], 1)
    await stage.until(3_600)
    assert occurred(stage) == [("lead_changed", instant(3_600))]
    assert len(stage.sim.calendar) == 0


async def test_one_whose_instant_has_passed_occurs_as_soon_as_possible(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    await stage.until(60)
    plan(stage, 30)
    await stage.now()
    assert occurred(stage) == [("lead_changed", instant(60))]


async def test_those_of_one_instant_occur_in_the_order_of_acceptance(in_memory: Callable[..., Stage]) -> None:
    stage = in_memory()
    for lead in "abc":
        plan(stage, 10, lead=lead)
    await stage.until(10)
    leads = [row["attributes"] for row in stage.rows("SELECT attributes FROM events ORDER BY id")]
    assert leads == ['{"LEAD_ID":"a"}', '{"LEAD_ID":"b"}', '{"LEAD_ID":"c"}']


async def test_it_is_refused_when_it_is_planned_and_not_when_it_occurs(in_memory: Callable[..., Stage]) -> None:
    """E1"""
    stage = in_memory()
    with pytest.raises(Invalid, match="there is no event"):
        plan(stage, 10, "lead_chnged")
    assert len(stage.sim.calendar) == 0


async def test_a_restart_knows_what_is_to_come_and_nothing_occurs_twice(
    tmp_path: Path, over_http: Callable[..., Stage]
) -> None:
    stage = over_http(path=tmp_path / "run.sqlite")
    plan(stage, 10)
    plan(stage, 20)
    plan(stage, 30)
    await stage.until(20)
    await stage.start_again()
    assert len(stage.sim.calendar) == 1
    await stage.until(60)
    assert occurred(stage) == [("lead_changed", instant(10 * n)) for n in (1, 2, 3)]
    assert stage.rows("SELECT * FROM planned") == []


async def test_what_is_planned_leaves_its_table_in_the_transaction_of_the_event(
    in_memory: Callable[..., Stage],
) -> None:
    """Whenever the process dies, it is in one of the two."""
    stage = in_memory()
    for second in range(5):
        plan(stage, second)
    seen = []
    stage.sim.on_commit.append(
        lambda _: seen.append(
            stage.ledger.db.execute("SELECT (SELECT count(*) FROM planned) + (SELECT count(*) FROM events)").fetchone()
        )
    )
    await stage.until(5)
    assert set(seen) == {(5,)}


async def test_once_the_engine_has_stopped_nothing_occurs(in_memory: Callable[..., Stage]) -> None:
    """It stays in the ledger, for a restart."""
    stage = in_memory()
    plan(stage, 10)
    stage.sim.fail(RuntimeError("the disk is full"))
    await stage.clock.advance_to(instant(20))
    assert occurred(stage) == []
    assert len(stage.rows("SELECT * FROM planned")) == 1
