"""Sample values: what nobody gave is filled in legally (E1), by seed, with ids that agree under one key."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain.event import EventType, check_event
from simulator.domain.sample import HOSTILE, Sample, complete

KIND = EventType(
    name="thing_changed",
    attributes=("THING_ID", "OWNER_ID_IN_HOUSE", "STATUS", "PARTS", "REMARK"),
    suggested_template="",
    allowed={"STATUS": ("new", "used", "broken"), "PARTS": ("lid", "box", "key")},
    filterable={},
    listed=frozenset({"PARTS"}),
)
OTHER = EventType("owner_changed", ("OWNER_ID", "STATUS", "ID"), "", {}, {})
CATALOGUE = {KIND.name: KIND, OTHER.name: OTHER}
STEADY = settings(deadline=None, derandomize=True)
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)


@given(SEEDS, st.lists(st.integers() | st.text(max_size=9), max_size=3))
@STEADY
def test_a_completed_event_is_legal_and_says_every_attribute_in_the_catalogues_order(
    seed: int, key: Sequence[str | int]
) -> None:
    filled = complete(KIND, {}, seed, *key)
    assert check_event(CATALOGUE, KIND.name, filled) == []
    assert tuple(filled) == KIND.attributes


@given(SEEDS, st.dictionaries(st.sampled_from(KIND.attributes), st.text()))
@STEADY
def test_what_is_given_stays_as_it_is(seed: int, attributes: dict[str, str]) -> None:
    filled = complete(KIND, attributes, seed)
    assert filled | attributes == filled
    assert filled.keys() == set(KIND.attributes)


def test_a_given_attribute_that_the_event_does_not_have_is_left_for_the_check_to_judge() -> None:
    assert complete(KIND, {"COLOUR": "red"}, 7)["COLOUR"] == "red"


def test_the_same_seed_and_key_fill_in_the_same_values() -> None:
    assert complete(KIND, {}, 7, "a", 1) == complete(KIND, {}, 7, "a", 1)


@pytest.mark.parametrize(("seed", "key"), [(8, ("a", 1)), (7, ("a", 2)), (7, ("b", 1)), (7, ("a", "1")), (7, ("a",))])
def test_another_seed_or_key_fills_in_other_ids(seed: int, key: Sequence[str | int]) -> None:
    assert complete(KIND, {}, seed, *key)["THING_ID"] != complete(KIND, {}, 7, "a", 1)["THING_ID"]


def test_under_one_key_a_role_has_one_id_whatever_the_attribute_is_called() -> None:
    """`DESIGN_REQUEST_ID` and `DESIGN_REQUEST_ID_IN_AURORA` name the same object."""
    assert complete(KIND, {}, 7, "a")["OWNER_ID_IN_HOUSE"] == complete(OTHER, {}, 7, "a")["OWNER_ID"]


def test_different_roles_have_different_ids() -> None:
    filled = complete(KIND, {}, 7, "a")
    assert filled["THING_ID"] != filled["OWNER_ID_IN_HOUSE"]
    assert {UUID(filled[name]).version for name in ("THING_ID", "OWNER_ID_IN_HOUSE")} == {4}


@pytest.mark.parametrize("attribute", ["ID", "A_ID", "A_B_ID", "A_ID_IN_B"])
def test_an_id_is_recognised_by_its_name(attribute: str) -> None:
    kind = EventType("e", (attribute,), "", {}, {})
    assert UUID(complete(kind, {}, 7)[attribute]).version == 4


@pytest.mark.parametrize("attribute", ["IDEA", "VALID", "A_IDLE", "GRID"])
def test_a_name_that_only_contains_the_letters_is_no_id(attribute: str) -> None:
    kind = EventType("e", (attribute,), "", {}, {})
    assert complete(kind, {}, 7)[attribute] == f"any {attribute.lower()}"


def test_every_value_of_a_closed_list_comes_up() -> None:
    assert {complete(KIND, {}, 7, key)["STATUS"] for key in range(99)} == {"new", "used", "broken"}


def test_every_part_of_a_list_comes_up_in_the_catalogues_order_and_never_none_of_them() -> None:
    assert {complete(KIND, {}, 7, key)["PARTS"] for key in range(200)} == {
        "lid",
        "box",
        "key",
        "lid,box",
        "lid,key",
        "box,key",
        "lid,box,key",
    }


class TestSamples:
    def test_an_open_text_takes_the_samples_values(self) -> None:
        samples = (Sample("REMARK", ("fine", "well, well")),)
        assert {complete(KIND, {}, 7, key, samples=samples)["REMARK"] for key in range(50)} == {"fine", "well, well"}

    def test_a_sample_for_one_event_leaves_the_others_alone(self) -> None:
        samples = (Sample("STATUS", ("used",), event="thing_changed"), Sample("STATUS", ("away",)))
        assert complete(KIND, {}, 7, samples=samples)["STATUS"] == "used"
        assert complete(OTHER, {}, 7, samples=samples)["STATUS"] == "away"

    def test_a_range_stands_for_numbers_and_an_id_drawn_from_it_is_still_one_per_role(self) -> None:
        """A provider whose ids are integers says so with one sample (AURA)."""
        samples = (Sample("OWNER_ID", range(1, 10**9)), Sample("OWNER_ID_IN_HOUSE", range(1, 10**9)))
        owner = complete(OTHER, {}, 7, "a", samples=samples)["OWNER_ID"]
        assert 1 <= int(owner) < 10**9
        assert complete(KIND, {}, 7, "a", samples=samples)["OWNER_ID_IN_HOUSE"] == owner

    @given(SEEDS)
    @STEADY
    def test_a_sample_may_depend_on_what_the_other_attributes_hold(self, seed: int) -> None:
        samples = (Sample("THING_ID", ("",), when={"STATUS": "broken"}),)
        filled = complete(KIND, {}, seed, samples=samples)
        assert (filled["THING_ID"] == "") == (filled["STATUS"] == "broken")

    def test_a_dependent_sample_looks_at_given_values_too(self) -> None:
        samples = (Sample("THING_ID", ("",), when={"STATUS": "broken"}),)
        assert complete(KIND, {"STATUS": "broken"}, 7, samples=samples)["THING_ID"] == ""
        assert complete(KIND, {"STATUS": "new"}, 7, samples=samples)["THING_ID"] != ""

    def test_nothing_that_is_given_is_replaced_by_a_sample(self) -> None:
        assert complete(KIND, {"REMARK": "mine"}, 7, samples=(Sample("REMARK", ("fine",)),))["REMARK"] == "mine"


class TestHostile:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_a_hostile_text_is_legal_in_an_open_attribute(self, text: str) -> None:
        assert check_event(CATALOGUE, KIND.name, complete(KIND, {"REMARK": text}, 7)) == []

    @pytest.mark.parametrize("trouble", [" ", ",", "+", "%2F", "&", "=", "#", "?", '"', "'", "<script>", "é", "☀", "ה"])
    def test_every_known_trouble_is_among_them(self, trouble: str) -> None:
        assert any(trouble in text for text in HOSTILE)

    def test_the_empty_text_and_one_of_two_kilobytes_are_among_them(self) -> None:
        assert "" in HOSTILE
        assert max(map(len, HOSTILE)) == 2048

    def test_none_is_there_twice(self) -> None:
        assert len(set(HOSTILE)) == len(HOSTILE)
