"""Checks that no sample receiver fails, each against a few lines that do, and details of what checks tell."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import ClassVar

import pytest
from aiohttp import web
from serving import TOKEN, found, probes_of, sample, verdicts, wanted

from simulator.contract.target import Target
from simulator.contract.verify import verify
from simulator.providers import AURORA
from simulator.receivers.kinds import Kind, Status
from simulator.receivers.robust import Decision, Receiver, Verdict
from simulator.receivers.statement import Statement


class FindsHeadersByCase(Receiver):
    def authorized(self, request: web.Request) -> bool:
        return (TOKEN[0].encode(), TOKEN[1].encode()) in request.raw_headers


class FailsOnQuotes(Receiver):
    def work(self, request: web.Request) -> Verdict:
        if "%27" in request.raw_path:
            return Verdict(Decision.FAILED, 500, 'near "s": syntax error')
        return super().work(request)


class Dawdles(Receiver):
    async def receive(self, request: web.Request) -> web.Response:
        await asyncio.sleep(1.2 if self.records.rows("SELECT count(*) FROM received")[0][0] > 100 else 0)
        return await super().receive(request)


class RecognisesByIdAlone(Receiver):
    def join(self, kind: Kind, old: Status, new: Status) -> Status:
        return old if old.text else kind.join(old, new)


class RemembersTheLastOnly(Receiver):
    last: str = ""

    async def receive(self, request: web.Request) -> web.Response:
        self.known, self.last = request.raw_path == self.last, request.raw_path
        return await super().receive(request)

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        return self.known

    def effect_key(self, statement: Statement, effect: str) -> str:
        return f"{super().effect_key(statement, effect)} / {self.records.rows('SELECT count(*) FROM effects')[0][0]}"


class LosesWhatComesTogether(Receiver):
    WORKERS: ClassVar[int] = 4
    busy: int = 0

    async def receive(self, request: web.Request) -> web.Response:
        self.busy += 1
        crowded = self.busy > self.WORKERS
        await asyncio.sleep(0.005)
        self.busy -= 1
        return self.respond(Verdict(Decision.APPLIED, 200)) if crowded else await super().receive(request)


@pytest.mark.parametrize(
    ("kind", "check", "told"),
    [
        (FindsHeadersByCase, "credentials-right", "under a header name in other case, were answered 401"),
        (FailsOnQuotes, "hostile-values", "2 of 28 hostile values of "),
        (RecognisesByIdAlone, "further-status", "the state is that after sent alone"),
        (RemembersTheLastOnly, "duplicate-later", "holds once too often"),
        (LosesWhatComesTogether, "outage", "late events"),
    ],
)
async def test_a_check_catches_its_flaw(kind: type[Receiver], check: str, told: str):
    async with sample(kind) as url:
        report = await verify(wanted(url, check, probes=probes_of(url)))
    assert found(report, check).verdict == "fail"
    assert told in found(report, check).message


async def test_an_answer_beyond_the_limit_is_too_late():
    """R1, with a limit of one second."""
    async with sample(Dawdles) as url:
        profile = replace(AURORA, timeout_seconds=1)
        report = await verify(wanted(url, "every-event", "answer-time", profile=profile, patience_seconds=1.5))
    assert found(report, "answer-time").verdict == "fail"
    assert "were not answered within 1 s" in found(report, "answer-time").message
    assert "the slowest left -" in found(report, "answer-time").measured


class DemandsBasic(Receiver):
    def __init__(self, db: str, _: object) -> None:
        super().__init__(db, None, ("user", "Pass word"))


class IgnoresBasic(DemandsBasic):
    def authorized(self, request: web.Request) -> bool:
        return True


@pytest.mark.parametrize(("kind", "verdict"), [(DemandsBasic, "pass"), (IgnoresBasic, "fail")])
async def test_a_basic_pair_is_demanded_like_a_header(kind: type[Receiver], verdict: str):
    """E7."""
    names = ("credentials-right", "credentials-wrong", "credentials-absent", "credentials-near")
    async with sample(kind) as url:
        report = await verify(wanted(url, *names, target=Target(url, basic_auth=("user", "Pass word"))))
    assert verdicts(report)["credentials-right"] == "pass"
    assert verdicts(report)["credentials-wrong"] == verdict
