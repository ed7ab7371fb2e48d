"""Everything the page shows, in one answer, with the cursor from which the stream goes on.

The cursor is taken first: whatever changes while the ledger is read comes once more with the stream, and since changes
are whole records, coming twice does no harm.
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlite_utils import Database

from simulator.control.live import live_report
from simulator.control.operation import Asked, Operation
from simulator.control.records import Record, delivery_records, fault_records, subscription_records, with_health
from simulator.domain.instant import SECOND
from simulator.report.document import readable, report_document
from simulator.report.model import ClockView, Totals
from simulator.store import readback
from simulator.store.selection import Choice, chosen_deliveries

MOST_DELIVERIES = 20_000  # the newest; older ones are found by paging


async def show(asked: Asked) -> web.Response:
    """In the shape of `report.json`, and beside it the clock as it runs."""
    desk = asked.desk
    desk.simulation.commit()
    cursor, state, reached = desk.feed.cursor, desk.timekeeper.state(), desk.service.keep()
    profile, counts = desk.simulation.profile, dict(desk.meters.by_subscription)
    real_seconds = desk.running.elapsed_us() / SECOND

    def read(db: Database) -> tuple[dict[str, Any], list[Record]]:
        clock = ClockView(readback.facts(db)["start"], reached, real_seconds)
        ids = chosen_deliveries(db, Choice(), limit=MOST_DELIVERIES, newest_first=True)
        frame = report_document(live_report(db, profile, clock, only=()))
        shown = {
            "totals": readable(_totals(db)),
            "deliveries": delivery_records(db, ids),
            "faults": fault_records(db, reached),
        }
        return {**frame, **shown}, subscription_records(db, counts)

    document, subscriptions = await desk.library.read(read)
    del document["digest"], document["verdict"]
    document |= {"subscriptions": with_health(desk.simulation, subscriptions), "cursor": cursor, "live": state}
    return web.Response(text=json.dumps(document, separators=(",", ":")), content_type="application/json")


def _totals(db: Database) -> Totals:
    """Counted over the whole ledger, also where not every delivery is shown."""
    states, counted = readback.state_counts(db), readback.counts(db)
    return Totals(
        events=counted["events"],
        filtered=states.get("filtered", 0),
        deliveries=sum(count for state, count in states.items() if state != "filtered"),
        attempts=sum(every for every, _ in readback.attempt_counts(db).values()),
        delivered=states.get("delivered", 0),
        exhausted=states.get("exhausted", 0),
        cancelled=states.get("cancelled", 0),
        pending=states.get("pending", 0),
        duplicates=counted["duplicates"],
    )


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/snapshot",
        "show_snapshot",
        "Everything the page shows, with the cursor to go on from",
        show,
        {200: "the snapshot"},
    ),
)
