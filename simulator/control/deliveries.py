"""Deliveries: a page of them, one of them, one of them sent again."""

from __future__ import annotations

from aiohttp import web
from sqlite_utils import Database

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.control.queries import DeliveryQuery
from simulator.control.records import Record, delivery_records
from simulator.errors import NotFound
from simulator.store.selection import Choice, chosen_deliveries


async def page(asked: Asked) -> web.Response:
    """Newest first. A page goes on below an id, so what begins meanwhile moves nothing from page to page."""
    query: DeliveryQuery = asked.query
    choice = Choice(
        states=query.state,
        subscription_id=asked.desk.subscription_id(query.subscription),
        event=asked.desk.event_name(query.event),
        event_id=query.event_id,
        tenant_id=query.tenant,
        since=query.since,
        until=query.until,
    )

    def read(db: Database) -> tuple[list[int], list[Record]]:
        ids = chosen_deliveries(db, choice, below=query.cursor, limit=query.limit, newest_first=True)
        return ids, delivery_records(db, ids)

    ids, records = await asked.desk.library.read(read)
    following = str(ids[-1]) if len(ids) == query.limit else None
    return say({"deliveries": records[::-1], "next": following})


async def show(asked: Asked) -> web.Response:
    """One delivery with its attempts, and the one on the wire."""
    number = asked.number("delivery")
    asked.desk.simulation.commit()
    records = delivery_records(asked.desk.simulation.ledger.db, [number])
    if not records:
        raise NotFound(f"there is no delivery {number}")
    return say(records[0])


async def resend(asked: Asked) -> web.Response:
    """A fresh chain with the current definition (R10)."""
    asked.desk.simulation.resend(asked.number("delivery"))
    return await show(asked)


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/deliveries",
        "list_deliveries",
        "Deliveries, newest first, page by page",
        page,
        {200: "a page, and the cursor of the next", 404: "there is no such subscription"},
        query=DeliveryQuery,
    ),
    Operation(
        "GET",
        "/simulator/deliveries/{id}",
        "show_delivery",
        "One delivery with its attempts",
        show,
        {200: "the delivery", 404: "there is no such delivery"},
    ),
    Operation(
        "POST",
        "/simulator/deliveries/{id}/resend",
        "resend_delivery",
        "Send one past delivery again",
        resend,
        {200: "the delivery, pending again", 404: "there is no such delivery", 409: "it cannot be resent now"},
    ),
)
