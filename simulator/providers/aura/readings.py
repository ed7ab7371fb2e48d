"""AURA's own answers where its guide is silent, beside those that every provider has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from simulator.domain.provider import Readings
from simulator.errors import Bug


@dataclass(frozen=True, slots=True)
class AuraReadings(Readings):
    """`allow_http` lets plain http through to this machine alone, for local tests (A3)."""

    allow_http: bool = False  # A3
    deprecated_register: Literal["accept", "refuse"] = "accept"  # A6
    incident_shape: Literal["array_in_callout", "object_in_callout", "array_beside_callout"] = "array_in_callout"  # A8


def own(readings: Readings) -> AuraReadings:
    """The same readings, known to be AURA's."""
    if not isinstance(readings, AuraReadings):
        raise Bug("AURA was handed the readings of another provider")
    return readings
