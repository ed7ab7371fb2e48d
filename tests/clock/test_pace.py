"""`clock/pace`: the words for how fast virtual time passes."""

import re
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.clock.pace import ELASTIC, JUMP, PAUSED, REAL, Pace, compressed, parse_pace


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("jump", Pace(busy=0, idle=inf)),
        ("elastic", Pace(busy=1, idle=inf)),
        ("paused", Pace(busy=0, idle=0)),
        ("1", Pace(busy=1, idle=1)),
        ("1440", Pace(busy=1, idle=1440)),
        ("0.5", Pace(busy=1, idle=0.5)),
        (" Jump ", JUMP),
    ],
)
def test_a_speed_is_a_word_or_a_number(text: str, pace: Pace) -> None:
    assert parse_pace(text) == pace


def test_the_constants_are_what_their_words_mean() -> None:
    words = ("jump", "elastic", "paused", "1")
    assert [parse_pace(word) for word in words] == [JUMP, ELASTIC, PAUSED, REAL]


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf", "-inf", "60x", "1,5"])
def test_another_speed_is_refused_with_the_words_that_are_allowed(text: str) -> None:
    sentence = f"speed {text!r} is not known; allowed are jump, elastic, or a number above 0"
    with pytest.raises(ValueError, match=re.escape(sentence)):
        parse_pace(text)


@settings(deadline=None, derandomize=True)
@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_compressed_pace_is_written_as_it_is_read(factor: float) -> None:
    assert parse_pace(str(compressed(factor))) == compressed(factor)


@pytest.mark.parametrize(
    ("pace", "text"),
    [
        (JUMP, "jump"),
        (ELASTIC, "elastic"),
        (PAUSED, "paused"),
        (REAL, "1"),
        (compressed(1440), "1440"),
        (compressed(0.5), "0.5"),
        (Pace(5, inf), "5 while held, inf while idle"),
    ],
)
def test_a_pace_gives_its_word_back(pace: Pace, text: str) -> None:
    assert str(pace) == text


def test_only_jump_is_serial() -> None:
    assert JUMP.serial
    assert not any(pace.serial for pace in (ELASTIC, REAL, PAUSED, compressed(60), Pace(0, 60)))


def test_skipping_idle_time_leaves_work_its_time() -> None:
    assert PAUSED.skipping == JUMP
    assert REAL.skipping == compressed(60).skipping == ELASTIC


@pytest.mark.parametrize(("busy", "idle"), [(-1, 1), (inf, inf), (nan, 1), (1, -1), (1, nan)])
def test_rates_that_mean_nothing_are_refused(busy: float, idle: float) -> None:
    """Above all an infinite rate while held: time would jump past live requests."""
    with pytest.raises(ValueError, match="the rate while"):
        Pace(busy, idle)
