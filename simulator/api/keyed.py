"""The face of a provider whose paths name no tenant: the key tells whose a request is (A1–A4, A11, A12).

In: a running simulation with its objects, the provider's description of its face, and whom a key belongs to. Out:
aiohttp routes. Paths, envelopes and actions are the profile's. An answer leaves only when what it says is committed.

A key may ask as often as it likes: the provider documents no limit.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from simulator.api.body import read_bytes
from simulator.domain.provider import KeyedFace
from simulator.domain.subscription import Owner
from simulator.engine.actor import Actor
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld
from simulator.errors import Environment, Invalid, Misuse, NotFound, Problem, Refused

STATUS: Mapping[type[Misuse], int] = {Invalid: 400, NotFound: 404, Refused: 409}
"""What becomes of our own errors: here a value that is wrong is answered 400 (A4)."""

WhoseKey = Callable[[str], Owner | None]
"""Whom a key belongs to; None for one that is not known."""

Work = Callable[[web.Request, Owner], Awaitable[dict[str, Any]]]


def keyed_routes(
    face: KeyedFace, simulation: Simulation, world: TenantWorld, actor: Actor, whose: WhoseKey
) -> Sequence[web.AbstractRouteDef]:
    """The routes of this face; each path has one for all methods, so that the provider's own words answer them all."""
    served = _Served(face, simulation, world, actor)
    works: defaultdict[str, dict[str, Work]] = defaultdict(dict)
    works[face.register] |= {"POST": served.register, "GET": served.registered}
    for path in world.paths:
        works[path]["GET"] = served.read
    for (method, path), (action, kind) in face.acts.items():
        works[path][method] = served.acting(action, kind)
    routes = [_route(path, by_method, face, whose) for path, by_method in works.items()]
    return [*routes, _route(f"{face.base}/{{rest:.*}}", {}, face, whose)]


class _Served:
    def __init__(self, face: KeyedFace, simulation: Simulation, world: TenantWorld, actor: Actor) -> None:
        self._face, self._simulation, self._world, self._actor = face, simulation, world, actor

    async def register(self, request: web.Request, owner: Owner) -> dict[str, Any]:
        """A registration, which replaces the former one whole; one that is refused leaves it in force (A2, A4)."""
        words = await _object(request)
        made = self._simulation.subscriptions.register_for(owner, words)
        self._commit()
        warnings = self._face.warn(made.definition)
        return self._face.show(made, ". ".join(["The webhook is registered", *warnings]))

    async def registered(self, _request: web.Request, owner: Owner) -> dict[str, Any]:
        present = self._simulation.roster.of_owner(owner)
        if not present:
            raise NotFound("no webhook is registered")
        return self._face.show(present[-1], "The webhook in force")

    async def read(self, request: web.Request, owner: Owner) -> dict[str, Any]:
        """What the provider itself knows of an object: the truth, whatever was delivered (A11)."""
        body = await self._world.read(owner.id, request.rel_url.raw_path, request.query)
        if body is None:
            raise NotFound("there is no such object")
        return dict(body)

    def acting(self, action: str, kind: str) -> Work:
        """An action of the customer's; the answer is the object as it is afterwards (A12)."""

        async def act(request: web.Request, owner: Owner) -> dict[str, Any]:
            given = _texts(await _object(request)) | dict(request.match_info)
            key = ("act", *self._simulation.ledger.mark)
            try:
                event = self._actor.act(owner.id, action, given, key=key)
            except Invalid as error:
                raise error.outside("attributes") from None
            self._commit()
            return dict(await self._world.read_object(owner.id, kind, event.attributes["id"]) or {})

        return act

    def _commit(self) -> None:
        try:
            self._simulation.commit()
        except Environment as error:
            self._simulation.fail(error)
            raise


def _route(path: str, works: Mapping[str, Work], face: KeyedFace, whose: WhoseKey) -> web.RouteDef:
    async def handle(request: web.Request) -> web.Response:
        owner = whose(_token(request))
        if owner is None:
            return _refusal(
                face, 401, "a valid token is needed: Authorization: Bearer …", {"WWW-Authenticate": "Bearer"}
            )
        if not works:
            return _refusal(face, 404, "there is nothing under this path")
        work = works.get("GET" if request.method == "HEAD" else request.method)
        if work is None:
            allowed = ", ".join(sorted(works))
            text = f"{request.method} is not allowed here; allowed are {allowed}"
            return _refusal(face, 405, text, {"Allow": allowed})
        try:
            return web.json_response(await work(request, owner))
        except Misuse as error:
            return _refusal(face, _status(error), str(error))
        except Environment:
            return _refusal(face, 503, "what was asked for could not be recorded")

    return web.route("*", path, handle)


def _status(error: Misuse) -> int:
    return next((status for ours, status in STATUS.items() if isinstance(error, ours)), 400)


def _refusal(face: KeyedFace, status: int, text: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(face.refuse(text), status=status, headers=headers)


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _object(request: web.Request) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object."""
    try:
        value = json.loads(await read_bytes(request) or b"{}")
    except (ValueError, RecursionError):
        raise Invalid([Problem((), "the body is not JSON")]) from None
    if not isinstance(value, dict):
        raise Invalid([Problem((), "the body is not a JSON object")])
    return value


def _texts(words: Mapping[str, Any]) -> dict[str, str]:
    """Values as attributes hold them."""
    problems = [
        Problem((name,), "must be a text or a number")
        for name, value in words.items()
        if isinstance(value, bool) or not isinstance(value, str | int | float)
    ]
    if problems:
        raise Invalid(problems)
    return {name: str(value) for name, value in words.items()}
