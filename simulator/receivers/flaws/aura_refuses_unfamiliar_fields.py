"""Answers 400 when the payload carries a field that it does not know.

A strict schema on the entity: the day AURA tells a little more, every event is lost.
"""

from __future__ import annotations

import json
from typing import Final

from simulator.receivers.aura import AuraReceiver
from simulator.receivers.statement import IllegalEventError, Statement

_CALLOUT: Final = {"status", "latitude", "longitude", "createdAt", "incidentInformation"}
_FAMILIAR: Final = {"id", "customerId", "name", "email", "phone", "plan"} | _CALLOUT


class AuraRefusesUnfamiliarFields(AuraReceiver):
    def read(self, body: bytes) -> Statement | None:
        statement = super().read(body)
        if statement:
            fields = json.loads(body)[statement.kind.name]
            if unfamiliar := sorted(fields.keys() - _FAMILIAR):
                raise IllegalEventError(f"there is no field {unfamiliar[0]!r}")
        return statement
