"""The scenarios that ship. Each holds, each says what it is for, and each turns red when what it shows is broken."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from urllib.request import Request, urlopen

import pytest
from jsonschema import Draft202012Validator

from simulator.domain.sample import HOSTILE
from simulator.providers import AURORA
from simulator.receivers import FLAWS
from simulator.report.document import report_document
from simulator.report.model import Report
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.library import Shipped, shipped_files, shipped_lessons, shipped_scenarios
from simulator.scenario.load import load_scenario, parse_scenario
from simulator.scenario.relay import Relay
from simulator.scenario.run import Conditions, run_scenario
from simulator.scenario.scenario import Demands, Scenario
from simulator.scenario.schema import json_schema
from simulator.scenario.source import read_source

FILES = {name: file for name, file in shipped_files().items() if "/" not in name}  # AURA's: tests/aura
FOLDER = next(iter(FILES.values())).parent
FLAGSHIP = "weekend-outage"

each = pytest.mark.parametrize("name", FILES)


# ---- what each file says


@pytest.fixture(scope="module")
def library() -> dict[str, Shipped]:
    return {one.name: one for one in shipped_scenarios() if one.provider == "aurora"}


def test_at_least_twenty_scenarios_ship_each_under_a_name_of_its_own(library):
    assert len(library) >= 20
    assert FLAGSHIP in library
    assert len({load_scenario(file).name for file in FILES.values()}) == len(FILES)


def test_no_two_scenarios_share_a_name_neither_with_a_lesson():
    """They may stand in one table: `run scenarios/` takes them all."""
    titles = [load_scenario(file).name for file in (*shipped_files().values(), *shipped_lessons().values())]
    assert [title for title in titles if titles.count(title) > 1] == []


@each
def test_its_comment_says_what_a_receiver_must_do_and_which_clauses_it_shows(library, name):
    shipped = library[name]
    summary, _, advice = shipped.lesson.partition("\n\n")
    assert summary.endswith((".", ":"))
    assert "receiver" in shipped.lesson
    assert len(advice.splitlines()) >= 2
    assert shipped.clauses
    assert all(re.fullmatch(r"[SER][1-9][0-9]?", clause) for clause in shipped.clauses)


@each
def test_it_is_short_and_begins_with_its_schema(library, name):
    text = FILES[name].read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert text.startswith("# yaml-language-server: $schema=schema.json\n")
    assert 10 <= len(lines) <= (60 if name == FLAGSHIP else 40)
    assert 10 <= len(library[name].description) <= 100


@each
def test_it_asks_the_receiver_and_expects_exact_amounts_or_instants(name):
    said = [(one.entry.chosen, one.entry.content) for one in load_scenario(FILES[name]).expectations]
    assert len(said) >= 3
    assert any(chosen == "receiver" for chosen, _ in said)
    assert any(getattr(content, key, None) is not None for _, content in said for key in ("at", "count", "counts"))


@each
def test_it_keeps_to_the_schema_that_editors_read(name):
    data = read_source(FILES[name].read_text(encoding="utf-8"), name).data
    assert list(Draft202012Validator(json_schema()).iter_errors(data)) == []


def test_the_schema_beside_them_is_the_present_one():
    """Make it again with: aurora-sim scenarios schema > scenarios/schema.json"""
    assert json.loads((FOLDER / "schema.json").read_text(encoding="utf-8")) == json_schema()


def test_all_events_has_each_of_the_catalogue_once():
    """E1"""
    events = [step.event for step in load_scenario(FILES["all-events"]).timeline]
    assert sorted(events) == sorted(AURORA.catalogue)


def test_hostile_values_has_every_text_that_ever_broke_a_receiver():
    texts = [step.attributes["STATUS"] for step in load_scenario(FILES["hostile-values"]).timeline]
    assert texts == list(HOSTILE)


def test_a_sixth_subscription_is_refused_before_anything_is_sent():
    """S9"""
    text = FILES["five-subscriptions"].read_text(encoding="utf-8")
    sixth = text.replace("timeline:\n", "timeline:\n  - {at: 0s, register: {name: sixth, event: lead_created}}\n")
    with pytest.raises(InvalidScenario, match=r'lead_created has 5 subscriptions in tenant "demo" already.*\(S9\)'):
        parse_scenario(sixth, "sixth.yaml")


# ---- each holds


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    """One robust receiver for many runs; `run_at` makes it forget what it knew."""
    process = subprocess.Popen([sys.executable, "-m", "simulator.receivers"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield process.stdout.readline().strip().removeprefix("listening on ")
    finally:
        process.terminate()
        process.communicate()


def run_at(receiver: str, scenario: Scenario) -> Report:
    """The report of a scenario, run against a receiver that knows nothing yet; one that demands a token is its own."""
    if scenario.demands != Demands():
        return asyncio.run(run_scenario(scenario, Conditions()))
    with urlopen(Request(f"{receiver}/reset", method="POST"), timeout=10) as answer:
        assert answer.status == 200
    return asyncio.run(run_scenario(scenario, Conditions(target=receiver)))


@each
def test_it_holds(receiver, name):
    report = run_at(receiver, load_scenario(FILES[name]))
    assert [one for one in report.expectations if one.verdict != "pass"] == []
    assert report.verdict == "pass"


@pytest.mark.parametrize("name", [FLAGSHIP, "flaky-network", "hanging-receiver", "lead-to-signature", "burst"])
def test_the_same_seed_gives_the_same_digest(receiver, name):
    first, second = (report_document(run_at(receiver, load_scenario(FILES[name]))) for _ in range(2))
    assert first["digest"] == second["digest"]


def test_another_seed_gives_another_run(receiver):
    scenario = load_scenario(FILES["flaky-network"])
    first, second = (report_document(run_at(receiver, replace(scenario, seed=seed))) for seed in (30, 31))
    assert first["digest"] != second["digest"]


# ---- each turns red


def broken(report: Report) -> set[str]:
    return {one.name for one in report.expectations if one.verdict == "fail"}


def switched(name: str, switch: str) -> str:
    text = FILES[name].read_text(encoding="utf-8")
    return text.replace("subscriptions:", f"switches: {{{switch}}}\nsubscriptions:", 1)


@pytest.mark.parametrize(
    ("name", "switch", "red"),
    [
        ("hanging-receiver", "retry_delay_from: start", "attempts: hangs, delivery 10"),
        ("lost-acknowledgement", "retry_delay_from: start", "attempts: crm, delivery 1"),
        ("short-outage", "retry_jitter: 0.1", "attempts: crm, delivery 2"),
        ("disable-stops-retries", "disable_cancels_pending: false", "attempts: crm, delivery 1"),
        ("auto-disable-recovery", "reset_on_reenable: false", "attempts: crm, delivery 22"),
        ("auto-disable-recovery", "autodisable_window: sustained", "disabled: crm"),
        ("weekend-outage", "autodisable_window: sustained", "disabled: proposal feed"),
        ("hostile-values", "space_encoding: +", "receiver: {receiver}/projects"),
        ("all-events", "space_encoding: +", "receiver: {receiver}/assets/asset-1"),
    ],
)
def test_it_turns_red_under_another_reading(receiver, name, switch, red):
    assert red in broken(run_at(receiver, parse_scenario(switched(name, switch), "switched.yaml")))


@pytest.mark.parametrize(
    ("name", "written", "instead", "red"),
    [
        ("ninety-nine-failures", "count: 33}}", "count: 34}}", "disabled: crm"),
        ("failures-age-out", "47h24m30s", "47h24m29s", "disabled: crm"),
        ("thundering-herd", "  - {at: 0s, emit: {event: lead_created}}\n", "", "disabled: leads"),
        ("long-outage-resend", "+30d, resend", "+31d, resend", "resent: crm"),
        ("resend-too-late", "+31d, resend", "+30d, resend", "resent: crm"),
        ("hanging-receiver", "by: 9s", "by: 10s", "attempts: nine seconds, delivery 1"),
        ("flapping", "period: 1m", "period: 2m", "attempts: leads, delivery 2"),
        ("filters", "STATUS: in progress", "STATUS: In Progress", "filtered"),
        ("five-subscriptions", ", enabled: false", "", "attempts: warehouse"),
        (
            "viewed-after-signed",
            "fault: {reorder: {by: 10m, for: 1m}}",
            "checkpoint: in order",
            "attempts: crm, delivery 2",
        ),
        ("duplicates", "fault: {duplicate: {delay: 2m, for: 1h}}", "checkpoint: no fault", "duplicates"),
        (
            "genuine-repeats",
            "fault: {duplicate: {delay: 1m}}",
            "checkpoint: no fault",
            "receiver: {receiver}/refreshes",
        ),
        ("delete-stops-retries", "{at: +10m, delete: old}", "{at: +30m, delete: old}", "resent: old"),
        ("flaky-network", "probability: 0.3", "probability: 0.31", "outcomes: project_created"),
        ("weekday-mornings", "1-5", "0-5", "delivered"),
        ("kinds-of-failure", "{tls: {for: 1s}}", "{dns: {for: 1s}}", "outcomes"),
    ],
)
def test_it_turns_red_when_the_file_is_altered(receiver, name, written, instead, red):
    text = FILES[name].read_text(encoding="utf-8")
    assert text.count(written) >= 1
    altered = text.replace(written, instead, 1)
    assert red in broken(run_at(receiver, parse_scenario(altered, "altered.yaml")))


CAUGHT_BY = {
    "answers-everything": "corrected-url",
    "expects-post": "short-outage",
    "refuses-unfamiliar-status": "unfamiliar-values",
    "refuses-unfamiliar-parameters": "unfamiliar-values",
    "redirects": "redirect-trap",
    "checks-no-token": "credential-rotation",
    "accepts-absent-token": "credential-rotation",
    "compares-token-loosely": "credential-rotation",
    "last-write-wins": "viewed-after-signed",
    "counts-duplicates": "duplicates",
    "races-on-duplicates": "registered-twice",
    "decodes-twice": "hostile-values",
    "answers-before-failing": "filters",
    "merges-genuine-repeats": "genuine-repeats",
    "fails-after-the-first": "all-events",
}
SLOW = {"works-before-answering": "burst"}  # it takes twenty real seconds to show, as it would the customer


def test_every_flaw_has_a_scenario_that_catches_it():
    assert {**CAUGHT_BY, **SLOW}.keys() == FLAWS.keys()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, str]:
    """What each flawed receiver's own scenario says of it."""

    async def judge() -> dict[str, str]:
        scenarios = {flaw: load_scenario(FILES[name]) for flaw, name in CAUGHT_BY.items()}
        async with Relay((flaw, scenario.demands) for flaw, scenario in scenarios.items()) as relay:
            return {
                flaw: (await run_scenario(scenario, Conditions(target=await relay.next()))).verdict
                for flaw, scenario in scenarios.items()
            }

    return asyncio.run(judge())


@pytest.mark.parametrize("flaw", CAUGHT_BY)
def test_a_flawed_receiver_fails_the_scenario_that_was_made_for_it(verdicts, flaw):
    assert verdicts[flaw] == "fail"
