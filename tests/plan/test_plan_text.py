"""`simulator.plan.text`: the plan as a person reads it in a terminal."""

from __future__ import annotations

from plan_cases import at, happening
from plan_engine import run_course
from plan_inquiries import inquire

from simulator.cli.planning import make_plan
from simulator.plan.figures import count
from simulator.plan.text import render_plan
from simulator.scenario.timeline import Delete, Enable

ONE_A_DAY = """\
plan          aurora, from Mon 05 Jan 09:00:00 UTC, seed 0
occurs        1/d evenly for 3d: asset_created
listens       1 subscription
enabled       nobody enables anything
outage        Tue 06 Jan 09:00:00 to Tue 06 Jan 15:00:00 (6h)  refuse

events        3
attempts      8, 5 of them fail
delivered     3 of 3 deliveries (100.00%): 2 at once, 1 late
late          half of them within 23h 35m 30s, 95 % within 23h 35m 30s, the latest 23h 35m 30s
by attempt    first 2 · +30s 0 · +5m 0 · +30m 0 · +3h 0 · +20h 1 · resent 0
missed        nothing

disabled      never
back          Tue 06 Jan 15:00:00  1 delivery waits; 0 attempts in the first minute, 0 in the first hour
recovered     Wed 07 Jan 08:35:30, from then on nothing is late"""


def test_the_whole_text_of_a_small_plan():
    assert render_plan(make_plan(inquire("6h", rate="1/d"))) == ONE_A_DAY


def test_what_is_missed_and_disabled_is_told_with_its_reasons():
    text = render_plan(make_plan(inquire("60h", rate="6/h", length="6d", recover="1d")))
    assert "1d after each outage, whatever is disabled then" in text
    assert " × the subscription was disabled when the event occurred (R8)\n" in text
    assert "disabled      asset_created: " in text
    assert "auto-disabled: 100 attempts within 48 h and no success among them (R7)" in text
    assert "; enabled Fri 09 Jan 21:00:00\n" in text


def test_several_subscriptions_are_told_one_by_one():
    text = render_plan(make_plan(inquire("6h", mix="project_created,lead_changed=2", rate="6/h")))
    assert "listens       2 subscriptions" in text
    assert "project_created × 1, lead_changed × 2" in text
    first, second = text.split("subscription  ")[1:]
    assert first.startswith("project_created · project_created, ")
    assert second.startswith("lead_changed · lead_changed, ")
    assert "  recovered   " in first


def test_refused_steps_stand_at_the_end():
    course, foresight = run_course(happening(Delete(at(5), 1, "crm"), Enable(at(10), 3, "crm")))
    assert (
        render_plan(count(course, {}, foresight.refusals))
        .splitlines()[-1]
        .startswith("refused       Fri 06 Mar 17:00:10")
    )


def test_no_line_ends_in_blanks():
    assert all(line == line.rstrip() for line in ONE_A_DAY.splitlines())
