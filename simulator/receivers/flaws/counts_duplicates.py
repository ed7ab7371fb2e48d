"""Does the work of an event again each time it arrives.

No memory of what came before, the work simply follows the request. "Receiving the same webhook a second time in a row
should have no additional effect": here two welcome letters go out.
"""

from __future__ import annotations

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import Statement


class CountsDuplicates(Receiver):
    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:  # noqa: ARG002 - that is the flaw
        return False

    def effect_key(self, statement: Statement, effect: str) -> str:
        done = self.records.rows("SELECT count(*) FROM effects")[0][0]
        return f"{super().effect_key(statement, effect)} / {done}"
