"""The report as a file: it holds everything it needs, asks nobody for anything, and what it shows cannot act."""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from looking import Report
from sample_report import HOSTILE

from simulator.report import model
from simulator.report.html import html_report

PAGE = files("simulator.report").joinpath("page")
MODULES = {entry.name: entry.read_text("utf-8") for entry in PAGE.iterdir() if entry.name.endswith(".js")}
SOURCES = {entry.name: entry.read_text("utf-8") for entry in PAGE.iterdir() if not entry.name.startswith("__")}
IMPORT = re.compile(r'^import .*?"sim/(\w+\.js)";|^import "sim/(\w+\.js)";', re.MULTILINE)
PURE = ("words", "scale", "scene", "rows", "filter", "marks", "layout", "bands", "columns", "axis", "picture", "strip",
        "ladder", "address", "facts", "clockbar", "highlight", "compare", "instant", "attempt", "delivery")  # fmt: skip


class Parts(HTMLParser):
    """The elements of a page, with the text of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self._open = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = f"{tag} {dict(attrs).get('type', '')}".strip() if tag in ("script", "style") else ""

    def handle_endtag(self, tag: str) -> None:
        self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.inside[self._open] = self.inside.get(self._open, "") + data


@pytest.fixture(scope="module")
def parts(document: Report) -> Parts:
    return Parts(html_report(document))


def imported_by(module: str) -> set[str]:
    return {one or other for one, other in IMPORT.findall(MODULES[module])}


def test_the_report_lies_in_the_page_unchanged(document: Report, parts: Parts) -> None:
    assert json.loads(parts.inside["script application/json"]) == document


@pytest.mark.parametrize(
    ("part", "view"),
    [
        (lambda report: report["deliveries"][0], model.DeliveryView),
        (lambda report: report["deliveries"][0]["attempts"][0], model.AttemptView),
        (lambda report: report["subscriptions"][0], model.SubscriptionView),
        (lambda report: report["subscriptions"][0]["revisions"][0], model.RevisionView),
        (lambda report: report["faults"][0], model.FaultView),
        (lambda report: report["expectations"][0], model.Judgement),
        (lambda report: report["totals"], model.Totals),
    ],
)
def test_the_sample_has_the_fields_of_the_model(
    document: Report, part: Callable[[Report], Report], view: type[Any]
) -> None:
    assert set(part(document)) == {field.name for field in fields(view)}


def test_nothing_in_the_page_is_loaded_from_anywhere(parts: Parts) -> None:
    asking = {"src", "href", "action", "data", "poster", "srcset"}
    assert [(tag, attrs) for tag, attrs in parts.elements if asking & set(attrs)] == []
    assert re.findall(r"@import|url\((?!#)", parts.inside["style"]) == []
    assert [
        name for name in MODULES if re.search(r"\bfetch\(|XMLHttpRequest|EventSource|WebSocket", MODULES[name])
    ] == []


def test_markup_in_values_adds_no_element(document: Report, parts: Parts) -> None:
    hostile = {**document, "scenario": HOSTILE, "description": f"<!--{HOSTILE}", "command": f"x {HOSTILE}"}
    assert [tag for tag, _ in Parts(html_report(hostile)).elements] == [tag for tag, _ in parts.elements]
    assert "img" not in [tag for tag, _ in parts.elements]


def test_a_line_that_looks_like_a_slot_of_the_template_stays_as_it_is(document: Report) -> None:
    text = html_report({**document, "description": "$style and ${report} and $"})
    assert json.loads(Parts(text).inside["script application/json"])["description"] == "$style and ${report} and $"


def test_the_policy_allows_these_scripts_and_this_style_and_nothing_else(parts: Parts) -> None:
    policy = next(
        attrs["content"] for _, attrs in parts.elements if attrs.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    for inline in ("script importmap", "script module", "style"):
        digest = b64encode(sha256(parts.inside[inline].encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy, inline
    assert policy.startswith("default-src 'none';")
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy


def test_the_import_map_holds_every_module_as_it_is_on_disk(parts: Parts) -> None:
    imports = json.loads(parts.inside["script importmap"])["imports"]
    held = {name.removeprefix("sim/"): b64decode(url.partition("base64,")[2]).decode() for name, url in imports.items()}
    assert held == MODULES


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_modules_that_exist(module: str) -> None:
    assert imported_by(module) <= set(MODULES)
    assert len(imported_by(module)) == MODULES[module].count("\nimport ") + MODULES[module].startswith("import ")


@pytest.mark.parametrize("module", sorted(MODULES))
def test_no_module_imports_itself_by_a_detour(module: str) -> None:
    reached, waiting = set(), imported_by(module)
    while waiting:
        reached |= waiting
        waiting = set().union(*(imported_by(one) for one in waiting)) - reached
    assert module not in reached


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_knows_no_page_and_no_browser(module: str) -> None:
    globals_ = r"\b(document|location|history|localStorage|navigator|innerHeight|requestAnimationFrame|Date\.now)\b"
    assert re.findall(globals_, without_comments(MODULES[f"{module}.js"])) == []
    assert not {"timeline.js", "list.js", "inspector.js", "report.js"} & imported_by(f"{module}.js")


@pytest.mark.parametrize("module", sorted(MODULES))
def test_text_enters_as_text_only(module: str) -> None:
    markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\(|new Function"
    assert re.findall(markup, MODULES[module]) == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_file_of_the_page_is_short_and_its_lines_are_too(name: str) -> None:
    lines = SOURCES[name].splitlines()
    assert len(lines) <= 250
    assert [number for number, line in enumerate(lines, 1) if len(line) > 120] == []


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_the_page_uses_the_words_of_the_field(name: str) -> None:
    banned = r"\b(notification|endpoint|destination|redeliver\w*|replay\w*|chaos|retrying|execution|fast-forward)\b"
    assert re.findall(banned, SOURCES[name], re.IGNORECASE) == []


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_opens_with_what_enters_and_what_leaves(module: str) -> None:
    head = MODULES[module].split("\nimport")[0][:600]
    assert head.startswith("// ")
    assert module == "dom.js" or ("In:" in head and "Out:" in head)


def without_comments(source: str) -> str:
    return re.sub(r"//.*|/\*.*?\*/", "", source)
