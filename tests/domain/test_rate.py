"""`simulator.domain.rate`: how often something occurs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.instant import MINUTE, SECOND
from simulator.domain.rate import parse_rate


@pytest.mark.parametrize(
    ("text", "interval_us"),
    [
        ("40/h", 90 * SECOND),
        ("2/m", 30 * SECOND),
        (" 0.5 / s ", 2 * SECOND),
        ("1000/d", 86_400_000),
        ("0.000001/m", 1_000_000 * MINUTE),
        ("999999/s", 1),
    ],
)
def test_a_rate_is_the_time_between_two(text: str, interval_us: int) -> None:
    assert parse_rate(text) == interval_us


@given(st.integers(1, 999_998), st.sampled_from("smhd"))
def test_the_more_often_the_less_time_and_never_none(count: int, unit: str) -> None:
    assert 1 <= parse_rate(f"{count + 1}/{unit}") <= parse_rate(f"{count}/{unit}")


@pytest.mark.parametrize("text", ["40", "40/y", "/h", "-1/h", "1e3/h", "٤/h", "40 per hour", ""])
def test_what_is_no_rate_says_how_one_is_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a rate; write it as 40/h, 2/m, 0\.5/s or 10/d"):
        parse_rate(text)


def test_what_never_comes_is_no_rate() -> None:
    with pytest.raises(ValueError, match=r'"0\.0/h" never comes; write it as 40/h, or leave it out'):
        parse_rate("0.0/h")
