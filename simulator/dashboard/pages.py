"""The page and its modules: no build, no network beyond this server.

Out: routes. Text goes out gzipped where the browser takes it. The page names the modules that it needs at first, so
that they are fetched side by side and not one import after the other.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template

from aiohttp import web

from simulator.control.compression import takes_gzip
from simulator.dashboard.pieces import Piece, first_modules, first_sheets, pieces

_IMPORTS = '{"imports": {"sim/": "/static/"}}'
_SHEET = '<link rel="stylesheet" href="/static/{}">'
_MODULE = '<link rel="modulepreload" href="/static/{}">'


def page_routes() -> list[web.RouteDef]:
    """The page at `/` and everything it loads, under `/static/`."""

    async def show(request: web.Request) -> web.Response:
        return _answer(request, page(), _policy())

    async def give(request: web.Request) -> web.Response:
        piece = pieces().get(request.match_info["name"])
        if piece is None:
            raise web.HTTPNotFound(text="the page has no such file")
        return _answer(request, piece)

    return [web.get("/", show), web.get("/static/{name}", give)]


@cache
def page() -> Piece:
    """The page itself."""
    text = files(__package__ or "").joinpath("page", "index.html").read_text(encoding="utf-8")
    sheets, modules = "\n".join(map(_SHEET.format, first_sheets())), "\n".join(map(_MODULE.format, first_modules()))
    filled = Template(text).substitute(sheets=sheets, imports=_IMPORTS, modules=modules)
    return Piece(filled.encode("utf-8"), "text/html")


def _answer(request: web.Request, piece: Piece, further: Mapping[str, str] | None = None) -> web.Response:
    """A browser asks each time whether it has the newest, and is sent only what it does not have."""
    packed = takes_gzip(request.headers.get("Accept-Encoding", ""))
    tag = f"{piece.tag}-gzip" if packed else piece.tag
    headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache", "Vary": "Accept-Encoding", **(further or {})}
    if any(known.value in {tag, "*"} for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = piece.packed if packed else piece.content
    return web.Response(body=body, content_type=piece.kind, charset="utf-8", headers=headers)


def _policy() -> dict[str, str]:
    """Nothing from elsewhere, nothing from text: what a receiver answers can only ever be shown."""
    imports = b64encode(sha256(_IMPORTS.encode()).digest()).decode("ascii")
    policy = (
        "default-src 'none'",
        f"script-src 'self' 'sha256-{imports}'",
        "style-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "require-trusted-types-for 'script'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {"Content-Security-Policy": "; ".join(policy)}
