"""`simulator.scenario.enactment`: the place of a step within its instant.

What each step does is proved twice: by runs, and in `tests/plan`, where a plan is held to a run row for row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from simulator.domain import order
from simulator.domain.fault import Fault, FaultKind
from simulator.errors import Bug
from simulator.scenario.cadence import Subject
from simulator.scenario.enactment import Enactment, _draw_subject, rank_of
from simulator.scenario.timeline import Act, Checkpoint, Disable, Emit, Inject, PlayStory, Resend, Step

OCCUR = [
    Emit(0, 1, "lead_changed", "demo", {}, 1, lenient=False),
    PlayStory(0, 1, "agreement", "demo", {}),
    Act(0, 1, "create_callout", "demo", {}),
    Resend(0, 1, None, None, None, 0, 0),
]
CHANGE = [Disable(0, 1, "crm"), Inject(0, 1, Fault("f", FaultKind.REFUSE, 0), None), Checkpoint(0, 1, "half time")]


@pytest.mark.parametrize("step", OCCUR + CHANGE, ids=lambda step: type(step).__name__)
def test_changes_come_before_what_occurs_at_the_same_instant_r13(step: Step) -> None:
    assert rank_of(step) == (order.EVENT if step in OCCUR else order.CHANGE)


@pytest.mark.parametrize("step", OCCUR + CHANGE, ids=lambda step: type(step).__name__)
def test_a_step_of_the_second_turn_comes_after_every_first_attempt_of_the_first_r13(step: Step) -> None:
    assert order.FIRST < rank_of(replace(step, turn=2)) <= order.FIRST + order.TURN < rank_of(replace(step, turn=3))


def test_every_kind_of_step_can_be_carried_out() -> None:
    known = Enactment.__dict__["_carry_out"].dispatcher.registry
    assert all(any(issubclass(kind, one) for one in known if one is not object) for kind in get_args(Step))


def test_a_step_that_nobody_knows_is_a_bug_and_no_refusal() -> None:
    stranger: Any = object()
    with pytest.raises(Bug, match="no one knows how to carry out"):
        Enactment(stranger, "https://receiver.example", pytest.fail).do(stranger)


def test_subjects_are_drawn_in_the_shares_of_their_weights() -> None:
    subjects = [Subject(name, None, weight, {}) for name, weight in (("often", 3.0), ("seldom", 1.0))]
    drawn = [_draw_subject(subjects, 7, ("traffic", 0, number)).event for number in range(1_000)]
    assert 700 < drawn.count("often") < 800
