"""`errors`: one tree, stable exit codes, sentences that name the place and the cure."""

import inspect

import pytest

from simulator import errors
from simulator.errors import (
    Bug,
    Environment,
    Invalid,
    Misuse,
    NotFound,
    Problem,
    Refused,
    SimulatorError,
    StoreUnusable,
    TargetNotAllowed,
    Unavailable,
    did_you_mean,
    dotted,
)


@pytest.mark.parametrize(
    ("error", "parent", "exit_code"),
    [
        (Misuse, SimulatorError, 2),
        (Invalid, Misuse, 2),
        (NotFound, Misuse, 2),
        (Refused, Misuse, 2),
        (Environment, SimulatorError, 3),
        (TargetNotAllowed, Environment, 3),
        (StoreUnusable, Environment, 3),
        (Unavailable, Environment, 3),
        (Bug, SimulatorError, 70),
    ],
)
def test_every_error_has_its_place_in_the_tree_and_its_exit_code(
    error: type[SimulatorError], parent: type[SimulatorError], exit_code: int
) -> None:
    assert error.__base__ is parent
    assert error.exit_code == exit_code


def test_the_tree_in_the_docstring_names_every_error_there_is() -> None:
    ours = {name for name, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, SimulatorError)}
    drawn = {word for word in (errors.__doc__ or "").split() if word in ours}
    assert drawn == ours


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("event",), "event"),
        (("filters", 0, "value"), "filters[0].value"),
        (("timeline", 3, "emit", "attributes", "STATUS"), "timeline[3].emit.attributes.STATUS"),
        ((2, "name"), "[2].name"),
        (("matrix", 0, 1), "matrix[0][1]"),
    ],
)
def test_a_path_is_written_as_people_write_it(path: tuple[str | int, ...], text: str) -> None:
    assert dotted(path) == text


def test_a_problem_says_where_it_stands() -> None:
    assert str(Problem(("filters", 0, "value"), "is empty")) == "filters[0].value: is empty"
    assert str(Problem((), "is not an object")) == "is not an object"


def test_an_invalid_value_carries_every_problem_one_a_line() -> None:
    """S4: one entry for every fault found, each naming its field."""
    problems = [Problem(("event",), "is missing"), Problem(("enabled",), "must be true or false")]
    error = Invalid(problems)
    assert error.problems == tuple(problems)
    assert str(error) == "event: is missing\nenabled: must be true or false"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("sined", ' (did you mean "signed"?)'),
        ("SIGNED", ' (did you mean "signed"?)'),
        ("cancelled", ' (did you mean "Canceled"?)'),
        ("teapot", ""),
        ("", ""),
    ],
)
def test_a_near_miss_is_told_what_was_meant(word: str, hint: str) -> None:
    assert did_you_mean(word, ["viewed", "signed", "Canceled"]) == hint


def test_where_nothing_is_allowed_nothing_was_meant() -> None:
    assert did_you_mean("signed", []) == ""
