"""A small scenario to put things into, and the lines that say what is wrong with one."""

from __future__ import annotations

from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.load import parse_scenario

WHERE = "f.yaml"

HEAD = """\
name: Test
subscriptions:
  - {name: crm, event: agreement_status_changed}
  - {name: jobs, event: auto_designer_job_completed}
"""
"""Four lines: what a test adds begins on line 5."""


def problems(text: str) -> list[str]:
    """Everything wrong with this text, a line each; none if it loads."""
    try:
        parse_scenario(text, WHERE)
    except InvalidScenario as invalid:
        return str(invalid).splitlines()
    return []


def pointed(entry: str, *, line: int = 6) -> tuple[str, str]:
    """An entry without its "»", and the place that it pointed to once the entry stands on its line."""
    column = len("  - ") + entry.index("»") + 1
    return entry.replace("»", ""), f"{WHERE}:{line}:{column}: "


def problems_of_step(step: str) -> list[str]:
    """What is wrong with one step; it stands on line 6."""
    return problems(f"{HEAD}timeline:\n  - {step}\n")


def problems_of_traffic(entry: str) -> list[str]:
    """What is wrong with one entry of traffic; it stands on line 6."""
    return problems(f"{HEAD}traffic:\n  - {entry}\n")


def problems_of_expectation(entry: str) -> list[str]:
    """What is wrong with one expectation; it stands on line 6."""
    return problems(f"{HEAD}expect:\n  - {entry}\n")


def problems_of_subscription(entry: str) -> list[str]:
    """What is wrong with one subscription; it stands on line 3."""
    return problems(f"name: Test\nsubscriptions:\n  - {entry}\n")
