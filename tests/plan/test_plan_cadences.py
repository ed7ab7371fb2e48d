"""`simulator.plan.cadences`: beats at their exact instants, in the order in which the engine would keep them."""

from __future__ import annotations

from functools import partial

import pytest

from simulator.domain.instant import HOUR, MINUTE, SECOND, parse_instant
from simulator.domain.order import EVENT
from simulator.plan.cadences import Cadences
from simulator.plan.instants import Instants

START = parse_instant("2026-03-06T17:00:30Z")  # a Friday, half a minute past the hour


def beats(begin) -> list[tuple[int, int]]:
    """The instants (in microseconds after the start) and the numbers of the beats of one cadence."""
    instants, seen = Instants(START), []
    begin(Cadences(instants), lambda number: seen.append((instants.now - START, number)))
    instants.run()
    return seen


def test_every_so_often_from_the_first_instant_and_before_the_last():
    every = beats(lambda cadences, beat: cadences.every(10 * SECOND, beat, since=START, until=START + 30 * SECOND))
    assert every == [(0, 0), (10 * SECOND, 1), (20 * SECOND, 2)]


def test_a_cadence_may_begin_later():
    since = START + HOUR
    assert beats(lambda cadences, beat: cadences.every(HOUR, beat, since=since, until=since + 1)) == [(HOUR, 0)]


@pytest.mark.parametrize(
    ("line", "minutes"),
    [("* * * * *", [0.5, 1.5, 2.5]), ("*/2 * * * *", [1.5]), ("0 9 * * 1", [])],
)
def test_a_crontab_line_beats_at_its_minutes_within_the_window(line, minutes):
    seen = beats(lambda cadences, beat: cadences.cron(line, beat, since=START, until=START + 3 * MINUTE))
    assert seen == [(minute * MINUTE, number) for number, minute in enumerate(minutes)]


def test_a_window_that_is_empty_beats_never():
    assert beats(lambda cadences, beat: cadences.every(SECOND, beat, since=START, until=START)) == []


def test_beats_of_one_instant_come_in_the_order_in_which_their_cadences_began():
    instants, seen = Instants(0), []
    cadences = Cadences(instants)
    cadences.every(3, lambda number: seen.append(("threes", number)), since=0, until=7)
    cadences.every(2, lambda number: seen.append(("twos", number)), since=0, until=7)
    instants.run()
    assert seen == [
        ("threes", 0),
        ("twos", 0),
        ("twos", 1),
        ("threes", 1),
        ("twos", 2),
        ("threes", 2),
        ("twos", 3),
    ]


def test_the_next_beat_is_planned_before_what_this_beat_plans_for_the_same_instant():
    """As the engine's agenda does: it sets its timer anew, and then lets the entries run."""
    instants, seen = Instants(0), []

    def beat(number: int) -> None:
        seen.append(f"beat {number}")
        instants.at(instants.now + 5, EVENT, partial(seen.append, f"echo of {number}"))

    Cadences(instants).every(5, beat, since=0, until=10)
    instants.run()
    assert seen == ["beat 0", "beat 1", "echo of 0", "echo of 1"]
