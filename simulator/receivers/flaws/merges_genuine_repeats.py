"""De-duplicates on the URL, for good.

"Comparing the payload directly to the previous state" finds duplicates, a list of every URL that ever came does not:
several events carry no id of their occurrence, so a second proposal, or a second change of the same project, has the
very same URL. It is taken for a duplicate, and never read back.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from simulator.receivers.robust import Receiver, Verdict
from simulator.receivers.statement import Statement


class MergesGenuineRepeats(Receiver):
    _came_before = False

    def judge(self, request: web.Request, raw_query: str) -> Verdict:
        came = "SELECT 1 FROM received WHERE path = ? AND query = ? AND status = ? LIMIT 1"
        path = request.raw_path.partition("?")[0]
        self._came_before = bool(self.records.rows(came, path, raw_query, HTTPStatus.OK))
        return super().judge(request, raw_query)

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        return self._came_before or super().is_duplicate(statement, is_news=is_news)
