"""Which deliveries an operator means: the n-th of a subscription, or everything missed between two instants (R10)."""

from __future__ import annotations

from sqlite_utils import Database

from simulator.errors import NotFound

_SENDABLE = """
    SELECT deliveries.id FROM deliveries JOIN events ON events.id = event_id
    WHERE deliveries.subscription_id = ? AND deliveries.state <> 'filtered' ORDER BY deliveries.id LIMIT 1 OFFSET ?"""

_MISSED = """
    SELECT deliveries.id
    FROM deliveries JOIN events ON events.id = event_id JOIN standing ON standing.delivery_id = deliveries.id
    WHERE standing.state IN ('exhausted', 'cancelled')
      AND occurred_at >= :since AND occurred_at < :until
      AND (:subscription IS NULL OR deliveries.subscription_id = :subscription)
      AND (:event IS NULL OR events.name = :event)
    ORDER BY deliveries.id"""


def nth_delivery(db: Database, subscription_id: str, number: int) -> int:
    """The number-th delivery (from 1) that was to be sent for a subscription; raises `NotFound`."""
    row = db.execute(_SENDABLE, [subscription_id, number - 1]).fetchone()
    if row is None:
        raise NotFound(f"the subscription has no delivery number {number}")
    return int(row[0])


def missed_deliveries(
    db: Database, subscription_id: str | None, event: str | None, since: int, until: int
) -> list[int]:
    """Deliveries given up for events that occurred in [since, until), oldest first."""
    wanted = {"subscription": subscription_id, "event": event, "since": since, "until": until}
    return [delivery_id for (delivery_id,) in db.execute(_MISSED, wanted).fetchall()]
