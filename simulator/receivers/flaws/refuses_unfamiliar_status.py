"""Answers 400 to a status it does not know.

A closed enumeration in the code. New values are a change that the provider may make without notice; each one burns
all six attempts, and the event is lost.
"""

from __future__ import annotations

from simulator.receivers.robust import Receiver
from simulator.receivers.statement import IllegalEventError, Statement


class RefusesUnfamiliarStatus(Receiver):
    def understand(self, event_name: str, parameters: dict[str, str]) -> Statement:
        statement = super().understand(event_name, parameters)
        if statement.status and statement.kind.is_unfamiliar(statement.status):
            raise IllegalEventError(f"{statement.status.text!r} is not a status of {statement.kind.name}")
        return statement
