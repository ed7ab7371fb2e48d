"""The routes of the provider's face, for whoever serves them (S1–S13, E10).

In: a running service and the keys that count. Out: aiohttp routes. Each path has one route for all methods, so that a
wrong method is answered in the provider's own words, and only to those whom the gate lets in.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Literal, Protocol

from aiohttp import web

from simulator.api.answers import because, shown, told_as_http
from simulator.api.gate import Gate
from simulator.api.keyed import keyed_routes
from simulator.api.keys import Keys
from simulator.api.limit import Limiter
from simulator.api.subscriptions import Subscriptions
from simulator.clock.agenda import Agenda
from simulator.clock.stopwatch import Stopwatch
from simulator.domain.provider import Face, KeyedFace
from simulator.domain.subscription import Owner
from simulator.engine.actor import Actor
from simulator.engine.emitter import Emitter
from simulator.engine.simulation import Simulation
from simulator.engine.world import TenantWorld
from simulator.errors import NotFound

PER_MINUTE = 90

_NAME = re.compile(r"\{(\w+)\}")  # a part of a path may hold any text; aiohttp's own pattern leaves out braces

Kind = Literal["tenant", "application"]
Work = Callable[[web.Request, Owner], Awaitable[web.Response]]
Works = Mapping[str, Work]


class Running(Protocol):
    """What is served: a `Service`, or as much of one as a run has."""

    @property
    def simulation(self) -> Simulation: ...

    @property
    def world(self) -> TenantWorld | None: ...


def management_routes(
    service: Running, keys: Keys, *, per_minute: int | None = PER_MINUTE, now: Callable[[], int] | None = None
) -> Sequence[web.AbstractRouteDef]:
    """The provider's face: management of subscriptions, and the objects of its tenants.

    A key may ask `per_minute` times within any real minute (None: as often as it likes); `now` reads real microseconds.
    """
    simulation = service.simulation
    if simulation.profile.keyed_face and service.world:
        return _keyed(simulation.profile.keyed_face, simulation, service.world, keys)
    gate = Gate(keys, simulation, Limiter(per_minute, now or Stopwatch().elapsed_us))
    routes: list[web.RouteDef] = []
    for face in simulation.profile.faces:
        routes += _managing(face, Subscriptions(face, simulation), gate)
    if service.world:
        routes += _reading(service.world, gate)
    for face in simulation.profile.faces:
        owner = face.path.partition("}")[0] + "}"
        routes.append(_route(owner + "{rest:.*}", face.owner, None, gate))
    return routes


def _keyed(face: KeyedFace, simulation: Simulation, world: TenantWorld, keys: Keys) -> Sequence[web.AbstractRouteDef]:
    """The face of a provider whose paths name no tenant."""

    def whose(text: str) -> Owner | None:
        key = keys.find(text)
        return None if key is None or key.owner.kind != "tenant" else key.owner

    actor = Actor(simulation.profile, Emitter(simulation, Agenda(simulation.clock)), world)
    return keyed_routes(face, simulation, world, actor, whose)


def _managing(face: Face, subscriptions: Subscriptions, gate: Gate) -> Iterator[web.RouteDef]:
    all_of_them: Works = {"GET": subscriptions.show_all, "POST": subscriptions.make}
    one_of_them: Works = {
        "GET": subscriptions.show,
        "PUT": subscriptions.change,
        "PATCH": subscriptions.change,
        "DELETE": subscriptions.delete,
    }
    yield _route(face.path, face.owner, all_of_them, gate)
    yield _route(f"{face.path}/{{id}}", face.owner, one_of_them, gate)


def _reading(world: TenantWorld, gate: Gate) -> Iterator[web.RouteDef]:
    async def show(request: web.Request, owner: Owner) -> web.Response:
        body = await world.read(owner.id, request.rel_url.raw_path, request.query)
        if body is None:
            raise NotFound("there is no such object in this tenant")
        return shown(body)

    for path in world.paths:
        yield _route(path, "tenant", {"GET": show}, gate)


def _route(path: str, kind: Kind, works: Works | None, gate: Gate) -> web.RouteDef:
    """What this path does, by method; without works there is nothing here. The path names the owner."""

    async def handle(request: web.Request) -> web.Response:
        owner = Owner(request.match_info[f"{kind}_id"], kind)
        gate.admit(request, owner)
        if works is None:
            raise web.HTTPNotFound(**because("there is nothing under this path"))
        with told_as_http():
            return await _chosen(works, request.method)(request, owner)

    return web.route("*", _NAME.sub(r"{\1:[^/]+}", path), handle)


def _chosen(works: Works, method: str) -> Work:
    """HEAD is answered wherever GET is (RFC 9110)."""
    allowed = {**works, "HEAD": works["GET"]}
    if method not in allowed:
        text = f"{method} is not allowed here; allowed are {', '.join(sorted(allowed))}"
        raise web.HTTPMethodNotAllowed(method, allowed, **because(text))
    return allowed[method]
