"""Everything the page shows, in one answer, with the cursor from which the stream goes on.

The cursor is taken first: whatever changes while the ledger is read comes once more with the stream, and since changes
are whole records, coming twice does no harm.
"""

from __future__ import annotations

from aiohttp import web
from sqlite_utils import Database

from simulator.control.answers import in_pieces
from simulator.control.compression import json_text
from simulator.control.live import live_report
from simulator.control.operation import Asked, Operation
from simulator.control.records import (
    delivery_records,
    event_records,
    fault_records,
    health_record,
    subscription_records,
)
from simulator.domain.instant import SECOND
from simulator.report.document import readable, report_document
from simulator.report.model import ClockView, Totals
from simulator.store import readback
from simulator.store.happenings import ANY, chosen_happenings
from simulator.store.selection import Choice, chosen_deliveries

MOST_DELIVERIES = 20_000  # the newest; older ones are found by paging
MOST_EVENTS = 500  # the newest

_OF_A_FINISHED_RUN = frozenset({"digest", "verdict", "expectations"})


async def show(asked: Asked) -> web.Response:
    """In the shape of `report.json`, and beside it the clock as it runs."""
    desk = asked.desk
    desk.simulation.commit()
    cursor, state, reached = desk.feed.cursor, desk.timekeeper.state(), desk.service.keep()
    profile, counts = desk.simulation.profile, dict(desk.meters.by_subscription)
    further = {kind: tell() for kind, tell in desk.further.items()}
    healths = {one.id: health_record(desk.simulation, one.id) for one in desk.simulation.roster}
    real_seconds = desk.running.elapsed_us() / SECOND

    def read(db: Database) -> str:
        clock = ClockView(readback.facts(db)["start"], reached, real_seconds)
        ids = chosen_deliveries(db, Choice(), limit=MOST_DELIVERIES, newest_first=True)
        frame = report_document(live_report(db, profile, clock, only=()))
        shown = {
            "cursor": cursor,
            "live": state,
            "timeout_seconds": desk.simulation.profile.timeout_seconds,
            "resend_days": desk.simulation.profile.resend_days,
            "totals": readable(_totals(db)),
            "events": event_records(db, chosen_happenings(db, ANY, limit=MOST_EVENTS)),
            "deliveries": delivery_records(db, ids),
            "faults": fault_records(db, reached),
            "subscriptions": [one | {"health": healths.get(one["id"])} for one in subscription_records(db, counts)],
        }
        document = {name: part for name, part in frame.items() if name not in _OF_A_FINISHED_RUN}
        return in_pieces(document | shown | further)

    return json_text(await desk.library.read(read))


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
