"""Stories unfold from tables into events: in order, by seed, with ids that agree within and never across."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain.instant import HOUR, MINUTE, SECOND
from simulator.domain.story import Ago, Choice, Id, Story, StoryEvent, check_given, either, step, turn, unfold
from simulator.errors import Invalid

OUTCOME = turn("outcome", {"works": 3, "fails": 1})
TALE = Story(
    "tale",
    "Something is made, tested and kept or thrown away.",
    (
        step("0s", "made", THING_ID=Id("thing"), COLOUR=either("red", "blue")),
        step("1m..2h", "tested", THING_ID=Id("thing"), TEST_ID=Id("test"), STATUS=OUTCOME),
        step("5s", "kept", THING_ID=Id("thing"), SHELF="top", when=OUTCOME.was("works")),
        step("1h", "thrown", THING_ID=Id("thing"), COLOUR=either("red", "blue"), when=OUTCOME.was("fails")),
        step("0s", "told", THING_ID=Id("thing")),
    ),
)
STEADY = settings(deadline=None, derandomize=True)
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
KEYS = st.integers() | st.text(max_size=20)


def names(events: tuple[StoryEvent, ...]) -> list[str]:
    return [event.event for event in events]


def values(events: tuple[StoryEvent, ...], attribute: str) -> set[str]:
    return {event.attributes[attribute] for event in events if attribute in event.attributes}


@given(SEEDS, KEYS)
@STEADY
def test_the_same_seed_and_key_unfold_into_the_same_events(seed: int, key: str | int) -> None:
    assert unfold(TALE, seed, key) == unfold(TALE, seed, key)


@given(SEEDS, KEYS)
@STEADY
def test_events_come_in_the_order_of_their_offsets(seed: int, key: str | int) -> None:
    offsets = [event.offset_us for event in unfold(TALE, seed, key)]
    assert offsets == sorted(offsets)
    assert offsets[0] == 0


@given(SEEDS, KEYS)
@STEADY
def test_a_step_happens_within_its_span_after_the_one_before_in_whole_seconds(seed: int, key: str | int) -> None:
    made, tested, *_ = unfold(TALE, seed, key)
    assert MINUTE <= tested.offset_us - made.offset_us <= 2 * HOUR
    assert tested.offset_us % SECOND == 0


def test_both_ends_of_a_span_are_reached() -> None:
    story = Story("wait", "", (step("2s..4s", "waited"),))
    assert {unfold(story, 1, key)[0].offset_us for key in range(100)} == {2 * SECOND, 3 * SECOND, 4 * SECOND}


@given(SEEDS, KEYS)
@STEADY
def test_steps_that_name_a_role_hold_one_id(seed: int, key: str | int) -> None:
    (thing,) = values(unfold(TALE, seed, key), "THING_ID")
    assert UUID(thing).version == 4


@given(st.lists(st.tuples(SEEDS, KEYS), min_size=2, max_size=6, unique=True))
@STEADY
def test_no_two_unfoldings_share_an_id(places: list[tuple[int, str | int]]) -> None:
    ids = [
        values(unfold(TALE, seed, key), "THING_ID") | values(unfold(TALE, seed, key), "TEST_ID") for seed, key in places
    ]
    assert len(set().union(*ids)) == 2 * len(places)


def test_two_stories_with_one_seed_and_key_share_no_id() -> None:
    other = Story("other", "", TALE.steps)
    assert values(unfold(TALE, 7, "a"), "THING_ID").isdisjoint(values(unfold(other, 7, "a"), "THING_ID"))


def test_the_number_1_and_the_text_1_are_different_keys() -> None:
    assert unfold(TALE, 7, 1) != unfold(TALE, 7, "1")


@given(SEEDS, KEYS)
@STEADY
def test_exactly_the_steps_of_the_turn_that_was_taken_happen(seed: int, key: str | int) -> None:
    events = unfold(TALE, seed, key)
    (status,) = values(events, "STATUS")
    assert names(events) == ["made", "tested", {"works": "kept", "fails": "thrown"}[status], "told"]


def test_a_step_that_does_not_happen_takes_no_time() -> None:
    kept = unfold(TALE, 7, "a", {"outcome": "works"})
    thrown = unfold(TALE, 7, "a", {"outcome": "fails"})
    assert kept[-1].offset_us - kept[1].offset_us == 5 * SECOND
    assert thrown[-1].offset_us - thrown[1].offset_us == HOUR


def test_turns_are_taken_about_as_often_as_their_weights_say() -> None:
    taken = [unfold(TALE, 7, key)[1].attributes["STATUS"] for key in range(1_000)]
    assert 700 < taken.count("works") < 800


def test_a_choice_without_a_role_is_drawn_anew_at_every_step() -> None:
    story = Story("repeat", "", tuple(step("1s", "seen", COLOUR=either("red", "blue")) for _ in range(50)))
    assert values(unfold(story, 7, "a"), "COLOUR") == {"red", "blue"}


def test_a_choice_with_a_role_is_drawn_once() -> None:
    colour = Choice({"red": 1, "blue": 1}, "colour")
    story = Story("repeat", "", tuple(step("1s", "seen", COLOUR=colour) for _ in range(50)))
    assert {len(values(unfold(story, 7, key), "COLOUR")) for key in range(20)} == {1}


class TestGiven:
    @pytest.mark.parametrize("name", ["thing", "THING_ID"])
    def test_a_given_role_or_attribute_stands_wherever_the_role_does(self, name: str) -> None:
        events = unfold(TALE, 7, "a", {name: "mine"})
        assert values(events, "THING_ID") == {"mine"}
        assert values(events, "TEST_ID") == values(unfold(TALE, 7, "a"), "TEST_ID")

    @pytest.mark.parametrize("name", ["outcome", "STATUS"])
    def test_a_given_turn_decides_what_happens_and_what_is_told(self, name: str) -> None:
        for value, follows in (("works", "kept"), ("fails", "thrown")):
            events = unfold(TALE, 7, "a", {name: value})
            assert events[1].attributes["STATUS"] == value
            assert events[2].event == follows

    def test_a_given_attribute_stands_in_every_choice_that_has_the_value(self) -> None:
        story = Story("two", "", (step("0s", "a", BY=either("x", "y")), step("0s", "b", BY=either("y", "z"))))
        assert [event.attributes["BY"] for event in unfold(story, 7, "a", {"BY": "y"})] == ["y", "y"]
        assert unfold(story, 7, "a", {"BY": "z"})[1].attributes["BY"] == "z"
        assert unfold(story, 7, "a", {"BY": "z"})[0].attributes["BY"] in {"x", "y"}

    def test_what_is_given_changes_nothing_else(self) -> None:
        drawn, fixed = unfold(TALE, 7, "a"), unfold(TALE, 7, "a", {"thing": "mine"})
        assert [event.offset_us for event in drawn] == [event.offset_us for event in fixed]
        assert values(drawn, "COLOUR") == values(fixed, "COLOUR")

    def test_a_value_that_a_step_fixes_cannot_be_given_because_it_is_the_story(self) -> None:
        assert str(check_given(TALE, {"SHELF": "low"})[0]).startswith("SHELF: tale has nothing to give here")

    def test_an_unknown_name_is_refused_with_what_is_allowed_and_a_guess(self) -> None:
        with pytest.raises(Invalid, match=r'thign: .*did you mean "thing".*it takes thing, THING_ID, COLOUR'):
            unfold(TALE, 7, "a", {"thign": "mine"})

    def test_a_value_outside_a_choice_is_refused_with_the_choice(self) -> None:
        with pytest.raises(Invalid, match='outcome: "explodes" is not among works, fails'):
            unfold(TALE, 7, "a", {"outcome": "explodes"})

    def test_every_problem_is_reported_at_once(self) -> None:
        assert len(check_given(TALE, {"nobody": "x", "outcome": "explodes", "COLOUR": "green"})) == 3

    def test_a_story_says_what_it_takes(self) -> None:
        assert dict(TALE.takes) == {
            "thing": None,
            "THING_ID": None,
            "COLOUR": ("red", "blue"),
            "test": None,
            "TEST_ID": None,
            "outcome": ("works", "fails"),
            "STATUS": ("works", "fails"),
        }


@pytest.mark.parametrize("after", ["", "soon", "2h..1m", "1m..", "..1m", "1m..2m..3m"])
def test_a_row_with_an_impossible_delay_is_refused_where_it_is_written(after: str) -> None:
    with pytest.raises(ValueError, match=r"duration"):
        step(after, "never")


@pytest.mark.parametrize("choice", [either("a", "b"), turn("way", {"left": 1})])
def test_only_a_value_of_a_turn_can_be_waited_for(choice: Choice) -> None:
    with pytest.raises(ValueError, match="cannot be waited for"):
        choice.was("right")


def test_a_step_can_tell_how_long_before_it_another_occurred() -> None:
    steps = (
        step("0s", "begun", since=Ago("begun")),
        step("90s", "gone_on", since=Ago("begun")),
        step("1h", "ended", since=Ago("begun"), never=Ago("cancelled")),
    )
    told = [dict(one.attributes) for one in unfold(Story("s", "…", steps), 1, "key")]
    assert told == [{"since": ""}, {"since": "-1m 30s"}, {"since": "-1h 1m 30s", "never": ""}]


def test_an_id_can_be_a_number_that_the_steps_agree_on() -> None:
    steps = (step("0s", "begun", id=Id("callout", range(10, 20))), step("0s", "ended", id=Id("callout", range(10, 20))))
    first, second = (one.attributes["id"] for one in unfold(Story("s", "…", steps), 1, "key"))
    assert first == second
    assert int(first) in range(10, 20)
