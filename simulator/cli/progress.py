"""Progress of a run on stderr: where virtual time is, and what was counted so far.

What draws it is imported with the first remark or the first attempt that ended: no request waits for it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.domain.counting import format_count
from simulator.domain.instant import format_clock
from simulator.engine.simulation import Simulation
from simulator.report.remark import RemarkView

if TYPE_CHECKING:
    from simulator.cli.board import Board


class Follower:
    """Shows one run after the other on a line that keeps its place; checkpoints and refusals scroll above it."""

    def __init__(self, *, visible: bool) -> None:
        self._visible = visible
        self._name = ""

    def watch(self, simulation: Simulation) -> None:
        if self._visible:
            simulation.on_commit.append(lambda _: self._show(simulation))

    def remark(self, remark: RemarkView) -> None:
        self._board.remark(f"{format_clock(remark.at)}  {remark.text}", "yellow" if remark.refused else "cyan")

    def name(self, name: str) -> None:
        self._name = name

    def stop(self) -> None:
        if "_board" in vars(self):
            self._board.stop()

    @cached_property
    def _board(self) -> Board:
        from simulator.cli.board import Board

        return Board()

    def _show(self, simulation: Simulation) -> None:
        tally = simulation.tally
        if tally.attempts:
            events, attempts = format_count(tally.events, "event"), format_count(tally.attempts, "attempt")
            failures = format_count(tally.failures, "failure")
            self._board.show(
                self._name,
                format_clock(simulation.clock.now()),
                f"{events} · {attempts} · {failures}",
                completed=tally.delivered + tally.exhausted + tally.cancelled,
                total=tally.deliveries,
            )


@contextmanager
def following() -> Iterator[Follower]:
    """A follower for as long as the block lasts; where stderr is no terminal only remarks are written."""
    follower = Follower(visible=sys.stderr.isatty())
    try:
        yield follower
    finally:
        follower.stop()
