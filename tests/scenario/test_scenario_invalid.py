"""How the problems of a file are told."""

from __future__ import annotations

from scenario_texts import problems

from simulator.errors import Invalid, Problem
from simulator.scenario.invalid import InvalidScenario, Located, Mark


def test_one_line_a_problem_in_the_order_of_the_text() -> None:
    late, early = Located(Mark(12, 5), Problem(("a", 1, "b"), "is wrong")), Located(Mark(2, 30), Problem((), "is odd"))
    invalid = InvalidScenario("dir/f.yaml", [late, early])
    assert str(invalid) == "dir/f.yaml:2:30: is odd\ndir/f.yaml:12:5: a[1].b: is wrong"
    assert invalid.problems == (early.problem, late.problem)
    assert isinstance(invalid, Invalid)
    assert invalid.exit_code == 2


def test_what_a_file_holds_cannot_reach_the_terminal_as_a_command() -> None:
    text = 'name: x\nsubscriptions: []\n"\\e[31m\\n\\x85": 1\nseed: 1\n'
    (line,) = problems(text)
    assert line.startswith(r"f.yaml:3:1: \x1b[31m\n\x85: there is no such key")
