"""What a test asks for, in the provider's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulator.domain.subscription import Subscription
from simulator.pytest_plugin.sender import Duration, micros

TENANT = "demo"


def words(
    url_template: str | None,
    header_auth: tuple[str, str] | None,
    basic_auth: tuple[str, str] | None,
    filters: Mapping[str, Sequence[str]] | None,
) -> dict[str, Any]:
    """A subscription as the customer writes it (S1), but for its event."""
    said: dict[str, Any] = {}
    if url_template is not None:
        said["url_template"] = url_template
    if header_auth:
        said["header_auth_key"], said["header_auth_value"] = header_auth
    if basic_auth:
        said["basic_auth_username"], said["basic_auth_password"] = basic_auth
    if filters:
        said["filters"] = [{"url_parameter": name, "value": [*values]} for name, values in filters.items()]
    return said


def aim(
    *,
    event: str | None,
    subscription: Subscription | None,
    attempt: int | Sequence[int] | None,
    probability: float,
    status: int,
    delay: Duration,
    period: Duration,
) -> dict[str, Any]:
    """Which attempts a fault acts on, and how, as fields of a `Fault`."""
    positions = (attempt,) if isinstance(attempt, int) else attempt
    return {
        "event": event,
        "subscription_id": subscription.id if subscription else None,
        "positions": frozenset(positions) if positions else None,
        "probability": probability,
        "status": status,
        "delay_us": micros(delay),
        "period_us": micros(period),
    }
