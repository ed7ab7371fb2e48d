"""The same fixture in async tests: every method is there, is awaited, and asks probes on the test's own loop."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any

import pytest

from simulator.errors import NotFound
from simulator.pytest_plugin.asynchronous import AsyncAurora
from simulator.pytest_plugin.synchronous import Aurora
from simulator.receivers import load
from simulator.receivers.app import make_app

if TYPE_CHECKING:
    from collections.abc import Mapping


def methods(face: type) -> dict[str, list[inspect.Parameter]]:
    return {
        name: [*inspect.signature(one).parameters.values()]
        for name, one in vars(face).items()
        if inspect.isfunction(one) and not name.startswith("_") and name != "forgotten"
    }


def test_both_faces_take_the_same_and_tell_what_it_means() -> None:
    assert methods(AsyncAurora) == methods(Aurora)
    assert all(getattr(face, name).__doc__ for face in (Aurora, AsyncAurora) for name in methods(face))


async def test_a_story_arrives_while_the_test_does_something_else(aurora: AsyncAurora) -> None:
    await aurora.subscribe("agreement_status_changed", to=make_app(load("robust")()))
    await aurora.story("agreement_signed")
    _, passed = await asyncio.gather(aurora.assert_delivered(), asyncio.sleep(0, "passed"))
    assert passed == "passed"
    assert [one.attributes["STATUS"] for one in await aurora.deliveries()] == ["sent", "viewed", "signed"]


@pytest.mark.parametrize(("kind", "holds"), [("robust", True), ("counts-duplicates", False)])
async def test_an_async_probe_is_awaited_on_the_loop_of_the_test(aurora: AsyncAurora, kind: str, holds: bool) -> None:
    receiver = load(kind)()
    loop = asyncio.get_running_loop()

    async def effects(event: Mapping[str, str]) -> list[Any]:
        assert asyncio.get_running_loop() is loop
        return receiver.records.rows("SELECT 1 FROM effects WHERE id = ?", event["AGREEMENT_ID"])

    await aurora.subscribe("agreement_status_changed", to=make_app(receiver), header_auth=("X-Token", "t"))
    await aurora.fault("duplicate")
    await aurora.emit("agreement_status_changed", STATUS="signed")
    if holds:
        await aurora.assert_exactly_once(effects)
        await aurora.assert_converges("agreement_signed", "/agreements/<AGREEMENT_ID>", examples=2)
    else:
        with pytest.raises(AssertionError, match="took effect 2 times, expected 1 time"):
            await aurora.assert_exactly_once(effects)


async def test_time_is_advanced_step_by_step(aurora: AsyncAurora) -> None:
    """R3: 30 s, then 5 minutes."""
    await aurora.subscribe("lead_changed", to=make_app(load("expects-post")()))
    await aurora.emit("lead_changed")
    attempts = []
    for by in ("0s", "30s", "4m 59s", "1s"):
        await aurora.advance(by)
        attempts.append(len((await aurora.deliveries())[0].attempts))
    assert attempts == [1, 2, 2, 3]


async def test_wrong_use_raises_where_it_is_awaited(aurora: AsyncAurora) -> None:
    with pytest.raises(NotFound, match='did you mean "agreement_signed"'):
        await aurora.story("agreement_sined")


async def test_two_simulations_side_by_side_do_not_know_each_other(aurora: AsyncAurora) -> None:
    """Parallel runs: nothing is shared but what the test shares."""
    from simulator.pytest_plugin.background import Background
    from simulator.pytest_plugin.sender import Settings, opened

    other = Background()
    with other.within(opened(Settings())) as sender:
        await aurora.subscribe("lead_changed", to=make_app(load("robust")()))
        await aurora.emit("lead_changed")
        await aurora.assert_delivered()
        assert other.run(sender.deliveries()) == ()
    other.close()
