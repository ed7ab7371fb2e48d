"""The report so far: as data, or as a page that opens from disk."""

from __future__ import annotations

import json

from aiohttp import web
from sqlite_utils import Database

from simulator.control.compression import json_text
from simulator.control.live import live_report
from simulator.control.operation import Asked, Operation
from simulator.control.queries import ReportQuery
from simulator.domain.instant import SECOND
from simulator.errors import Refused
from simulator.report.document import report_document
from simulator.report.html import html_report
from simulator.report.model import ClockView
from simulator.store import readback

MOST_DELIVERIES = 100_000


async def show(asked: Asked) -> web.Response:
    """Made beside the engine, however long the ledger is."""
    wanted: ReportQuery = asked.query
    desk = asked.desk
    (count,) = desk.simulation.ledger.db.execute("SELECT count(*) FROM deliveries").fetchone()
    if count > MOST_DELIVERIES:
        raise Refused(f"there are {count} deliveries, more than the {MOST_DELIVERIES} of a report; read them by pages")
    profile, reached = desk.simulation.profile, desk.service.keep()
    real_seconds = desk.running.elapsed_us() / SECOND

    def make(db: Database) -> str:
        clock = ClockView(readback.facts(db)["start"], reached, real_seconds)
        document = report_document(live_report(db, profile, clock))
        return html_report(document) if wanted.format == "html" else json.dumps(document)

    text = await desk.library.read(make)
    headers = {"Content-Disposition": f'inline; filename="report.{wanted.format}"'}  # shown, and saved under this name
    if wanted.format == "json":
        return json_text(text, headers=headers)
    return web.Response(text=text, content_type="text/html", headers=headers)


OPERATIONS = (
    Operation(
        "GET",
        "/simulator/report",
        "show_report",
        "The report of everything so far",
        show,
        {200: "the report", 409: "there is too much for one report"},
        query=ReportQuery,
    ),
)
