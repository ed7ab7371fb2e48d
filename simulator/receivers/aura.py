"""A receiver of AURA's webhooks that does everything right: what comes by POST is a hint, what is polled is the truth.

AURA attempts each event once and keeps no order, so this receiver believes a status only upwards, takes an event whose
`message` and id it has seen for a duplicate only if all else is equal too, and polls the callouts that it knows.

    GET /callouts          the status of each callout, as far as the webhooks told it
    GET /reconciled?api=…&token=…[&id=…]   the same after every callout that is not over was polled; `id` names further
                           callouts, which the customer knows from creating them
"""

from __future__ import annotations

import json
import sqlite3
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from simulator.receivers import views
from simulator.receivers.kinds import Event, Kind, Says
from simulator.receivers.robust import Decision, Receiver, Verdict
from simulator.receivers.statement import IllegalEventError, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

OPEN: Final = "open a case"
CLOSE: Final = "close the case"

CALLOUT: Final = Kind(
    "callout",
    id="id",
    order=(
        "new",
        "owned",
        "dispatched",
        "acknowledged",
        "arrived",
        "completed",
        "soft_cancelled",
        "cancelled",
        "closed",
    ),
    read_at="callouts/{id}",
    events=(
        Event("NEW_CALLOUT", Says.STATUS, once=OPEN),
        Event("CALLOUT_EVENTS_CHANGED", Says.STATUS, once="look at the changed events"),
        Event("CALLOUT_CLOSED", Says.STATUS, once=CLOSE),
    ),
)
SUBSCRIPTION: Final = Kind("subscription", id="id", order=("active", "cancelled"), events=())
CUSTOMER: Final = Kind("customer", id="id", order=(), events=())
KINDS: Final = (CALLOUT, SUBSCRIPTION, CUSTOMER)
OVER: Final = ("soft_cancelled", "cancelled", "closed")
REPEATS: Final = "CALLOUT_EVENTS_CHANGED"
"""The event that may come again with the same id and mean something new."""

_TIMEOUT: Final = ClientTimeout(total=10)


class AuraReceiver(Receiver):
    """Takes POSTs on any path that shows nothing."""

    method: ClassVar[str] = "POST"

    async def receive(self, request: web.Request) -> web.Response:
        """One webhook, or a look at what this receiver knows."""
        if request.method == "GET" and request.path == "/callouts":
            return web.json_response(self._callouts())
        if request.method == "GET" and request.path == "/reconciled":
            return await self._reconcile(request.query)
        body = await request.read()
        try:
            verdict = self.take(request, body)
        except sqlite3.Error as failure:
            verdict = Verdict(Decision.FAILED, HTTPStatus.INTERNAL_SERVER_ERROR, str(failure))
        return self.respond(verdict)

    def take(self, request: web.Request, body: bytes) -> Verdict:
        """Decides and records, both in one transaction that is committed when this returns."""
        with self.records.transaction():
            verdict = self.judge_body(request, body)
            text = body.decode(errors="replace")
            self.records.log(request.method, request.path, text, verdict.decision, verdict.status)
        return verdict

    def judge_body(self, request: web.Request, body: bytes) -> Verdict:
        """Refuses what is not a webhook for us, applies what is."""
        if request.method != self.method:
            return Verdict(Decision.REFUSED, HTTPStatus.METHOD_NOT_ALLOWED, f"webhooks come as {self.method}")
        if not self.authorized(request):
            return Verdict(Decision.REFUSED, HTTPStatus.UNAUTHORIZED, "credentials are missing or wrong")
        try:
            statement = self.read(body)
        except IllegalEventError as illegal:
            return Verdict(Decision.REFUSED, HTTPStatus.BAD_REQUEST, str(illegal))
        return Verdict(self.apply(statement) if statement else Decision.STALE, HTTPStatus.OK)

    def read(self, body: bytes) -> Statement | None:
        """What a body says; None where it speaks of nothing that is known here. Raises `IllegalEventError`."""
        return read_statement(body)

    def is_duplicate(self, statement: Statement, *, is_news: bool) -> bool:  # noqa: ARG002 - the method of the parent
        """Equal in all that was said: `message` and id alone would merge a genuine repeat."""
        return not is_news

    def apply(self, statement: Statement) -> Decision:
        """An event that may come again and look the same is a hint as well: its callout is to be read back."""
        decision = super().apply(statement)
        if statement.event.name == REPEATS:
            self.records.wish(statement.kind.name, statement.id)
        return decision

    def effect_key(self, statement: Statement, effect: str) -> str:
        """Work that a repeat sets off anew is keyed by all that was said."""
        key = super().effect_key(statement, effect)
        return f"{key} / {statement.facts[0][1]}" if statement.event.name == REPEATS else key

    async def _reconcile(self, query: Any) -> web.Response:
        known = [one for one, status in self._callouts().items() if status not in OVER]
        wanted = list(dict.fromkeys([*known, *query.getall("id", ())]))
        try:
            await self.poll(query["api"], query["token"], wanted)
        except (ClientError, TimeoutError, ValueError, KeyError, RecursionError, sqlite3.Error) as failure:
            return web.json_response({"error": f"not reconciled: {failure!r}"}, status=HTTPStatus.BAD_GATEWAY)
        return web.json_response(self._callouts())

    async def poll(self, api: str, token: str, ids: Sequence[str]) -> None:
        """Ask the provider about each of these callouts."""
        headers = {"Authorization": f"Bearer {token}"}
        async with ClientSession(headers=headers, timeout=_TIMEOUT) as session:
            for one in ids:
                async with session.get(f"{api}/callouts/{quote(one, safe='')}", allow_redirects=False) as answer:
                    if answer.status == HTTPStatus.OK:
                        self._keep(one, await answer.json())

    def _keep(self, callout_id: str, shown: Any) -> None:
        """What the provider itself shows is the truth, also where it lies below what was told; work is not missed."""
        if not (isinstance(shown, dict) and isinstance(shown.get("status"), str)):
            return
        with self.records.transaction():
            self.records.keep(CALLOUT.name, callout_id, CALLOUT.reported(shown["status"]))
            for effect in (OPEN, CLOSE) if shown["status"] == "closed" else (OPEN,):
                self.records.set_off(f"{effect} / {CALLOUT.name} / {callout_id}", CALLOUT.name, callout_id, effect)

    def _callouts(self) -> dict[str, views.Json]:
        return views.of_kind(self.records, CALLOUT.name)


def read_statement(body: bytes) -> Statement | None:
    """What a webhook said; None where it speaks of nothing that is known here. Raises `IllegalEventError`."""
    try:
        said = json.loads(body)
        json.dumps(said, ensure_ascii=False).encode()  # JSON can spell half a character, which no database keeps
    except (ValueError, RecursionError) as error:
        raise IllegalEventError("the body is not JSON, or holds what cannot be kept") from error
    message = said.get("message") if isinstance(said, dict) else None
    if not isinstance(message, str):
        raise IllegalEventError('the body is no object with a "message"')
    for kind in KINDS:
        entity = said.get(kind.name)
        if isinstance(entity, dict) and entity.get(kind.id) is not None:
            return _statement(kind, message, entity)
    return None


def _statement(kind: Kind, message: str, entity: dict[str, Any]) -> Statement:
    event = next((one for one in kind.events if one.name == message), Event(message, Says.STATUS))
    text = entity.get("status")
    status = kind.reported(text) if isinstance(text, str) else None
    whole = json.dumps(entity, sort_keys=True, ensure_ascii=False)
    return Statement(kind, event, str(entity[kind.id]), status, ((message, whole),))
