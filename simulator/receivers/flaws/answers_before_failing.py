"""Answers 200 first and loses some of the work afterwards.

`except Exception: pass` around everything, or a queue in memory that the next deployment empties. The five further
attempts are for an application that "responds with a 3xx/4xx/5xx status code": whoever says 200 is never asked again.
Here the work is lost whenever the id of its object ends in certain digits.
"""

from __future__ import annotations

from typing import ClassVar

from simulator.receivers.robust import Decision, Receiver
from simulator.receivers.statement import Statement


class AnswersBeforeFailing(Receiver):
    UNLUCKY: ClassVar[frozenset[str]] = frozenset("02468ace")

    def apply(self, statement: Statement) -> Decision:
        if statement.id[-1].lower() in self.UNLUCKY:
            return Decision.APPLIED
        return super().apply(statement)
