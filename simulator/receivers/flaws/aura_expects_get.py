"""Takes AURA's webhooks by GET only.

The route was copied from another provider's receiver. Every delivery is answered 405, and there is no second one.
"""

from __future__ import annotations

from typing import ClassVar

from simulator.receivers.aura import AuraReceiver


class AuraExpectsGet(AuraReceiver):
    method: ClassVar[str] = "GET"
