"""Does the work of an event again each time it arrives.

"Receiving the same webhook a second time in a row should have no additional effect": here two welcome letters go out.
"""

from __future__ import annotations

from itertools import count

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import Statement


class CountsDuplicates(Receiver):
    _occurrence = count()

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:  # noqa: ARG002 - that is the flaw
        return False

    def effect_key(self, statement: Statement, effect: str) -> str:
        return f"{super().effect_key(statement, effect)} / {next(self._occurrence)}"
