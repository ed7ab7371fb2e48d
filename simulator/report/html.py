"""The report as one HTML file that opens from disk, with no network and nothing to install.

In: the document of `report.json`. Out: a page holding it, the stylesheet and every module of `page/`. It knows nothing
of what the page shows: text of the report reaches the page as data only and becomes text nodes there.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

_START = 'import "sim/report.js";'
_POLICY = (
    "default-src 'none'; script-src {imports} {start} data:; style-src {style}; "
    "require-trusted-types-for 'script'; base-uri 'none'; form-action 'none'"
)


def html_report(report_json: Mapping[str, Any]) -> str:
    """The page for this report. Nothing in it can act as markup, whatever a receiver answered."""
    imports, style = _imports(), "".join(map(_page, ("style.css", "picture.css", "inspector.css", "golive.css")))
    policy = _POLICY.format(imports=_hash(imports), start=_hash(_START), style=_hash(style))
    return Template(_page("report.html")).substitute(
        policy=policy,
        title=escape(f"{report_json['scenario']}: {report_json['verdict']}"),
        style=style,
        imports=imports,
        report=_embedded(report_json),
        start=_START,
    )


def _embedded(report_json: Mapping[str, Any]) -> str:
    """JSON in ASCII that cannot end its own script element, whatever bytes a receiver sent."""
    return json.dumps(report_json, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _imports() -> str:
    """The import map: from a file a relative import is refused, a `data:` URL of the same module works."""
    modules = sorted(
        entry.name for entry in files(__package__).joinpath("page").iterdir() if entry.name.endswith(".js")
    )
    return json.dumps({"imports": {f"sim/{name}": _data_url(_page(name)) for name in modules}})


def _data_url(module: str) -> str:
    return f"data:text/javascript;charset=utf-8;base64,{b64encode(module.encode()).decode('ascii')}"


@cache
def _page(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode('ascii')}'"
