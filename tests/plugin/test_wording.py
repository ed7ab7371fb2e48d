"""`simulator.pytest_plugin.wording`: what a failing test tells of each attempt."""

from __future__ import annotations

import pytest

from simulator.pytest_plugin.wording import tell
from simulator.report.model import AttemptView, DeliveryView


def delivery(outcome: str, status: int | None) -> DeliveryView:
    attempt = AttemptView(
        1, 1, 1, 0, 0, 1, "GET", "http://127.0.0.1/in", 1, outcome, status, "", "", False, "", real_ms=1.0
    )
    return DeliveryView(
        1, 1, "lead_changed", "demo", "s1", {}, 0, "exhausted", "retries exhausted", 1, None, attempts=(attempt,)
    )


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("success", 200, "200"),
        ("server_error", 503, "503"),
        ("body_timeout", 200, "body timeout"),
        ("malformed", 200, "malformed"),
        ("refused", None, "refused"),
    ],
)
def test_a_status_stands_for_an_outcome_only_where_it_tells_it(outcome: str, status: int | None, words: str) -> None:
    """R1, R2: a 200 whose body never ended is no success, and is not told as one."""
    assert f"->  {words}\n" in tell([delivery(outcome, status)])
