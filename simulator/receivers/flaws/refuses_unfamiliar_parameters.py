"""Answers 400 when the URL carries a parameter it does not know.

A strict schema on the query. "You can also include static attributes" in URL templates: the day somebody adds one, or
one more attribute of the event, every webhook fails.
"""

from __future__ import annotations

from typing import Final

from simulator.receivers.catalogue import CATALOGUE
from simulator.receivers.robust import Receiver
from simulator.receivers.statement import IllegalEventError, Statement

_OTHERS: Final = {"status", "source", "tenant_id", "session_token"}
_FAMILIAR: Final = (
    _OTHERS
    | {kind.id for kind in CATALOGUE}
    | {name for kind in CATALOGUE for event in kind.events for name in event.keeps}
)


class RefusesUnfamiliarParameters(Receiver):
    def understand(self, event_name: str, parameters: dict[str, str]) -> Statement:
        statement = super().understand(event_name, parameters)
        if unfamiliar := sorted(parameters.keys() - _FAMILIAR):
            raise IllegalEventError(f"there is no parameter {unfamiliar[0]!r}")
        return statement
