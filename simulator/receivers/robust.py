"""The receiver that does everything right, in small pieces so that another can get one of them wrong.

In goes an HTTP request, out comes an answer, and not before all that the answer promises is committed. It
knows its own records and the catalogue of events, and nothing of who sends.

    request -> authorized? -> decode -> understand -> learn -> join, set off, wish -> commit -> answer

The work between two requests never interleaves: from BEGIN to COMMIT there is no `await`, so concurrent
duplicates meet one after the other.
"""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, Final

from aiohttp import web

from simulator.receivers.catalogue import EVENTS
from simulator.receivers.credentials import Credentials
from simulator.receivers.records import Records
from simulator.receivers.statement import IllegalEventError, Statement, decode, understand

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.receivers.kinds import Kind, Status


class Decision(StrEnum):
    """What became of a request. FAILED never stands in the ledger: nothing of such a request was kept."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    STALE = "stale"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a request, the status to answer with, and why if that is no success."""

    decision: Decision
    status: int
    why: str = ""


_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="webhooks"'}


class Receiver:
    """Receives webhooks and keeps what they say; give it to `make_app` to serve it.

    Each method is one decision, and the place where a flawed receiver differs.

    `header_auth` is the name and value of a header, `basic_auth` user and password; each one given must come
    with every webhook. Raises `ValueError` for empty secrets and `sqlite3.Error` if `db` cannot be opened.
    """

    method: ClassVar[str] = "GET"

    def __init__(
        self,
        db: str | Path = ":memory:",
        header_auth: tuple[str, str] | None = None,
        basic_auth: tuple[str, str] | None = None,
    ) -> None:
        self.credentials = Credentials(header_auth, basic_auth)
        self.records = Records(db)
        self.wished = asyncio.Event()

    def close(self) -> None:
        """Closes the database; a receiver in memory forgets everything."""
        self.records.close()

    async def receive(self, request: web.Request) -> web.Response:
        """One webhook from request to answer."""
        try:
            verdict = self.work(request)
        except sqlite3.Error as failure:
            verdict = Verdict(Decision.FAILED, HTTPStatus.INTERNAL_SERVER_ERROR, str(failure))
        return self.respond(verdict)

    def work(self, request: web.Request) -> Verdict:
        """Decides and records, both in one transaction that is committed when this returns."""
        path, _, raw_query = request.raw_path.partition("?")
        with self.records.transaction():
            verdict = self.judge(request, raw_query)
            self.records.log(request.method, path, raw_query, verdict.decision, verdict.status)
        if verdict.decision is Decision.APPLIED:
            self.wished.set()
        return verdict

    def judge(self, request: web.Request, raw_query: str) -> Verdict:
        """Refuses what is not a webhook for us, applies what is."""
        event_name = self.event_name(request)
        if event_name not in EVENTS:
            return _refused(HTTPStatus.NOT_FOUND, f"no event is called {event_name!r}")
        if request.method != self.method:
            return _refused(HTTPStatus.METHOD_NOT_ALLOWED, f"webhooks come as {self.method}")
        if not self.authorized(request):
            return _refused(HTTPStatus.UNAUTHORIZED, "credentials are missing or wrong")
        try:
            statement = self.understand(event_name, self.decode(raw_query))
        except IllegalEventError as illegal:
            return _refused(HTTPStatus.BAD_REQUEST, str(illegal))
        return Verdict(self.apply(statement), HTTPStatus.OK)

    def event_name(self, request: web.Request) -> str:
        """The event that the path names, familiar or not."""
        return request.path.removeprefix("/")

    def authorized(self, request: web.Request) -> bool:
        """Whether the request proves that it comes from the provider."""
        return self.credentials.accept(request.headers)

    def decode(self, raw_query: str) -> dict[str, str]:
        """The parameters of the query as it stood on the wire. Raises `IllegalEventError`."""
        return decode(raw_query)

    def understand(self, event_name: str, parameters: dict[str, str]) -> Statement:
        """What the event says. Raises `IllegalEventError`; unfamiliar values are no reason to."""
        return understand(event_name, parameters)

    def apply(self, statement: Statement) -> Decision:
        """Puts a statement into the records, once."""
        is_news = self.records.learn(statement)
        if self.is_duplicate(statement, is_news=is_news):
            return Decision.DUPLICATE
        overtaken = self.settle(statement)
        acted = self.act(statement)
        if statement.is_hint:
            self.records.wish(statement.kind.name, statement.id)
        return Decision.STALE if overtaken and not acted and not statement.is_hint else Decision.APPLIED

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:
        """Whether this was all said before, and can be taken for the same webhook again.

        A hint can not: its genuine repeat looks just like its duplicate.
        """
        return not is_news and not statement.is_hint

    def settle(self, statement: Statement) -> bool:
        """Joins what was said into the object's status; whether that status is already beyond it."""
        kind, object_id, said = statement.kind, statement.id, statement.status
        old = self.records.status(kind.name, object_id)
        status = old if said is None else self.join(kind, old, said)
        self.records.keep(kind.name, object_id, status)
        return said is not None and status != said

    def join(self, kind: Kind, old: Status, new: Status) -> Status:
        """The status to keep after `new` was said of an object known as `old`, in whatever order they came."""
        return kind.join(old, new)

    def act(self, statement: Statement) -> bool:
        """Sets off the one-time work of the event; whether that had not been done before."""
        effect = statement.event.work(statement.status)
        if effect is None:
            return False
        key = self.effect_key(statement, effect)
        return self.records.set_off(key, statement.kind.name, statement.id, effect)

    def effect_key(self, statement: Statement, effect: str) -> str:
        """Equal keys are the same work, done once, whichever statement sets it off."""
        return f"{effect} / {statement.kind.name} / {statement.id}"

    def respond(self, verdict: Verdict) -> web.Response:
        """The answer; its body is for people, the provider reads the status only."""
        body = {"decision": str(verdict.decision)} | ({"error": verdict.why} if verdict.why else {})
        headers = {HTTPStatus.UNAUTHORIZED: _CHALLENGE, HTTPStatus.METHOD_NOT_ALLOWED: {"Allow": self.method}}
        return web.json_response(body, status=verdict.status, headers=headers.get(HTTPStatus(verdict.status)))


def _refused(status: HTTPStatus, why: str) -> Verdict:
    return Verdict(Decision.REFUSED, status, why)
