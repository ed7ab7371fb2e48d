"""A failure is shrunk to the smallest history and printed as a scenario that shows it again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from serving import TOKEN, found, probes_of, sample, wanted

from simulator.api.loopback import serve_tenants
from simulator.contract.probe import CommandProbe
from simulator.contract.verify import verify
from simulator.providers import AURA
from simulator.report.model import Report
from simulator.scenario.load import parse_scenario
from simulator.scenario.run import Conditions, run_scenario


async def repeated(text: str, url: str) -> Report:
    scenario = parse_scenario(text.replace("change-me", TOKEN[1]), "repetition.yaml")
    return await run_scenario(scenario, Conditions(target=url, api=serve_tenants))


@pytest.mark.parametrize(
    ("flaw", "check", "told"),
    [
        ("last-write-wins", "convergence", 'signed, then viewed: objects.agreement.<AGREEMENT_ID> is "viewed"'),
        ("counts-duplicates", "duplicate-in-a-row", "signed, then signed again: effects holds once too often"),
        ("counts-duplicates", "lost-acknowledgement", "(answer lost, so sent twice): effects holds once too often"),
        ("races-on-duplicates", "duplicate-at-once", "8 times at once: effects holds once too often"),
    ],
)
async def test_the_smallest_history_is_told_and_its_scenario_fails_again(flaw: str, check: str, told: str):
    async with sample(flaw) as url:
        text = found(await verify(wanted(url, check, probes=probes_of(url))), check)
    assert told in text.message
    async with sample(flaw) as url:
        report = await repeated(text.scenario, url)
        assert [one.verdict for one in report.expectations] == ["pass", "fail"]
    async with sample("robust") as url:
        assert (await repeated(text.scenario, url)).verdict == "pass"


async def test_what_was_missed_and_not_polled_is_missed_again_by_its_scenario():
    """A11. Whoever polls passes the same scenario."""
    profile = AURA.for_this_machine()
    async with sample("aura-never-polls") as url:
        check = found(await verify(wanted(url, "polling", profile=profile, probes=probes_of(url))), "polling")
    assert check.message.startswith("CALLOUT_CLOSED never arrived, and after reconciling effects lacks")
    async with sample("aura-never-polls") as url:
        report = await repeated(check.scenario, url)
        assert [one.verdict for one in report.expectations] == ["pass", "pass", "fail"]
    async with sample("aura-robust") as url:
        assert (await repeated(check.scenario, url)).verdict == "pass"


async def test_where_a_run_cannot_let_it_poll_the_scenario_says_so():
    async with sample("aura-never-polls") as url:
        by_command = CommandProbe(f"curl -s {url}/callouts", frozenset())
        probes = replace(probes_of(url), reconcile=by_command)
        profile = AURA.for_this_machine()
        check = found(await verify(wanted(url, "polling", profile=profile, probes=probes)), "polling")
    assert "Let the receiver reconcile after the run" in check.scenario
    assert "probe:" not in check.scenario


async def test_without_a_reset_the_scenario_still_says_what_the_state_must_hold():
    async with sample("last-write-wins") as url:
        probes = probes_of(url)
        probes = type(probes)(state=probes.state)
        check = found(await verify(wanted(url, "convergence", probes=probes)), "convergence")
        assert "contains:" in check.scenario
        assert (await repeated(check.scenario, url)).verdict == "fail"
