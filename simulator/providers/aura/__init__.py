"""AURA: event catalogue, registrations, payloads and readings, as one profile."""

from __future__ import annotations

from simulator.providers.aura.profile import AURA

__all__ = ["AURA"]
