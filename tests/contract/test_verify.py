"""A whole verification: what robust code gets, what cannot be observed, and what is no finding at all."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from typing import Any

import pytest
from aiohttp import web
from serving import NOT_OF_AURORA, TOKEN, found, probes_of, sample, served, verdicts, wanted

from simulator.contract.check import disables, is_polled, resends, retries
from simulator.contract.checks import CATALOGUE, order
from simulator.contract.probe import CommandProbe, Probe, Probes, Values
from simulator.contract.target import Target
from simulator.contract.verify import chosen, verify
from simulator.domain.provider import Profile
from simulator.errors import NotFound, TargetNotAllowed, Unavailable
from simulator.providers import AURORA, PROFILES
from simulator.receivers.robust import Receiver
from simulator.report.document import report_document

EFFECTS = [check.id for check in CATALOGUE if "probe" in check.needs and check.id not in NOT_OF_AURORA]
QUICK = ("every-event", "credentials-near", "further-status", "duplicate-later", "outage")


async def test_robust_code_passes_every_check():
    async with sample("robust") as url:
        report = await verify(wanted(url, probes=probes_of(url)))
    skipped = {name for name, verdict in verdicts(report).items() if verdict == "skipped"}
    assert (
        {name for name, verdict in verdicts(report).items() if verdict != "pass"}
        == skipped
        == {"encryption"} | NOT_OF_AURORA
    )
    assert report.verdict == "pass"


async def test_without_a_probe_effects_are_unknown_and_say_what_to_give():
    async with sample("robust") as url:
        report = await verify(wanted(url, *EFFECTS))
    assert set(verdicts(report).values()) == {"unknown"}
    assert {check.advice for check in report.checks} == {
        "give --state-url, --state-cmd or --state-sql, which shows what the receiver knows"
    }


async def test_without_credentials_it_is_unknown_whether_they_are_demanded():
    async with sample("robust", token=None) as url:
        report = await verify(wanted(url, "credentials-wrong", target=Target(url)))
    assert found(report, "credentials-wrong").verdict == "unknown"
    assert "--header-auth" in found(report, "credentials-wrong").advice


async def test_a_genuine_repeat_is_unknown_without_a_probe_of_its_own():
    async with sample("robust") as url:
        report = await verify(wanted(url, "genuine-repeat", probes=replace(probes_of(url), repeats=None)))
    assert found(report, "genuine-repeat").verdict == "unknown"


async def test_effects_are_seen_through_a_count_as_well(monkeypatch: pytest.MonkeyPatch):
    """As few histories as may be: a command for each look takes its time."""
    monkeypatch.setattr(order, "AT_LEAST", 5)
    async with sample("robust") as url:
        count = CommandProbe(f"curl -s {url}/state | grep -o signed | wc -l", frozenset())
        probes = Probes(state=count)
        events = ["agreement_status_changed"]
        report = await verify(wanted(url, "convergence", events=events, probes=probes, patience_seconds=0))
    assert found(report, "convergence").verdict == "pass"


async def test_the_same_seed_gives_the_same_digest():
    """Of a receiver that is not so slow that it is asked less."""
    digests = []
    for _ in range(2):
        async with sample("robust") as url:
            report = await verify(wanted(url, *QUICK, probes=probes_of(url), patience_seconds=60))
        digests.append(report_document(report)["digest"])
    assert digests[0] == digests[1]


async def test_secrets_are_in_no_report():
    async with sample("last-write-wins") as url:
        report = await verify(wanted(url, "convergence", probes=probes_of(url)))
    assert found(report, "convergence").scenario
    assert TOKEN[1] not in str(report_document(report))


async def test_a_check_that_rests_on_a_failed_one_is_skipped_with_the_reason():
    async with sample("expects-post") as url:
        report = await verify(wanted(url, "method", "every-event", "burst"))
    assert verdicts(report) == {"method": "fail", "every-event": "skipped", "burst": "skipped"}
    assert found(report, "every-event").message.startswith("method failed")


async def test_a_probe_that_breaks_is_no_finding_about_the_receiver():
    async with sample("robust") as url:
        with pytest.raises(Unavailable, match="no such file"):
            await verify(wanted(url, probes=Probes(state=CommandProbe("echo no such file >&2; exit 1", frozenset()))))


@dataclass
class FailsOnce:
    """A probe that is not answered the so manieth time, and is before and after."""

    probe: Probe
    countdown: int

    @property
    def names(self) -> frozenset[str]:
        return self.probe.names

    async def ask(self, values: Values) -> str | None:
        self.countdown -= 1
        if self.countdown == 0:
            raise Unavailable("the probe was not answered")
        return await self.probe.ask(values)

    async def close(self) -> None:
        await self.probe.close()


async def test_a_probe_that_fails_once_leaves_convergence_unknown():
    async with sample("robust") as url:
        probes = probes_of(url)
        assert probes.state
        report = await verify(wanted(url, "convergence", probes=replace(probes, state=FailsOnce(probes.state, 40))))
    assert found(report, "convergence").verdict == "unknown"
    assert found(report, "convergence").message == "the probe was not answered"


async def test_a_reset_that_fails_leaves_its_check_unknown_and_the_others_as_they_are():
    async with sample("robust") as url:
        probes = probes_of(url)
        assert probes.forget
        third = replace(probes, forget=FailsOnce(probes.forget, 3))
        report = await verify(wanted(url, "method", "redirect", "every-event", probes=third))
    assert verdicts(report) == {"method": "pass", "redirect": "unknown", "every-event": "pass"}


class TellsWhenSearched(Receiver):
    """By the fortieth request of one kind of event the search for a history that does not converge is under way."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.searched = asyncio.Event()
        self.seen = 0

    async def receive(self, request: web.Request) -> web.Response:
        self.seen += 1
        if self.seen == 40:
            self.searched.set()
        return await super().receive(request)


async def test_a_verification_that_is_broken_off_leaves_no_search_behind():
    receiver = TellsWhenSearched(":memory:", TOKEN)
    async with asyncio.timeout(30), served(receiver) as url:
        events = ["agreement_status_changed"]
        verifying = asyncio.create_task(verify(wanted(url, "convergence", events=events, probes=probes_of(url))))
        await receiver.searched.wait()
        verifying.cancel()
        await asyncio.wait([verifying])
        seen = receiver.seen
        await asyncio.get_running_loop().shutdown_default_executor()  # waits for the thread of the search
        assert receiver.seen == seen


async def test_nobody_there_is_no_finding_about_the_receiver():
    async with sample("robust") as url:
        pass
    with pytest.raises(Unavailable, match="nobody answers"):
        await verify(wanted(url))


async def test_a_host_that_nobody_allowed_gets_no_request():
    with pytest.raises(TargetNotAllowed, match="--allow-host"):
        await verify(wanted("http://staging.example.com"))


def test_checks_are_chosen_by_name():
    assert [check.id for check in chosen(["burst", "method"], [])] == ["method", "burst"]
    assert "burst" not in [check.id for check in chosen([], ["burst"])]
    with pytest.raises(NotFound, match='did you mean "burst"'):
        chosen(["brust"], [])


def test_every_check_has_advice_and_rests_on_checks_before_it():
    names = [check.id for check in CATALOGUE]
    assert len(set(names)) == len(names)
    for place, check in enumerate(CATALOGUE):
        assert check.advice.endswith(".")
        assert set(check.after) <= set(names[:place])


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_check_names_a_clause_of_every_provider_and_the_providers_no_other_checks(profile: Profile):
    assert profile.sentences.keys() == {check.id for check in CATALOGUE}
    for check in CATALOGUE:
        assert re.fullmatch(r"[A-Z]\d+(, [A-Z]\d+)*: .+[^.]", check.clause(profile))


def test_a_provider_whose_guide_nobody_has_read_is_checked_all_the_same():
    unread = replace(AURORA, sentences={})
    assert {check.clause(unread) for check in CATALOGUE} == {""}
    assert "polling" in [
        check.id for check in CATALOGUE if check.spared(unread) == "aurora sends again what was missed"
    ]


def test_a_provider_that_does_less_is_checked_for_less():
    once = replace(AURORA, ladder_seconds=(), disable=None, resend_days=None)
    assert [bool(applies(once)) for applies in (retries, resends, disables)] == [True] * 3
    assert [applies(AURORA) for applies in (retries, resends, disables)] == [""] * 3
    assert is_polled(once) == ""
    assert is_polled(replace(once, world=None)) == "aurora shows no objects"
