"""Progress of a run on stderr: where virtual time is, and what was counted so far."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

from simulator.domain.instant import format_clock
from simulator.engine.simulation import Simulation
from simulator.report.model import RemarkView

_BOARD = "{task.fields[virtual]}  {task.fields[counts]}"


class Follower:
    """Shows one run after the other on a line that keeps its place; checkpoints and refusals scroll above it."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._line = progress.add_task("", virtual="", counts="", total=None)

    def watch(self, simulation: Simulation) -> None:
        simulation.on_commit.append(lambda _: self._show(simulation))

    def remark(self, remark: RemarkView) -> None:
        style = "yellow" if remark.refused else "cyan"
        self._progress.console.print(f"{format_clock(remark.at)}  {remark.text}", style=style, markup=False)

    def name(self, name: str) -> None:
        self._progress.update(self._line, description=name)

    def _show(self, simulation: Simulation) -> None:
        tally = simulation.tally
        settled = tally.delivered + tally.exhausted + tally.cancelled
        self._progress.update(
            self._line,
            completed=settled,
            total=tally.deliveries,
            virtual=format_clock(simulation.clock.now()),
            counts=f"{tally.events} events · {tally.attempts} attempts · {tally.failures} failures",
        )


@contextmanager
def following() -> Iterator[Follower]:
    """A follower for as long as the block lasts; where stderr is no terminal only remarks are written."""
    console = Console(file=sys.stderr)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn(_BOARD))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield Follower(progress)
