"""Takes a repeat of the same message and id for a duplicate.

"Key on `message` + the entity `id` to deduplicate": to the letter, so the second change of a callout's events is thrown
away, and the callout is not read back.
"""

from __future__ import annotations

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.robust import Decision
from simulator.receivers.statement import Statement


class AuraMergesRepeats(AuraReceiver):
    def apply(self, statement: Statement) -> Decision:
        came = "SELECT 1 FROM facts WHERE kind = ? AND id = ? AND name = ? LIMIT 1"
        if self.records.rows(came, statement.kind.name, statement.id, statement.event.name):
            return Decision.DUPLICATE
        return super().apply(statement)
