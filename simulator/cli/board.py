"""The line on stderr that shows where a run is, drawn by rich.

In: figures and remarks. Out: a line that keeps its place, with remarks scrolling above it.
"""

from __future__ import annotations

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

_BOARD = "{task.fields[virtual]}  {task.fields[counts]}"


class Board:
    """Shown until it is stopped; where stderr is no terminal only remarks are written."""

    def __init__(self) -> None:
        console = Console(file=sys.stderr)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn(_BOARD))
        self._progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._line = self._progress.add_task("", virtual="", counts="", total=None)
        self._progress.start()

    def show(self, name: str, virtual: str, counts: str, *, completed: int, total: int) -> None:
        self._progress.update(
            self._line, description=name, completed=completed, total=total, virtual=virtual, counts=counts
        )

    def remark(self, text: str, style: str) -> None:
        self._progress.console.print(text, style=style, markup=False)

    def stop(self) -> None:
        self._progress.stop()
