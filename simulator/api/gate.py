"""Who asks, for whom, and how often (S3, S5, S13).

In: a request and the owner whose path it is. Out: nothing, or the answer that turns the request away: 401 for no key or
an unknown one, 403 for a key that is not allowed, 429 for one that asks too often.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from simulator.api.answers import because
from simulator.api.keys import Keys
from simulator.api.limit import Limiter
from simulator.domain.session import open_session
from simulator.domain.subscription import Owner
from simulator.engine.simulation import Simulation

READING = frozenset({"GET", "HEAD"})
_WHO = {"WWW-Authenticate": "Bearer"}


@dataclass(frozen=True, slots=True)
class Caller:
    """`counted` is what the limit counts by; `bound` says why the caller may not write, empty where it may."""

    owner: Owner
    counted: object
    bound: str = ""


class Gate:
    """Lets requests in that carry a key of ours, or a session token that this simulation minted."""

    def __init__(self, keys: Keys, simulation: Simulation, limiter: Limiter) -> None:
        self._keys, self._simulation, self._limiter = keys, simulation, limiter

    def admit(self, request: web.Request, owner: Owner) -> None:
        """Raises the answer to a request that may not ask this of that owner."""
        caller = self._caller(_token(request))
        if seconds := self._limiter.wait_seconds(caller.counted):
            text = f"too many requests; come again in {seconds} s"
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(seconds)}, **because(text))
        if caller.owner != owner:
            raise web.HTTPForbidden(**because(f"this key belongs to another {caller.owner.kind}"))
        if caller.bound and request.method not in READING:
            raise web.HTTPForbidden(**because(caller.bound))

    def _caller(self, token: str) -> Caller:
        if key := self._keys.find(token):
            bound = "a restricted key (rk_) may read and change nothing; use a standard key (sk_)"
            return Caller(key.owner, key, bound if key.restricted else "")
        session = open_session(token, self._simulation.seed)
        if session is None:
            raise web.HTTPUnauthorized(headers=_WHO, **because("this key is not known"))
        if session.expires_at <= self._simulation.clock.now():
            raise web.HTTPUnauthorized(headers=_WHO, **because("this session token has expired"))
        if not self._simulation.roster.has_enabled(session.tenant_id, session.application_id):
            raise web.HTTPForbidden(**because("the tenant has disabled this application"))
        bound = "a session token may read and change nothing"
        return Caller(Owner(session.tenant_id), (session.application_id, session.tenant_id), bound)


def _token(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise web.HTTPUnauthorized(headers=_WHO, **because("a key is needed: Authorization: Bearer sk_…"))
    return token.strip()
