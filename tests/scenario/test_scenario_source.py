"""Plain data and the place of every key and value in it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.scenario.invalid import Finding, InvalidScenario, Mark
from simulator.scenario.source import read_source

STEADY = settings(deadline=None, derandomize=True)

SCALARS = [
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("12", 12),
    ("-3", -3),
    ("+40", 40),
    ("0", 0),
    ("1.5", 1.5),
    (".5", 0.5),
    ("1e3", 1000.0),
    ("no", "no"),
    ("Yes", "Yes"),
    ("True", "True"),
    ("on", "on"),
    ("1:30", "1:30"),
    ("2026-03-06", "2026-03-06"),
    ("2026-03-06T17:00:00Z", "2026-03-06T17:00:00Z"),
    ("0x1F", "0x1F"),
    ("0o17", "0o17"),
    ("007", "007"),
    ("1_000", "1_000"),
    (".inf", ".inf"),
    ("1e999", "1e999"),
    ("9" * 19, "9" * 19),
    ("+6h", "+6h"),
    ("'12'", "12"),
    ('"true"', "true"),
    ("!!str 12", "12"),
    ("! 12", "12"),
]


def data_of(text: str) -> Any:
    return read_source(text, "f.yaml").data


@pytest.mark.parametrize(("text", "meaning"), SCALARS)
def test_a_scalar_means_what_it_looks_like_and_no_trap_of_yaml_1_1(text: str, meaning: object) -> None:
    value = data_of(f"a: {text}\n")["a"]
    assert value == meaning
    assert type(value) is type(meaning)


@STEADY
@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_come_back_as_they_were_written(number: float) -> None:
    assert data_of(f"- {number!r}") == [number]


def test_keys_are_text_whatever_they_look_like() -> None:
    assert data_of("{503: 1, true: 2, ~: 3}") == {"503": 1, "true": 2, "~": 3}


def test_every_key_and_value_has_its_place() -> None:
    source = read_source("a:\n  - b: 1\n    'c': [x, yy]\n", "f.yaml")
    assert source.keys[("a", 0, "c")] == Mark(3, 5)
    assert source.values[("a", 0)] == Mark(2, 5)
    assert source.values[("a", 0, "c", 1)] == Mark(3, 14)


def test_a_finding_stands_at_its_value_its_key_or_its_nearest_owner() -> None:
    source = read_source("a:\n  - b: 1\n", "f.yaml")
    assert source.locate(Finding(("a", 0, "b"), "x")).mark == Mark(2, 8)
    assert source.locate(Finding(("a", 0, "b"), "x", at_key=True)).mark == Mark(2, 5)
    assert source.locate(Finding(("a", 0, "missing"), "x")).mark == Mark(2, 5)
    assert source.locate(Finding(("nowhere", 3), "x")).mark == Mark(1, 1)


FLAWED = [
    ("a: 1\nb: 2\na: 3\n", ['3:1: the key "a" stands twice']),
    ("x: {<<: {a: 1}, b: 2}\n", ['1:5: x: merging with "<<" is not supported; repeat the keys']),
    ("[a]: 1\n? {b: c}\n: [2]\nd: 3\n", ["1:1: has a key that is not text", "2:3: has a key that is not text"]),
    ("a: !!int '5'\n", ["1:4: a: has a tag; write plain YAML, without !tags"]),
    ("a: !secret {b: 1}\n", ["1:4: a: has a tag; write plain YAML, without !tags"]),
    ("- &a x\n- {*a : 1}\n", ["2:4: [1]: has a key that is not text"]),
]


@pytest.mark.parametrize(("text", "lines"), FLAWED)
def test_what_yaml_allows_and_a_scenario_does_not_is_found_without_losing_the_rest(text: str, lines: list[str]) -> None:
    flaws = read_source(text, "f.yaml").flaws
    assert [f"{one.mark.line}:{one.mark.column}: {one.problem}" for one in flaws] == lines


def test_of_a_key_that_stands_twice_the_first_counts() -> None:
    assert data_of("a: 1\nb: [2]\na: {c: 3}\n") == {"a": 1, "b": [2]}


def test_an_alias_stands_for_all_of_its_anchor_with_its_place() -> None:
    source = read_source("a: &x {b: [1]}\nc: *x\n", "f.yaml")
    assert source.data == {"a": {"b": [1]}, "c": {"b": [1]}}
    assert source.data["a"] is not source.data["c"]
    assert source.values[("c", "b", 0)] == Mark(1, 12)


@pytest.mark.parametrize("text", ["- *a\n- &a 1\n", "a: &a [1, *a]\n", "a: &a {b: *a}\n"])
def test_an_alias_cannot_stand_for_what_is_not_there_yet(text: str) -> None:
    with pytest.raises(InvalidScenario, match=r"\*a has nothing to stand for: &a must end before it"):
        read_source(text, "f.yaml")


def test_a_billion_laughs_are_refused() -> None:
    laughs = ["a0: &a0 [ha]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(InvalidScenario, match="aliases make more than 100,000 values"):
        read_source("\n".join(laughs), "f.yaml")


@STEADY
@given(st.text() | st.text("-?:,[]{}#&*!|>'\"%@` \n\tab1~<"))
def test_no_text_raises_anything_but_what_says_where_it_is_wrong(text: str) -> None:
    with suppress(InvalidScenario):
        assert read_source(text, "f.yaml").values[()] >= Mark(1, 1)
