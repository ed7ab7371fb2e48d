"""What is drawn for a step or for traffic is drawn by its number in the file, not by the line it stands on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from simulator.report.model import Report
from simulator.scenario.load import parse_scenario
from simulator.scenario.run import Conditions, run_scenario

HEAD = """\
name: Drawn
subscriptions: [{name: leads, event: lead_created}]
"""
REFUSED = "{at: 0s, fault: {refuse: {}}}"  # nothing needs to listen
EMIT = "{at: 0s, emit: {event: lead_created}}"


def run(text: str) -> Report:
    scenario = parse_scenario(HEAD + text, "drawn.yaml")
    return asyncio.run(run_scenario(scenario, Conditions(target="http://127.0.0.1:9")))


def drawn(text: str) -> list[Mapping[str, str]]:
    return [one.attributes for one in run(text).deliveries]


def instants(text: str) -> list[int]:
    return [one.occurred_at for one in run(text).deliveries]


def test_two_steps_on_one_line_draw_values_of_their_own():
    first, second = drawn(f"timeline: [{REFUSED}, {EMIT}, {EMIT}]")
    assert first["LEAD_ID"] != second["LEAD_ID"]


def test_two_stories_on_one_line_are_two_stories():
    story = "{at: 0s, story: lead_lost}"
    first, second = drawn(f"timeline: [{REFUSED}, {story}, {story}]")
    assert first["LEAD_ID"] != second["LEAD_ID"]


def test_two_kinds_of_traffic_on_one_line_have_instants_of_their_own():
    traffic = "{event: lead_created, poisson: 4/h, for: 4h}"
    text = f"timeline: [{REFUSED}]\ntraffic: [{traffic}, {traffic}]"
    assert len(set(instants(text))) == len(instants(text))


def test_a_comment_more_changes_nothing():
    block = f"timeline:\n  - {REFUSED}\n  - {EMIT}\ntraffic:\n  - {{event: lead_created, poisson: 4/h, for: 4h}}\n"
    commented = block.replace("timeline:\n", "# a comment\ntimeline:\n  # and one more\n").replace(
        "traffic", "\ntraffic"
    )
    assert drawn(commented) == drawn(block)
    assert instants(commented) == instants(block)


def test_many_at_once_are_each_drawn_for_themselves():
    ids = [
        one["LEAD_ID"] for one in drawn(f"timeline: [{REFUSED}, {{at: 0s, emit: {{event: lead_created, count: 9}}}}]")
    ]
    assert len(set(ids)) == 9
