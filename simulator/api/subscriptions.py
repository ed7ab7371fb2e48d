"""Subscriptions as the provider lets its customers manage them: make, list, show, change, delete (S1–S4, S13).

In: requests that the gate has let in, for an owner. Out: the provider's envelopes. What may be made is for the engine
and the profile to say; an answer leaves only when what it says is committed.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from simulator.api.answers import because, shown
from simulator.api.body import read_json
from simulator.domain.provider import Face
from simulator.domain.subscription import Owner, Subscription
from simulator.engine.simulation import Simulation
from simulator.errors import Environment, Invalid, NotFound, Problem, did_you_mean


class Subscriptions:
    """One face of a provider over one simulation."""

    def __init__(self, face: Face, simulation: Simulation) -> None:
        self._face, self._simulation = face, simulation

    async def show_all(self, _request: web.Request, owner: Owner) -> web.Response:
        """Every subscription of the owner, oldest first."""
        return shown({self._face.many: [self._face.show(one) for one in self._simulation.roster.of_owner(owner)]})

    async def make(self, request: web.Request, owner: Owner) -> web.Response:
        """A new subscription; 200, as the provider answers (S3)."""
        words = await self._words(request)
        return self._changed(self._simulation.subscriptions.register_for(owner, words))

    async def show(self, request: web.Request, owner: Owner) -> web.Response:
        return self._shown(self._find(request, owner))

    async def change(self, request: web.Request, owner: Owner) -> web.Response:
        """What is given is merged over what there was (S2)."""
        words = await self._words(request)
        found = self._find(request, owner)  # only now: it may have been deleted while the body came in
        return self._changed(self._simulation.subscriptions.update(found.id, words))

    async def delete(self, request: web.Request, owner: Owner) -> web.Response:
        self._simulation.subscriptions.delete(self._find(request, owner).id)
        self._commit()
        return web.Response(status=204)

    def _find(self, request: web.Request, owner: Owner) -> Subscription:
        """The one that the path names; another owner's is not found, as if it did not exist (S3)."""
        wanted = request.match_info["id"]
        for one in self._simulation.roster.of_owner(owner):
            if one.id == wanted:
                return one
        raise NotFound(f"{self._face.one}: there is none with this id")

    async def _words(self, request: web.Request) -> dict[str, Any]:
        """What the envelope holds."""
        name, body = self._face.one, await read_json(request)
        if not isinstance(body, dict):
            raise Invalid([Problem((name,), f'is missing; the body must be {{"{name}": {{…}}}}')])
        problems = [
            Problem((other,), f'there is no such field{did_you_mean(other, [name])}; the body holds "{name}" alone')
            for other in body
            if other != name
        ]
        if not isinstance(body.get(name), dict):
            problems.append(Problem((name,), "must be an object" if name in body else "is missing"))
        if problems:
            raise Invalid(problems)
        words: dict[str, Any] = body[name]
        return words

    def _shown(self, subscription: Subscription) -> web.Response:
        return shown({self._face.one: self._face.show(subscription)})

    def _changed(self, subscription: Subscription) -> web.Response:
        self._commit()
        return self._shown(subscription)

    def _commit(self) -> None:
        try:
            self._simulation.commit()
        except Environment as error:
            self._simulation.fail(error)
            raise web.HTTPServiceUnavailable(**because("what was asked for could not be recorded")) from error
