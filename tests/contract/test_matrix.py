"""The kill matrix: every flaw is caught by its own check, and the documentation shows exactly that."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import simulator.contract
from simulator.api.loopback import serve_tenants
from simulator.contract.check import Check
from simulator.contract.checks import CATALOGUE, order
from simulator.contract.matrix import FURTHER, OWN, matrix_table, verify_kind
from simulator.providers import PROFILES
from simulator.receivers import AURA_FLAWS, FLAWS, SPOKEN
from simulator.receivers.flaws.races_on_duplicates import RacesOnDuplicates
from simulator.receivers.flaws.works_before_answering import WorksBeforeAnswering

README = Path(simulator.contract.__file__).parent / "README.md"
TENTH = 0.1
SLOW = {"works-before-answering", "races-on-duplicates"}


def expected(kind: str) -> list[str]:
    """What fires on this kind by the tables, in the order of the catalogue."""
    fires = {OWN.get(kind, "")} | {check for flaw, check in FURTHER if flaw == kind}
    return [check.id for check in CATALOGUE if check.id in fires]


KINDS = [(provider, kind) for provider, kinds in SPOKEN.items() for kind in kinds]


@pytest.mark.parametrize(("provider", "kind"), KINDS, ids=[kind for _, kind in KINDS])
async def test_a_flaw_is_caught_by_its_own_check_and_by_no_other_without_a_reason(
    provider: str, kind: str, monkeypatch: pytest.MonkeyPatch
):
    profile, patience_seconds = PROFILES[provider], 30.0
    monkeypatch.setattr(RacesOnDuplicates, "WAIT_SECONDS", RacesOnDuplicates.WAIT_SECONDS * TENTH)
    monkeypatch.setattr(WorksBeforeAnswering, "WORK_SECONDS", WorksBeforeAnswering.WORK_SECONDS * TENTH)
    if kind in SLOW:  # they are asked less, as anybody's slow receiver is
        monkeypatch.setattr(order, "AT_LEAST", 4)
    if kind == "works-before-answering":  # a tenth of its work, so a tenth of the limit
        patience_seconds = 0.2
        profile = replace(profile, timeout_seconds=1)
    report = await verify_kind(kind, profile, serve_tenants, patience_seconds=patience_seconds)
    assert [check.id for check in report.checks if check.verdict == "fail"] == expected(kind)
    if kind not in OWN:
        assert [check.id for check in report.checks if check.verdict == "unknown"] == []


def test_the_documentation_shows_this_matrix():
    matrix = matrix_table({kind: expected(kind) for _, kind in KINDS})
    assert matrix in README.read_text(encoding="utf-8")


def test_every_flaw_has_its_check():
    assert OWN.keys() == {*FLAWS, *AURA_FLAWS}


@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.id)
def test_the_documentation_tells_each_check_with_the_clause_of_each_provider(check: Check):
    of_aurora, of_aura = (
        f"does not apply: {check.spared(one)}" if check.spared(one) else check.clause(one) for one in PROFILES.values()
    )
    row = f"| `{check.id}` | {of_aurora} | {of_aura} | {', '.join(check.needs) or '–'} |\n"
    assert row in README.read_text(encoding="utf-8")
