"""Takes whatever comes for an id that it knows for a duplicate.

The key was read as "the entity id". It is `message` and the id: a callout that was closed stays new here for ever.
"""

from __future__ import annotations

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.kinds import NOTHING, Kind, Status
from simulator.receivers.statement import Statement


class AuraKnowsById(AuraReceiver):
    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        known = self.records.status(statement.kind.name, statement.id) != NOTHING
        return known or super().is_duplicate(statement, is_news=is_news)

    def join(self, kind: Kind, old: Status, new: Status) -> Status:
        return kind.join(old, new) if old == NOTHING else old
