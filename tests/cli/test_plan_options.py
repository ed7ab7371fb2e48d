"""`simulator.cli.plan_options`: what may be written on the command line, and one sentence for what may not."""

from __future__ import annotations

import pytest

from simulator.cli.plan_options import (
    Failure,
    Outage,
    Rate,
    parse_failure,
    parse_mix,
    parse_outage,
    parse_span,
    read_rate,
)
from simulator.domain.fault import FaultKind
from simulator.domain.instant import DAY, HOUR, MINUTE, SECOND


@pytest.mark.parametrize(
    ("text", "outage"),
    [
        ("6h", Outage(6 * HOUR, DAY)),
        ("6h@2d12h", Outage(6 * HOUR, 60 * HOUR)),
        ("5m30s@0s", Outage(330 * SECOND, 0)),
        (" 2d 3h @ 1.5h ", Outage(51 * HOUR, 90 * MINUTE)),
    ],
)
def test_an_outage_is_a_length_and_when_it_begins(text, outage):
    assert parse_outage(text) == outage


@pytest.mark.parametrize(("text", "interval"), [("40/h", 90 * SECOND), ("2/m", 30 * SECOND), ("1000/d", 86_400_000)])
def test_a_rate_is_the_time_between_two(text, interval):
    assert read_rate(f" {text} ") == Rate(text, interval)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("project_created", {"project_created": 1.0}),
        ("project_created=3,lead_changed", {"project_created": 3.0, "lead_changed": 1.0}),
        (" project_created = 0.5 , lead_changed=2 ", {"project_created": 0.5, "lead_changed": 2.0}),
    ],
)
def test_a_mix_is_a_weight_for_each_event(text, weights):
    assert parse_mix(text) == weights


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("refuse", Failure(FaultKind.REFUSE)),
        ("timeout", Failure(FaultKind.TIMEOUT)),
        ("503", Failure(FaultKind.STATUS, 503)),
        ("301", Failure(FaultKind.STATUS, 301)),
    ],
)
def test_what_attempts_meet_is_a_fault_or_a_status(text, failure):
    assert parse_failure(text) == failure


@pytest.mark.parametrize(
    ("parse", "text", "sentence"),
    [
        (parse_outage, "six hours", '"six hours" is not a duration; write it as 30s, 5m30s, 1.5h or "2d 3h"'),
        (parse_outage, "6h@", '"6h@" does not say when; write 6h@2d for six hours, two days after the start'),
        (parse_outage, "0s", '"0s" must be longer than nothing and at most 3650d'),
        (parse_span, "4000d", '"4000d" must be longer than nothing and at most 3650d'),
        (read_rate, "40", '"40" is not a rate; write it as 40/h, 2/m, 0.5/s or 10/d'),
        (read_rate, "0/h", '"0/h" never comes; write it as 40/h, or leave it out'),
        (parse_mix, "project_created,,x", '"project_created,,x" names no event; write EVENT=WEIGHT,EVENT'),
        (parse_mix, "a=1,a=2", '"a=1,a=2" names a twice; write EVENT=WEIGHT,EVENT'),
        (parse_mix, "a=much", '"much" is not a weight; it is a number above 0'),
        (parse_mix, "a=0", '"0" is not a weight; it is a number above 0'),
        (parse_mix, "a=nan", '"nan" is not a weight; it is a number above 0'),
        (parse_failure, "200", '"200" is no outage; give a status such as 503, or one of refuse, timeout, dns'),
        (parse_failure, "slow", '"slow" is no outage; give a status such as 503, or one of refuse, timeout, dns'),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_allowed(parse, text, sentence):
    with pytest.raises(ValueError, match=r".") as refused:
        parse(text)
    assert str(refused.value).startswith(sentence)
