"""A receiver as a web application: a few fixed paths show what it knows, everything else is a webhook.

In goes a `Receiver`, out comes an aiohttp application that owns it: when the application is cleaned up, the
receiver is closed. The views ask for no credentials, so serve it on loopback only.

    GET /state   GET /state/{kind}   GET /state/{kind}/{id}   GET /agreements[/{id}], one such pair a kind
    GET /received?after=N   GET /refreshes   GET /health   POST /reset
"""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING, Final, TypedDict

from aiohttp import web

from simulator.receivers import views
from simulator.receivers.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.receivers.robust import Receiver
    from simulator.receivers.views import Json

    View = Callable[[Receiver, web.Request], Json]

_PLURALS: Final = {f"{kind}s": kind for kind in KINDS}


class _Body(TypedDict):
    """The body of a refusal, as aiohttp's exceptions take it."""

    text: str
    content_type: str


def make_app(receiver: Receiver) -> web.Application:
    """The application that serves a receiver, on any aiohttp runner or test server."""
    app = web.Application()
    _serve(app, receiver, "/health", _health)
    _serve(app, receiver, "/state", _state)
    _serve(app, receiver, "/received", _received)
    _serve(app, receiver, "/refreshes", _refreshes)
    _serve(app, receiver, "/reset", _reset, method="POST")
    for prefix in ("/state/{kind}", *(f"/{{kind:{plural}}}" for plural in _PLURALS)):
        _serve(app, receiver, prefix, _of_kind)
        _serve(app, receiver, prefix + "/{id}", _one_object)
    app.router.add_route("*", "/{path:.*}", receiver.receive)
    app.on_cleanup.append(partial(_close, receiver))
    return app


def _serve(app: web.Application, receiver: Receiver, path: str, view: View, method: str = "GET") -> None:
    async def show(request: web.Request) -> web.Response:
        if request.method != method:
            raise web.HTTPMethodNotAllowed(request.method, [method], **_reason(f"{path} answers {method}"))
        text = json.dumps(view(receiver, request), ensure_ascii=False, sort_keys=True)
        return web.json_response(text=text)

    app.router.add_route("*", path, show)


def _health(receiver: Receiver, _request: web.Request) -> Json:
    receiver.records.rows("SELECT 1")
    return {"status": "ok"}


def _state(receiver: Receiver, _request: web.Request) -> Json:
    return views.state(receiver.records)


def _of_kind(receiver: Receiver, request: web.Request) -> Json:
    return views.of_kind(receiver.records, _kind(request))


def _one_object(receiver: Receiver, request: web.Request) -> Json:
    kind, object_id = _kind(request), request.match_info["id"]
    found = views.one_object(receiver.records, kind, object_id)
    if found is None:
        raise web.HTTPNotFound(**_reason(f"no {kind} {object_id!r} was ever heard of"))
    return found


def _received(receiver: Receiver, request: web.Request) -> Json:
    after = request.query.get("after", "0")
    if not re.fullmatch("[0-9]{1,18}", after):
        raise web.HTTPBadRequest(**_reason(f"after is the number of a request, not {after!r}"))
    return views.received(receiver.records, int(after))


def _refreshes(receiver: Receiver, _request: web.Request) -> Json:
    return views.refreshes(receiver.records)


def _reset(receiver: Receiver, _request: web.Request) -> Json:
    receiver.records.forget_everything()
    return {"status": "ok"}


def _kind(request: web.Request) -> str:
    name = request.match_info["kind"]
    kind = _PLURALS.get(name, name)
    if kind not in KINDS:
        reason = f"no kind of object is called {name!r}; there are: {', '.join(KINDS)}"
        raise web.HTTPNotFound(**_reason(reason))
    return kind


def _reason(text: str) -> _Body:
    return {"text": json.dumps({"error": text}, ensure_ascii=False), "content_type": "application/json"}


async def _close(receiver: Receiver, _app: web.Application) -> None:
    receiver.close()
