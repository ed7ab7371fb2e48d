"""Lessons in a running server: begun, gone through, left, begun again, and what a restart makes of them."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from served import Served, at
from taught import LESSON, LESSONS, NEXT, begin, go_on, taught, to_the_end

from simulator.clock.pace import compressed
from simulator.domain.instant import parse_instant
from simulator.providers import AURA
from simulator.scenario.library import shipped_lessons

OF_AURA = "lessons/aura/"
NAMES = [name.removeprefix("lessons/") for name in shipped_lessons() if not name.startswith(OF_AURA)]
CLOCK, ADVANCE = "/simulator/clock", "/simulator/clock/advance"


async def subscriptions(face: Served) -> list[dict]:
    return (await face.get("/simulator/subscriptions")).json["subscriptions"]


async def deliveries(face: Served) -> list[dict]:
    return (await face.get("/simulator/deliveries")).json["deliveries"]


async def states(face: Served) -> list[str]:
    return [one["state"] for one in await deliveries(face)]


# ---- the list


async def test_they_are_listed_with_what_the_menu_shows() -> None:
    async with taught() as face:
        listed = (await face.get(LESSONS)).json["lessons"]
    assert [one["name"] for one in listed] == NAMES
    assert listed[NAMES.index("retries")] == {
        "name": "retries",
        "title": "Retries",
        "summary": "A CRM is down for half an hour; the retry ladder brings it the event all the same.",
        "stops": 5,
        "lasts_seconds": 2190,
        "refused": "",
    }


async def test_each_provider_has_its_own() -> None:
    aura = replace(AURA, readings=replace(AURA.readings, **AURA.on_this_machine))
    async with taught(profile=aura) as face:
        listed = (await face.get(LESSONS)).json["lessons"]
        assert [f"{OF_AURA}{one['name']}" for one in listed] == [one for one in shipped_lessons() if OF_AURA in one]
        await begin(face, "one-attempt")
        assert (await to_the_end(face))[-1]["finished"]
        assert await states(face) == ["delivered", "exhausted", "delivered"]


async def test_without_a_receiver_the_list_says_so_and_none_begins() -> None:
    async with taught(receiver=None) as face:
        assert {
            "aurora-sim serve --receiver robust" in one["refused"] for one in (await face.get(LESSONS)).json["lessons"]
        } == {True}
        said = await face.post(f"{LESSONS}/retries")
        assert (said.status, "no" in said.words or "none" in said.words) == (409, True)
        assert await subscriptions(face) == []


async def test_a_lesson_that_does_not_exist_is_refused_by_name() -> None:
    async with taught() as face:
        said = await face.post(f"{LESSONS}/retrys")
    assert said.status == 404
    assert 'did you mean "retries"?' in said.words


# ---- taking one


@pytest.mark.parametrize("name", NAMES)
async def test_each_can_be_taken_to_its_end_and_stands_at_every_stop(name: str) -> None:
    async with taught() as face:
        first = await begin(face, name)
        assert (first["stop"], first["at"], first["finished"]) == (1, at(0), False)
        lesson = first
        while not lesson["finished"]:
            lesson = await go_on(face)
            clock = (await face.get(CLOCK)).json
            assert (clock["now"], clock["paused"], clock["on_wire"]) == (lesson["at"], True, 0)
            assert lesson["say"]
            assert not lesson["trouble"]
            assert not lesson["moving"]
        assert (lesson["stop"], lesson["then"]) == (lesson["of"], "")
        assert "pending" not in await states(face)


async def test_a_stop_stands_behind_everything_of_its_instant() -> None:
    """R13: the retry that falls due then has its outcome, and the one after it its instant."""
    async with taught() as face:
        await begin(face)
        for attempts, due in ((1, at(90)), (2, at(390)), (3, at(2190))):
            lesson = await go_on(face)
            (delivery,) = await deliveries(face)
            assert (len(delivery["attempts"]), delivery["next_due_at"]) == (attempts, due)
        assert (lesson["look_at"], lesson["filter"], lesson["then"]) == (
            "faults",
            "sub:lesson-1-crm",
            "Wait 30 minutes",
        )


async def test_a_lesson_is_a_guest_with_a_tenant_and_names_of_its_own() -> None:
    async with taught() as face:
        own = face.subscribe("agreement_status_changed", name="crm")
        await begin(face)
        await to_the_end(face)
        assert [one["name"] for one in await subscriptions(face)] == ["crm", "lesson-1-crm"]
        assert {one["subscription_id"] for one in await deliveries(face)}.isdisjoint({own.id})
        assert {one["tenant_id"] for one in await deliveries(face)} == {"lesson-1-demo"}
        assert [one["id"] for one in (await face.get("/simulator/faults")).json["faults"]] == ["lesson-1-fault-1"]


async def test_the_same_lesson_can_be_taken_twice() -> None:
    """What a receiver remembers of the first time is another agreement."""
    async with taught() as face:
        for label in ("lesson-1", "lesson-2"):
            first = await begin(face, "lost-acknowledgement")
            assert first["subscriptions"] == [f"{label}-crm"]
            await to_the_end(face)
            agreements = {
                one["attributes"]["AGREEMENT_ID"]
                for one in await deliveries(face)
                if one["tenant_id"].startswith(label)
            }
            assert agreements == {f"{label}-agreement-1", f"{label}-agreement-2"}
            await face.delete(LESSON)


async def test_it_begins_at_a_whole_second_of_a_clock_that_runs() -> None:
    async with taught(pace=compressed(1000)) as face:
        first = await begin(face)
        assert parse_instant(first["at"]) % 1_000_000 == 0
        lesson = await go_on(face)
        assert (await face.get(CLOCK)).json["now"] == lesson["at"]


# ---- while a person presses other things


async def test_another_is_refused_while_one_goes_on_and_takes_the_place_of_one_that_is_over() -> None:
    async with taught() as face:
        await begin(face)
        said = await face.post(f"{LESSONS}/corrected-url")
        assert (said.status, 'the lesson "Retries" goes on' in said.words) == (409, True)
        await to_the_end(face)
        assert (await begin(face, "corrected-url"))["title"] == "A mistyped path"
        assert [bool(one["deleted_at"]) for one in await subscriptions(face)] == [True, False]


async def test_beyond_the_last_stop_there_is_nothing() -> None:
    async with taught() as face:
        assert (await face.post(NEXT)).status == 409
        await begin(face, "why-nothing-came")
        await to_the_end(face)
        said = await face.post(NEXT)
        assert (said.status, "the lesson is over" in said.words) == (409, True)


async def test_whoever_takes_the_clock_past_a_stop_is_further_on() -> None:
    async with taught() as face:
        await begin(face)
        await face.post(ADVANCE, {"by": "6m"})
        lesson = (await face.get(LESSON)).json["lesson"]
        assert (lesson["stop"], lesson["at"]) == (3, at(90))
        assert (await go_on(face))["at"] == at(390)


async def test_a_clock_that_somebody_lets_run_stands_at_the_next_stop() -> None:
    async with taught(pace=compressed(100_000)) as face:
        await begin(face)
        await face.patch(CLOCK, {"paused": False})
        while not (clock := (await face.get(CLOCK)).json)["paused"]:
            pass
        lesson = (await face.get(LESSON)).json["lesson"]
        assert (lesson["stop"], clock["now"]) == (2, lesson["at"])


async def test_a_walk_that_is_held_up_shows_and_can_be_broken_off_and_taken_up() -> None:
    async with taught() as face:
        await begin(face)
        with face.sim.clock.holding():
            going = asyncio.create_task(face.post(NEXT))
            while not (lesson := (await face.get(LESSON)).json["lesson"])["moving"]:
                pass
            assert lesson["stop"] == 1
            said = await face.post(NEXT)
            assert (said.status, "on its way to stop 2 of 5" in said.words) == (409, True)
            await face.delete(ADVANCE)
            assert (await going).json["lesson"]["stop"] == 1
        assert (await go_on(face))["stop"] == 2


async def test_it_does_not_begin_while_the_clock_is_on_its_way() -> None:
    async with taught() as face:
        with face.sim.clock.holding():
            await face.post(ADVANCE, {"by": "1h", "wait": False})
            said = await face.post(f"{LESSONS}/retries")
            await face.delete(ADVANCE)
        assert (said.status, "the clock is on its way" in said.words) == (409, True)
        assert (await face.get(LESSON)).json == {"lesson": None}
        assert await subscriptions(face) == []


async def test_a_step_that_somebody_made_impossible_is_told_and_stops_nothing() -> None:
    async with taught() as face:
        lesson = await begin(face, "corrected-url")
        await face.delete(f"/simulator/subscriptions/{lesson['subscriptions'][0]}")
        last = (await to_the_end(face))[-1]
        assert last["finished"]
        assert "was deleted" in last["trouble"]
        assert (await face.delete(LESSON)).status == 200


# ---- leaving


async def test_leaving_takes_away_what_it_made_and_gives_the_clock_back() -> None:
    async with taught(pace=compressed(60)) as face:
        own = face.subscribe(name="mine")
        await face.post("/simulator/faults", {"kind": "refuse", "name": "mine", "subscription": own.id})
        await begin(face)
        await go_on(face)
        assert await states(face) == ["pending"]
        assert (await face.delete(LESSON)).json == {"lesson": None}
        assert await states(face) == ["cancelled"]
        clock = (await face.get(CLOCK)).json
        assert (clock["paused"], clock["speed"], clock["next_due"]) == (False, "60", None)
        assert [(one["id"], one["active"]) for one in (await face.get("/simulator/faults")).json["faults"]] == [
            ("mine", True),
            ("lesson-1-fault-1", False),
        ]
        assert [bool(one["deleted_at"]) for one in await subscriptions(face)] == [False, True]
        assert (await face.delete(LESSON)).status == 409


async def test_leaving_on_the_way_to_a_stop_stops_the_walk() -> None:
    async with taught() as face:
        await begin(face)
        with face.sim.clock.holding():
            going = asyncio.create_task(face.post(NEXT))
            while not (await face.get(LESSON)).json["lesson"]["moving"]:
                pass
            assert (await face.delete(LESSON)).status == 200
            assert (await going).json == {"lesson": None}
        clock = (await face.get(CLOCK)).json
        assert (clock["advancing_to"], clock["now"], clock["paused"]) == (None, at(0), False)


async def test_a_lesson_that_cannot_be_subscribed_leaves_nothing() -> None:
    async with taught(receiver="http://staging.example.com", pace=compressed(60)) as face:
        said = await face.post(f"{LESSONS}/retries")
        assert said.status == 422
        assert (await face.get(LESSON)).json == {"lesson": None}
        clock = (await face.get(CLOCK)).json
        assert (clock["paused"], clock["next_due"]) == (False, None)


# ---- who looks


async def test_snapshot_and_stream_tell_where_it_stands() -> None:
    async with taught() as face:
        assert (await face.get("/simulator/snapshot")).json["lesson"] is None
        await begin(face)
        snapshot = (await face.get("/simulator/snapshot")).json
        assert snapshot["lesson"] == (await face.get(LESSON)).json["lesson"]
        await go_on(face)
        told = await changes_after(face, snapshot["cursor"])
        assert ("lesson", 2) in [(one["kind"], (one["record"] or {}).get("stop")) for one in told]
        await face.delete(LESSON)
        assert [one["record"] for one in await changes_after(face, snapshot["cursor"]) if one["kind"] == "lesson"] == [
            None
        ]


async def changes_after(face: Served, cursor: str) -> list[dict]:
    """The first message of a stream that begins there."""

    async with face.client.get(f"{face.url}/simulator/stream?after={cursor}") as response:
        while True:
            line = (await response.content.readline()).decode()
            if line.startswith('data: {"changes"'):
                return json.loads(line.removeprefix("data: "))["changes"]


# ---- the server ends


async def test_a_restart_says_that_the_lesson_is_gone_and_leaving_deletes_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    async with taught(path=path) as face:
        await begin(face)
        await go_on(face)
    async with taught(path=path) as face:
        lesson = (await face.get(LESSON)).json["lesson"]
        assert (lesson["title"], lesson["broken_off"], lesson["finished"]) == ("Retries", True, True)
        assert "cannot go on" in lesson["say"]
        assert lesson["subscriptions"] == ["lesson-1-crm"]
        assert (await face.post(NEXT)).status == 409
        assert await states(face) == ["pending"]
        assert (await face.delete(LESSON)).json == {"lesson": None}
        assert await states(face) == ["cancelled"]
        assert [one["active"] for one in (await face.get("/simulator/faults")).json["faults"]] == [False]
    async with taught(path=path) as face:
        assert (await face.get(LESSON)).json == {"lesson": None}


async def test_after_a_restart_it_can_be_begun_again_at_once(tmp_path: Path) -> None:
    path = tmp_path / "kept.sqlite"
    async with taught(path=path) as face:
        await begin(face)
    async with taught(path=path) as face:
        assert (await begin(face))["subscriptions"] == ["lesson-2-crm"]
        assert (await to_the_end(face))[-1]["finished"]
        assert [bool(one["deleted_at"]) for one in await subscriptions(face)] == [True, False]
