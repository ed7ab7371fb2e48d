"""De-duplicates on the URL, for good.

Several events carry no id of their occurrence: a second proposal, a second change of the same project have the very
same URL. They are taken for duplicates, and the second one is never read back.
"""

from __future__ import annotations

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import Statement


class MergesGenuineRepeats(Receiver):
    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        wished = self.records.rows(
            "SELECT 1 FROM refreshes WHERE kind = ? AND id = ?", statement.kind.name, statement.id
        )
        return bool(wished) if statement.is_hint else not is_news
