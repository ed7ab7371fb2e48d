"""How AURA lets its customers register a webhook and act: paths and envelopes (A1, A4, A12)."""

from __future__ import annotations

from typing import Any

from simulator.domain.auth import HIDDEN
from simulator.domain.provider import KeyedFace
from simulator.domain.subscription import Subscription
from simulator.providers.aura.registration import METHOD, warnings
from simulator.providers.aura.world import BASE


def show(subscription: Subscription, message: str) -> dict[str, Any]:
    """The answer to a registration. Of headers only the names are told: their values are secrets (S7)."""
    definition = subscription.definition
    config = {
        "url": definition.url_template,
        "events": [*definition.events],
        "method": METHOD,
        "headers": {one.name: HIDDEN for one in definition.headers},
    }
    return {"message": message, "notifier": {"config": [config]}}


def refuse(text: str) -> dict[str, Any]:
    return {"message": text}


# That objects are made by a POST to their collection, and cancelled below it, is our reading (I).
FACE = KeyedFace(
    base=BASE,
    register=f"{BASE}/notifiers/webhooks",
    show=show,
    warn=warnings,
    refuse=refuse,
    acts={
        ("POST", f"{BASE}/customers"): ("create_customer", "customer"),
        ("POST", f"{BASE}/callouts"): ("create_callout", "callout"),
        ("POST", f"{BASE}/callouts/{{id}}/cancel"): ("cancel_callout", "callout"),
        ("POST", f"{BASE}/callouts/{{id}}/simulate"): ("simulate_responder", "callout"),
        ("POST", f"{BASE}/subscriptions"): ("activate_subscription", "subscription"),
        ("POST", f"{BASE}/subscriptions/{{id}}/cancel"): ("cancel_subscription", "subscription"),
    },
)
