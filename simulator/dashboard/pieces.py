"""The files of the page, as they lie in the package, and which of them a first look at it needs.

In: the folders of the report's page and of this one, whose file names are unique over both. Out: pieces by name. What
`app.js` imports, and what that imports, is there at first; every other module is fetched when somebody opens its part.
A stylesheet named like a module comes with that module, any other at first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from gzip import compress
from hashlib import sha256
from importlib.resources import files

from simulator import report

FOLDERS = (report.__name__, __package__ or "")
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
OF_THE_REPORT = frozenset({"report.js", "golive.js", "golive.css", "verdict.js", "facts.js", "clockbar.js"})
"""A live page passes no verdict, and its clock can be moved."""

_ENTRY = "app.js"
_IMPORT = re.compile(r'^import\s[^;]*?"sim/([\w.]+)";', re.MULTILINE)
_FIRST_SHEETS = ("style.css", "picture.css", "live.css")  # the others build on their tokens


@dataclass(frozen=True)
class Piece:
    """One file of the page."""

    content: bytes
    kind: str

    @cached_property
    def packed(self) -> bytes:
        """The same, gzipped once and for all."""
        return compress(self.content, 9, mtime=0)

    @cached_property
    def tag(self) -> str:
        """Changes with the content, so that a browser keeps what is still true."""
        return sha256(self.content).hexdigest()[:32]


@cache
def pieces() -> dict[str, Piece]:
    """Every file of the page by its name."""
    found = {
        entry.name: Piece(entry.read_bytes(), KINDS[suffix])
        for folder in FOLDERS
        for entry in files(folder).joinpath("page").iterdir()
        if (suffix := "." + entry.name.rpartition(".")[2]) in KINDS
    }
    return {name: piece for name, piece in found.items() if name not in OF_THE_REPORT}


def imports(name: str) -> list[str]:
    """The modules that this one imports, in their order."""
    return _IMPORT.findall(pieces()[name].content.decode("utf-8"))


@cache
def first_modules() -> tuple[str, ...]:
    """What the browser needs before anything is drawn: the entry, and whatever hangs on it."""
    found = [_ENTRY]
    for name in found:
        found += [one for one in dict.fromkeys(imports(name)) if one not in found]
    return tuple(found)


@cache
def first_sheets() -> tuple[str, ...]:
    """The stylesheets that are there at first, those that the others build on before them."""
    later = {name for name in pieces() if name.endswith(".js")} - set(first_modules())
    sheets = (name for name in pieces() if name.endswith(".css"))
    return tuple(sorted((one for one in sheets if one.replace(".css", ".js") not in later), key=_order))


def _order(sheet: str) -> tuple[int, str]:
    return (_FIRST_SHEETS.index(sheet) if sheet in _FIRST_SHEETS else len(_FIRST_SHEETS), sheet)
