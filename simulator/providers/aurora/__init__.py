"""Aurora Solar: event catalogue, subscriptions, requests and readings, as one profile."""

from __future__ import annotations

from simulator.providers.aurora.profile import AURORA

__all__ = ["AURORA"]
