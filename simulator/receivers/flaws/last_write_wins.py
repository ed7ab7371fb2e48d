"""Keeps whatever status came last.

"Ordering between events is not guaranteed": a late `viewed` overwrites `signed`, and the sale is open again.
"""

from __future__ import annotations

from simulator.receivers.kinds import Kind, Status
from simulator.receivers.robust import Receiver


class LastWriteWins(Receiver):
    def join(self, kind: Kind, old: Status, new: Status) -> Status:  # noqa: ARG002 - that is the flaw
        return new
