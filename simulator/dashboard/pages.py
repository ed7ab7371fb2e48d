"""The page and its modules, as they lie in the package: no build, no network beyond this server.

Out: routes. Modules of the report's page and of this one are served from one address, so one picture serves both.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from string import Template

from aiohttp import web

from simulator import report

FOLDERS = (report.__name__, __package__ or "")
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
OF_THE_REPORT = frozenset({"report.js", "golive.js", "golive.css", "verdict.js"})  # a a live page passes no verdict

_IMPORTS = '{"imports": {"sim/": "/static/"}}'
_SHEET = '<link rel="stylesheet" href="/static/{name}">'
_FIRST_SHEETS = ("style.css", "picture.css", "live.css")  # the others build on their tokens


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the page."""

    content: bytes
    kind: str

    @property
    def tag(self) -> str:
        """Changes with the content, so that a browser keeps what is still true."""
        return sha256(self.content).hexdigest()[:32]


def page_routes() -> list[web.RouteDef]:
    """The page at `/` and everything it loads, under `/static/`."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text=_page(), content_type="text/html", headers=_headers())

    async def give(request: web.Request) -> web.Response:
        piece = pieces().get(request.match_info["name"])
        if piece is None:
            raise web.HTTPNotFound(text="the page has no such file")
        headers = {"ETag": f'"{piece.tag}"', "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=piece.content, content_type=piece.kind, charset="utf-8", headers=headers)

    return [web.get("/", show), web.get("/static/{name}", give)]


@cache
def pieces() -> dict[str, Piece]:
    """Every file of the page by its name, which no two folders share."""
    found = {
        entry.name: Piece(entry.read_bytes(), KINDS[suffix])
        for folder in FOLDERS
        for entry in files(folder).joinpath("page").iterdir()
        if (suffix := "." + entry.name.rpartition(".")[2]) in KINDS
    }
    return {name: piece for name, piece in found.items() if name not in OF_THE_REPORT}


@cache
def _page() -> str:
    sheets = sorted((name for name in pieces() if name.endswith(".css")), key=_sheet_order)
    text = files(__package__ or "").joinpath("page", "index.html").read_text(encoding="utf-8")
    links = "\n".join(_SHEET.format(name=name) for name in sheets)
    return Template(text).substitute(sheets=links, imports=_IMPORTS)


def _sheet_order(name: str) -> tuple[int, str]:
    return (_FIRST_SHEETS.index(name) if name in _FIRST_SHEETS else len(_FIRST_SHEETS), name)


def _headers() -> dict[str, str]:
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
    return {"Content-Security-Policy": "; ".join(policy), "Cache-Control": "no-cache"}
