"""`domain/counting`: one of a thing, and many."""

import pytest

from simulator.domain.counting import format_count


@pytest.mark.parametrize(
    ("number", "noun", "text"),
    [
        (0, "attempt", "0 attempts"),
        (1, "attempt", "1 attempt"),
        (2_048, "attempt", "2,048 attempts"),
        (1, "retry", "1 retry"),
        (3, "retry", "3 retries"),
        (0, "delivery", "0 deliveries"),
        (2, "day", "2 days"),
    ],
)
def test_one_of_a_thing_and_many(number: int, noun: str, text: str) -> None:
    assert format_count(number, noun) == text
