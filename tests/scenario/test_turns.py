"""Turns at one instant: the second begins when all of the first is over, attempts included (R13)."""

from __future__ import annotations

import pytest
from kept_sessions import perform, well
from scenario_texts import problems, problems_of_step

HEAD = """\
name: Turns
subscriptions: [{name: crm, event: lead_changed, url_template: "http://127.0.0.1:9/in?id=<LEAD_ID>"}]
timeline:
"""
EMIT = "emit: {event: lead_changed, attributes: {LEAD_ID: x}}"


async def outcomes(*steps: str) -> list[tuple[str, int]]:
    """What the attempts came to, and when they started, in virtual µs from the first."""
    ledger = await perform(HEAD + "".join(f"  - {{at: 0s, {step}}}\n" for step in steps), well)
    rows = ledger.db.execute("SELECT outcome, started_at FROM attempts WHERE number = 1 ORDER BY delivery_id")
    found = rows.fetchall()
    return [(outcome, at - found[0][1]) for outcome, at in found]


async def test_without_turns_a_change_comes_before_every_event_of_its_instant() -> None:
    assert await outcomes(EMIT, "fault: {refuse: {for: 1s}}", EMIT) == [("refused", 0), ("refused", 0)]


async def test_a_change_of_the_second_turn_comes_after_the_attempts_of_the_first() -> None:
    found = await outcomes(EMIT, "turn: 2, fault: {name: out, refuse: {}}", f"turn: 2, {EMIT}", "turn: 3, clear: {}")
    assert found == [("success", 0), ("refused", 0)]


async def test_turns_count_whatever_the_order_of_the_file() -> None:
    found = await outcomes(f"turn: 3, {EMIT}", "turn: 2, fault: {refuse: {for: 1s}}", EMIT)
    assert found == [("success", 0), ("refused", 0)]


def test_a_subscription_that_is_registered_in_a_turn_is_there_in_the_next() -> None:
    register = "  - {at: 0s, turn: 2, register: {name: late, event: lead_created}}\n"
    assert problems(f"{HEAD}{register}  - {{at: 0s, turn: 2, disable: late}}\n") == []
    (problem,) = problems(f"{HEAD}{register}  - {{at: 0s, disable: late}}\n")
    assert '"late" is registered only 0s after the start' in problem


@pytest.mark.parametrize("turn", ["0", "-1", "10001", "soon", "1.5"])
def test_a_turn_is_a_number_from_one_on(turn: str) -> None:
    (problem,) = problems_of_step(f"{{at: 0s, turn: {turn}, emit: {{event: lead_created}}}}")
    assert "turn" in problem
