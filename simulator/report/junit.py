"""Reports as JUnit XML, for the test pages of continuous integration.

In: documents as they stand in `report.json`. Out: one XML text: a suite for each run, a case for each expectation and
for each check of a contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Document = Mapping[str, Any]

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot carry


def junit_report(documents: Iterable[Document]) -> str:
    """The runs as one `testsuites`; `time` is real, in seconds."""
    root = Element("testsuites", name="aurora-sim")
    for document in documents:
        root.append(_suite(document))
    for count in ("tests", "failures"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(document: Document) -> Element:
    suite = Element("testsuite", name=_clean(document["scenario"]))
    _add_properties(suite, document)
    for one in document["expectations"]:
        _add_expectation(suite, document, one)
    for one in document.get("checks", ()):
        _add_check(suite, one)
    if suite.find("testcase") is None:  # a suite without a case is taken for a mistake
        _add_case(suite, "the run: comes to its end")
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    suite.set("time", f"{document['clock']['real_seconds']:.3f}")
    return suite


def _add_properties(suite: Element, document: Document) -> None:
    """What it takes to repeat the run, and under which readings its verdict was reached."""
    names = ("provider", "seed", "version", "digest", "command")
    known = {name: document[name] for name in names} | {
        f"reading.{name}": value for name, value in document["readings"].items()
    }
    properties = SubElement(suite, "properties")
    for name, value in known.items():
        SubElement(properties, "property", name=name, value=_clean(str(value)))


def _add_expectation(suite: Element, document: Document, one: Mapping[str, Any]) -> None:
    case = _add_case(suite, f"{one['name']}: {one['expected']}")
    file, _, line = one["where"].rpartition(":")
    if file:
        case.set("file", _clean(file))
        case.set("line", line)
    if one["verdict"] == "fail":
        _add(case, "failure", "expectation", one["actual"], _explanation(document, one))


def _add_check(suite: Element, one: Mapping[str, Any]) -> None:
    """A check that could not be made is skipped; a warning is a pass that says so in its output."""
    case = _add_case(suite, f"{one['id']} ({one['clause']})")
    said = [text for text in (one["message"], one["advice"], one["repeat"]) if text]
    match one["verdict"]:
        case "fail":
            _add(case, "failure", "check", one["message"], said)
        case "unknown" | "skipped":
            _add(case, "skipped", one["verdict"], one["message"], said)
        case "warn":
            SubElement(case, "system-out").text = _clean("\n".join(said))


def _add_case(suite: Element, name: str) -> Element:
    return SubElement(suite, "testcase", name=_clean(name), classname=suite.get("name", ""))


def _add(case: Element, tag: str, kind: str, message: str, lines: Sequence[str]) -> None:
    SubElement(case, tag, type=kind, message=_clean(message)).text = _clean("\n".join(lines))


def _explanation(document: Document, one: Mapping[str, Any]) -> Sequence[str]:
    lines = [f"expected: {one['expected']}", f"actual: {one['actual']}"]
    if one["evidence"]:
        lines.append(f"deliveries: {', '.join(map(str, one['evidence']))}")
    if one["where"]:
        lines.append(f"written at: {one['where']}")
    if document["command"]:
        lines.append(f"repeat with: {document['command']}")
    return lines


def _clean(text: str) -> str:
    """The text without what XML cannot carry; receivers answer anything."""
    return _FORBIDDEN.sub("\ufffd", text)
