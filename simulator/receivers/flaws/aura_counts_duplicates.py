"""Does the work of an event again each time it arrives.

No memory of what came before. "Be idempotent — the same event may arrive more than once": here two cases are opened
for one callout.
"""

from __future__ import annotations

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.statement import Statement


class AuraCountsDuplicates(AuraReceiver):
    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:  # noqa: ARG002 - that is the flaw
        return False

    def effect_key(self, statement: Statement, effect: str) -> str:
        done = self.records.rows("SELECT count(*) FROM effects")[0][0]
        return f"{super().effect_key(statement, effect)} / {done}"
