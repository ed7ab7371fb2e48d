"""Events that occurred: a page of them, or one with its deliveries; where nothing fired, why not."""

from __future__ import annotations

from aiohttp import web
from sqlite_utils import Database

from simulator.control.answers import say
from simulator.control.operation import Asked, Operation
from simulator.control.queries import EventQuery
from simulator.control.records import Record, delivery_records, event_record, event_records
from simulator.control.silence import explain_silence
from simulator.errors import NotFound
from simulator.store.happenings import Which, chosen_happenings, happenings
from simulator.store.queries import revisions_of_all
from simulator.store.selection import Choice, chosen_deliveries


async def page(asked: Asked) -> web.Response:
    """Newest first. A page goes on below an id, so what occurs meanwhile moves nothing from page to page."""
    query: EventQuery = asked.query
    which = Which(asked.desk.event_name(query.event), query.tenant, query.since, query.until, query.silent)

    def read(db: Database) -> list[Record]:
        return event_records(db, chosen_happenings(db, which, below=query.cursor, limit=query.limit))

    records = await asked.desk.library.read(read)
    following = str(records[0]["id"]) if len(records) == query.limit else None
    return say({"events": records[::-1], "next": following})


async def show(asked: Asked) -> web.Response:
    """One event with its deliveries; where it reached nobody, why not."""
    number = asked.number("event")
    asked.desk.simulation.commit()
    db = asked.desk.simulation.ledger.db
    found = happenings(db, [number])
    if not found:
        raise NotFound(f"there is no event {number}")
    event = found[0].event
    deliveries = delivery_records(db, chosen_deliveries(db, Choice(event_id=number)))
    silence = [] if deliveries else explain_silence(event, revisions_of_all(db))
    return say({"event": event_record(event), "deliveries": deliveries, "silence": silence})


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/events",
        "list_events",
        "Events, newest first, page by page; where one reached nobody, why",
        page,
        {200: "a page, and the cursor of the next"},
        query=EventQuery,
    ),
    Operation(
        "GET",
        "/simulator/events/{id}",
        "show_event",
        "One event with its deliveries, and why it reached nobody",
        show,
        {200: "the event", 404: "there is no such event"},
    ),
)
