"""`cli/options`: options that several commands share mean the same to all of them."""

from __future__ import annotations

import pytest
from in_process import aurora_sim_here

from simulator.cli.options import switch_value


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.25", 0.25), ("false", False), ("true", True), ("yes", True), ("start", "start"), (",", ","), ("%20", "%20")],
)
def test_a_switch_has_the_type_that_its_text_has_in_a_scenario(text: str, value: object) -> None:
    assert switch_value(text) == value


@pytest.mark.parametrize("command", ["plan", "serve"])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("retry_jitter",), '"retry_jitter" is not NAME=VALUE, such as retry_delay_from=start'),
        (("retry_jitter=0.1", "retry_jitter=0.2"), "retry_jitter is given twice"),
    ],
)
def test_what_is_no_switch_is_refused_alike_by_all(command: str, words: tuple[str, ...], told: str) -> None:
    ran = aurora_sim_here(command, *(word for one in words for word in ("--switch", one)))
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
