"""Answers 200 first and loses some of the work afterwards.

`except Exception: pass` around everything, or a queue in memory that the next deployment empties: the sender is told
that all is well and never sends it again. Here the work fails whenever an id holds a certain digit at its end.
"""

from __future__ import annotations

from simulator.receivers.robust import Decision, Receiver
from simulator.receivers.statement import Statement


class AnswersBeforeFailing(Receiver):
    UNLUCKY = frozenset("02468ace")

    def apply(self, statement: Statement) -> Decision:
        if statement.id[-1].lower() in self.UNLUCKY:
            return Decision.APPLIED
        return super().apply(statement)
