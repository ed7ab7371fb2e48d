"""`/simulator/clock`: speed, pause, walks to a later instant."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from served import Served, at, served, status

from simulator.clock.pace import JUMP, compressed
from simulator.domain.instant import format_instant
from simulator.store.database import reading
from simulator.store.readback import facts

CLOCK = "/simulator/clock"
ADVANCE = "/simulator/clock/advance"


async def test_it_tells_where_it_stands_and_how_it_goes_on(face: Served) -> None:
    told = (await face.get(CLOCK)).json
    assert (told["now"], told["rate"], told["next_due"], told["advancing_to"]) == (at(0), 0, None, None)


async def test_a_new_speed_counts_at_once(face: Served) -> None:
    told = (await face.patch(CLOCK, {"speed": 1440})).json
    assert (told["speed"], told["paused"], told["rate"]) == ("1440", False, 1440)
    assert face.sim.clock.pace == compressed(1440)


@pytest.mark.parametrize(
    ("speed", "shown", "rate"), [("jump", "jump", None), ("elastic", "elastic", None), (0.5, "0.5", 0.5), ("7", "7", 7)]
)
async def test_speeds_are_words_or_numbers(face: Served, speed: object, shown: str, rate: float | None) -> None:
    told = (await face.patch(CLOCK, {"speed": speed})).json
    assert (told["speed"], told["rate"]) == (shown, rate)


async def test_a_pause_stands_still_and_goes_on_at_the_speed_of_before() -> None:
    async with served(pace=compressed(1000)) as face:
        paused = (await face.patch(CLOCK, {"paused": True})).json
        assert (paused["paused"], paused["rate"], paused["speed"]) == (True, 0, "1000")
        assert (await face.get(CLOCK)).json["now"] == paused["now"]
        on = (await face.patch(CLOCK, {"paused": False})).json
        assert (on["paused"], on["rate"]) == (False, 1000)


async def test_a_speed_may_be_chosen_during_a_pause(face: Served) -> None:
    told = (await face.patch(CLOCK, {"paused": True, "speed": 5})).json
    assert (told["paused"], told["rate"], told["speed"]) == (True, 0, "5")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"speed": 0},
        {"speed": -1},
        {"speed": "fast"},
        {"speed": True},
        {"speed": 1e9},
        {"paused": 1},
        {"pause": True},
    ],
)
async def test_a_clock_that_cannot_be_is_refused(face: Served, body: object) -> None:
    assert (await face.patch(CLOCK, body)).status == 422
    assert (await face.get(CLOCK)).json["rate"] == 0


@pytest.mark.parametrize(
    ("speed", "words"),
    [
        (0, "speed '0' is not known; allowed are jump, elastic, or a number above 0 (1 is real time)"),
        (0.0, "speed '0' is not known; allowed are jump, elastic, or a number above 0 (1 is real time)"),
        (-0.5, "speed '-0.5' is not known; allowed are jump, elastic, or a number above 0 (1 is real time)"),
        (1e9, "1000000000 is faster than 1000000 times real time; jump is faster still"),
        ("paused", '"paused" is no speed; pause with {"paused": true}'),
    ],
)
async def test_a_wrong_speed_is_told_as_it_was_given(face: Served, speed: object, words: str) -> None:
    assert (await face.patch(CLOCK, {"speed": speed})).words == words


class TestAdvance:
    async def test_by_a_duration_through_everything_that_falls_due(self) -> None:
        """R3: the whole ladder, in one walk."""
        async with served(status(503)) as face:
            face.subscribe()
            await face.emit()
            told = (await face.post(ADVANCE, {"by": "2d"})).json
            assert (told["now"], told["rate"]) == (at(172_800), 0)
            attempts = (await face.get("/simulator/deliveries/1")).json["attempts"]
            assert [one["started_at"] for one in attempts] == [at(s) for s in (0, 30, 330, 2_130, 12_930, 84_930)]

    async def test_to_what_falls_due_next(self) -> None:
        async with served(status(503)) as face:
            face.subscribe()
            await face.emit()
            await face.advance(0)
            told = (await face.post(ADVANCE, {"to": "next"})).json
            assert (told["now"], told["next_due"]) == (at(30), at(330))

    async def test_to_an_instant(self, face: Served) -> None:
        assert (await face.post(ADVANCE, {"to": at(86_400)})).json["now"] == at(86_400)

    async def test_backward_is_refused_in_words(self, face: Served) -> None:
        await face.advance(60)
        said = await face.post(ADVANCE, {"to": at(59)})
        assert said.status == 409
        assert "never goes back" in said.words

    async def test_beyond_the_calendar_is_refused(self, face: Served) -> None:
        said = await face.post(ADVANCE, {"by": "27000d"})
        assert said.status == 409
        assert "the calendar ends" in said.words

    async def test_to_the_next_where_nothing_is_due_is_refused(self, face: Served) -> None:
        said = await face.post(ADVANCE, {"to": "next"})
        assert (said.status, "nothing falls due" in said.words) == (409, True)

    @pytest.mark.parametrize(
        "body", [{}, {"by": "1h", "to": "next"}, {"by": 60}, {"to": "soon"}, {"to": 7}, {"by": "1h", "wait": "no"}]
    )
    async def test_a_walk_that_says_nothing_is_refused(self, face: Served, body: object) -> None:
        assert (await face.post(ADVANCE, body)).status == 422

    async def test_a_walk_that_is_held_up_shows_and_can_be_broken_off(self, face: Served) -> None:
        with face.sim.clock.holding():
            set_out = await face.post(ADVANCE, {"by": "1h", "wait": False})
            assert (set_out.status, set_out.json["advancing_to"]) == (202, at(3_600))
            assert (await face.post(ADVANCE, {"by": "1h"})).status == 409
            assert (await face.delete(ADVANCE)).status == 200
        told = (await face.get(CLOCK)).json
        assert (told["now"], told["advancing_to"]) == (at(0), None)

    async def test_whoever_waits_for_a_walk_hears_that_it_was_broken_off(self, face: Served) -> None:
        with face.sim.clock.holding():
            waiting = asyncio.create_task(face.post(ADVANCE, {"by": "1h"}))
            while (await face.get(CLOCK)).json["advancing_to"] is None:
                pass
            await face.delete(ADVANCE)
            said = await waiting
        assert (said.status, said.words) == (409, f"the walk was broken off at {at(0)}")

    async def test_without_a_walk_there_is_nothing_to_break_off(self, face: Served) -> None:
        assert (await face.delete(ADVANCE)).status == 409


async def test_what_was_told_is_never_taken_back(tmp_path: Path) -> None:
    """The instant is in the file before it is told: a process that dies then is followed by one that stands there."""
    path = tmp_path / "kept.sqlite"
    async with served(path=path, pace=compressed(100_000)) as face:
        for _ in range(3):
            told = (await face.get(CLOCK)).json["now"]
            with reading(path) as db:
                assert format_instant(facts(db)["now"]) == told
    async with served(path=path) as face:
        assert (await face.get(CLOCK)).json["now"] >= told


async def test_a_clock_that_nobody_watches_stands_where_the_calendar_ends(face: Served) -> None:
    """Beyond it no instant can be written."""
    await face.post(ADVANCE, {"to": "2099-12-31T23:59:59.999999Z"})
    await face.patch(CLOCK, {"speed": 1_000_000})
    while not (told := (await face.get(CLOCK)).json)["paused"]:
        pass
    assert told["now"] > "2100-01-01"
    assert told["rate"] == 0


async def test_jump_never_moves_where_nothing_is_due() -> None:
    async with served(pace=JUMP) as face:
        assert (await face.get(CLOCK)).json["now"] == at(0)
