"""How Aurora lets its customers manage subscriptions: paths, envelopes, and the object as it is shown (S1–S7, S13)."""

from __future__ import annotations

from typing import Any

from simulator.domain.instant import format_utc
from simulator.domain.provider import Applications, Face
from simulator.domain.subscription import Subscription
from simulator.providers.aurora.subscription import SESSION_TOKEN, TENANT_ID, define_for_application


def show(subscription: Subscription) -> dict[str, Any]:
    """The object in an answer. The two secret fields are left out: nobody gets them back (S7)."""
    definition = subscription.definition
    header = definition.headers[0].name if definition.headers else None
    basic = definition.basic_auth.username if definition.basic_auth else None
    return {
        "id": subscription.id,
        "description": definition.description,
        "event": definition.events[0],
        "url_template": definition.url_template,
        "enabled": subscription.enabled,
        "header_auth_key": header,
        "basic_auth_username": basic,
        "filters": [{"url_parameter": f"<{one.attribute}>", "value": [*one.values]} for one in definition.filters],
        "created_at": format_utc(subscription.created_at),
        "updated_at": format_utc(subscription.updated_at),
    }


FACES = (
    Face("tenant", "/tenants/{tenant_id}/webhooks", "webhook", "webhooks", show),
    Face(
        "application",
        "/partner_applications/{application_id}/webhooks",
        "partner_application_webhook",
        "partner_application_webhooks",
        show,
    ),
)

APPLICATIONS = Applications(
    define=define_for_application,
    event="app_status_changed",
    names="APP_ID",
    tells="STATUS",
    enabled="enabled",
    disabled="disabled",
    tenant=TENANT_ID,
    token=SESSION_TOKEN,
    session_seconds=3_600,
)
