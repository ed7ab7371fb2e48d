"""Runs scenarios one after the other, shows what came of them, and writes the reports where they are wanted.

One scenario is shown in full; several get a row each in one table, and the failing ones say what does not hold. What
only the end of a run needs, or few runs need, is imported there: the first request does not wait for it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.cli.outputs import Document, Outputs, write_file
from simulator.cli.progress import Follower, following
from simulator.cli.selection import Selected
from simulator.clock.pace import Pace
from simulator.report.remark import RemarkView
from simulator.scenario.run import Conditions, Serve, run_scenario
from simulator.scenario.scenario import Scenario
from simulator.store.database import MEMORY

if TYPE_CHECKING:
    from simulator.report.model import Report


@dataclass(frozen=True, slots=True)
class Run:
    """One call of `aurora-sim run`: its scenarios and how to run them. `options` are the words that repeat it."""

    selected: Sequence[Selected]
    outputs: Outputs
    target: str | None
    seed: int | None
    pace: Pace | None
    db: Path | None
    api_port: int | None
    allowed_hosts: tuple[str, ...]
    source_address: str | None
    options: str

    async def all(self) -> bool:
        """Whether every expectation of every scenario holds."""
        self.outputs.check(one.found.file for one in self.selected)
        with following() as follower:
            if len(self.selected) > 1:
                return await self._several(follower)
            return await self._alone(self.selected[0], follower)

    async def _alone(self, one: Selected, follower: Follower) -> bool:
        report = await self._run(one, self.target, follower, follower.remark)
        from simulator.cli.showing import show

        return show(report, self.outputs)

    async def _several(self, follower: Follower) -> bool:
        """Run them all; of each only what the summary needs is kept."""
        from simulator.report.document import report_document
        from simulator.scenario.relay import Relay

        outputs = replace(self.outputs, junit=None)
        reports: list[Report] = []
        documents: list[Document] = []
        ahead = [one.scenario for one in self.selected if self._starts_ahead(one.scenario)]
        async with Relay((self.target or one.receiver, one.demands) for one in ahead) as relay:
            for one in self.selected:
                target = await relay.next() if self._starts_ahead(one.scenario) else self.target
                report = await self._run(one, target, follower, _in_its_report)
                document = report_document(report)
                outputs.write(document, one.found.label)
                reports.append(replace(report, deliveries=()))
                documents.append({**document, "deliveries": []})
        self._sum_up(reports, documents)
        return all(report.verdict == "pass" for report in reports)

    def _sum_up(self, reports: Sequence[Report], documents: Sequence[Document]) -> None:
        from rich.console import Console

        from simulator.report.junit import junit_report
        from simulator.report.summary import render_summary

        if self.outputs.junit:
            write_file(self.outputs.junit, junit_report(documents))
        Console().print(render_summary(reports), crop=False)

    async def _run(
        self, one: Selected, target: str | None, follower: Follower, remark: Callable[[RemarkView], None]
    ) -> Report:
        scenario = one.scenario
        follower.name(scenario.name)
        seed = scenario.seed if self.seed is None else self.seed
        conditions = Conditions(
            target=target,
            seed=seed,
            pace=self.pace,
            db=self.db or MEMORY,
            api=self._api(scenario),
            allowed_hosts=self.allowed_hosts,
            source_address=self.source_address,
            command=f"aurora-sim run {shlex.quote(one.found.word)} --seed {seed} {self.options}".strip(),
            watch=follower.watch,
            remark=remark,
        )
        return await run_scenario(scenario, conditions)

    def _starts_ahead(self, scenario: Scenario) -> bool:
        """Whether its receiver may start while another run goes on: one that reads objects back must know where."""
        return self._api(scenario) is None

    def _api(self, scenario: Scenario) -> Serve | None:
        """What serves the simulated tenants meanwhile, where that is wanted."""
        if self.api_port is None and not scenario.polls:
            return None
        from simulator.api.loopback import serve_tenants

        return partial(serve_tenants, port=self.api_port or 0)


def _in_its_report(_: RemarkView) -> None:
    """Where several run, their remarks would be told without saying whose they are."""
