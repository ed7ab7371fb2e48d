"""What a receiver gained between two answers, and where two gains differ."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.contract.answer import difference, gained, in_ids, in_roles, read_answer, show, texts

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("before", "after", "gain"),
    [
        (None, {"status": "sent"}, {"status": "sent"}),
        ({"a": "sent"}, {"a": "sent"}, None),
        ({"a": "sent"}, {"a": "sent", "b": "sent"}, {"b": "sent"}),
        ({"a": "sent"}, {"a": "signed"}, {"a": {"before": "sent", "after": "signed"}}),
        ({"a": 1}, {}, {"no a": 1}),
        (["x"], ["x", "x"], ["x"]),
        (["x", "y"], ["y"], {"items": [], "no more": ["x"]}),
        ({"letters": 3}, {"letters": 5}, {"letters": "+2"}),
        (0, False, {"before": 0, "after": False}),
    ],
)
def test_a_gain_is_what_the_second_answer_holds_beyond_the_first(before: Any, after: Any, gain: Any):
    assert gained(before, after) == gain


@given(JSON)
def test_nothing_is_gained_where_nothing_changed(value: Any):
    assert gained(value, value) is None


@given(JSON, JSON)
def test_values_differ_in_words_exactly_where_they_differ_as_json(one: Any, other: Any):
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (difference(one, other) == "") is same


def test_lists_are_read_without_their_order_and_keys_that_do_not_count_left_out():
    assert read_answer('[{"id": 2, "at": 7}, {"id": 1, "at": 8}]', ["at"]) == [{"id": 1}, {"id": 2}]


def test_an_answer_that_is_no_json_is_lines_of_text():
    assert read_answer("b signed  \n\na sent\n") == ["a sent", "b signed"]


def test_an_answer_that_is_nested_beyond_reading_is_text_too():
    assert read_answer("[" * 100_000) == ["[" * 100_000]


def test_ids_are_written_as_roles_in_keys_and_within_texts():
    told = in_roles({"a-1": "paid", "log": ["mail for a-1"]}, {"a-1": "<AGREEMENT_ID>"})
    assert told == {"<AGREEMENT_ID>": "paid", "log": ["mail for <AGREEMENT_ID>"]}


def test_ids_that_are_numbers_are_written_as_roles_and_come_back_as_numbers():
    state = {"seen": [4242, "4242", 42], "4242": 4242.5}
    told = in_roles(state, {"4242": "<id>"})
    assert told == {"<id>": 4242.5, "seen": ["<id> (a number)", "<id>", 42]}
    assert in_ids(told, {"<id>": "77"}) == {"77": 4242.5, "seen": [77, "77", 42]}


@pytest.mark.parametrize(
    ("expected", "actual", "words"),
    [
        ({"a": {"b": "signed"}}, {"a": {"b": "viewed"}}, 'a.b is "viewed", expected "signed"'),
        ({"a": 1}, {}, "a is nothing, expected 1"),
        ({"mails": ["x"]}, {"mails": ["x", "x"]}, 'mails holds once too often "x"'),
        (["x", "y"], ["x"], 'the state lacks "y"'),
        (["x"], ["y"], 'the state holds "y", expected "x"'),
    ],
)
def test_a_difference_names_the_place_and_both_values(expected: Any, actual: Any, words: str):
    assert difference(expected, actual) == words


def test_long_values_are_cut_and_every_text_is_found():
    assert len(show("x" * 500)) < 200
    assert list(texts({"a": ["b", {"c": 1}], "d": "e"})) == ["a", "b", "c", "d", "e"]
