"""Who may speak to the simulator at all: programs of its user, and the simulator's own page.

A page that the user visits can send requests to this machine, and by DNS rebinding even under a name of its own. So
the Host must be an address, this machine's name, or the name that was bound; an Origin must be our own; and where
somebody bound more than loopback, a token is asked for. Provider faces bring credentials of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import compare_digest
from ipaddress import ip_address

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from simulator.control.answers import refuse
from simulator.errors import Problem
from simulator.wire.targets import parse_host

COOKIE = "aurora_sim_token"

_SHOWN = 80  # characters of a name that is refused: enough to recognise it

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}
_FOREIGN = frozenset({"cross-site", "same-site"})


@dataclass(frozen=True, slots=True)
class Guard:
    """`bound` is the address that is listened on. With a `token`, every request needs it but those of `exempt`."""

    bound: str
    token: str | None = field(default=None, repr=False)
    exempt: Collection[web.AbstractRoute] = ()

    def middleware(self) -> Middleware:
        """The outermost layer."""

        @web.middleware
        async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
            turned_away = self._turn_away(request) or self._welcome(request) or self._ask_for_token(request)
            answer = turned_away or await handler(request)
            if not answer.prepared:
                answer.headers.update(_HEADERS)
            return answer

        return guard

    def _turn_away(self, request: web.Request) -> web.Response | None:
        host = request.headers.get(hdrs.HOST, "")
        if not self._knows_host(host):
            return _no(403, f'"{_shorten(host)}" is not a name of this simulator; ask under {self.bound} or localhost')
        if not _is_own_page(request, host):
            return _no(403, "only the simulator's own page may ask from a browser")
        return None

    def _welcome(self, request: web.Request) -> web.Response | None:
        """A browser sends no header with a link: the token in the page's address becomes a cookie, and leaves it."""
        if not self.token or request.path != "/" or not _same(request.query.get("token", ""), self.token):
            return None
        answer = web.Response(status=303, headers={hdrs.LOCATION: "/"})
        answer.set_cookie(COOKIE, self.token, httponly=True, samesite="Strict", path="/")
        return answer

    def _ask_for_token(self, request: web.Request) -> web.Response | None:
        if not self.token or request.match_info.route in self.exempt or _holds(request, self.token):
            return None
        headers = {"WWW-Authenticate": "Bearer"}
        return _no(401, "a token is needed: Authorization: Bearer TOKEN; serve printed it", headers)

    def _knows_host(self, header: str) -> bool:
        """An address cannot be rebound; a name can, unless it is this machine's, the bound one, or a token is asked."""
        name = _without_port(header).lower().removesuffix(".")
        if self.token or _is_address(name) or name == self.bound.lower():
            return bool(name)
        host = parse_host(name)
        return host is not None and host.is_loopback


def _holds(request: web.Request, token: str) -> bool:
    scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    given = (bearer.strip() if scheme.lower() == "bearer" else "", request.cookies.get(COOKIE, ""))
    return any(_same(one, token) for one in given)


def _is_own_page(request: web.Request, host: str) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin.partition("://")[2] != host:
        return False
    followed_a_link = request.headers.get("Sec-Fetch-Mode") == "navigate" and request.method == hdrs.METH_GET
    return followed_a_link or request.headers.get("Sec-Fetch-Site") not in _FOREIGN


def _without_port(header: str) -> str:
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _same(given: str, wanted: str) -> bool:
    """Comparing takes as long for a wrong token as for a right one."""
    return compare_digest(_digest(given), _digest(wanted))


def _digest(text: str) -> bytes:
    return sha256(text.encode(errors="surrogatepass")).digest()


def _shorten(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _no(status: int, words: str, headers: dict[str, str] | None = None) -> web.Response:
    return refuse(status, [Problem((), words)], headers)
