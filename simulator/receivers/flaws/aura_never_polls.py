"""Takes the webhooks for a complete ledger.

It was told to reconcile, and answers with what it knows already. "Don't treat the webhook stream as a complete ledger":
a callout whose last event was lost stays open for ever.
"""

from __future__ import annotations

from collections.abc import Sequence

from simulator.receivers.aura import AuraReceiver


class AuraNeverPolls(AuraReceiver):
    async def poll(self, api: str, token: str, ids: Sequence[str]) -> None:
        """Nothing: that is the flaw."""
