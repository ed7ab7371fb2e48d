"""Reports as JUnit XML, for the test pages of continuous integration.

In: documents as they stand in `report.json`. Out: one XML text: a suite for each run, a case for each expectation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

Document = Mapping[str, Any]

_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 cannot carry

_NOTHING_EXPECTED = {"name": "the run", "verdict": "pass", "expected": "comes to its end", "evidence": (), "where": ""}
"""A suite without a case is taken for a mistake, so that a run without expectations has this one."""


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
    expectations = document["expectations"] or [_NOTHING_EXPECTED]
    failed = sum(one["verdict"] == "fail" for one in expectations)
    suite = Element(
        "testsuite",
        name=_clean(document["scenario"]),
        tests=str(len(expectations)),
        failures=str(failed),
        errors="0",
        skipped="0",
        time=f"{document['clock']['real_seconds']:.3f}",
    )
    _add_properties(suite, document)
    for one in expectations:
        _add_case(suite, document, one)
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


def _add_case(suite: Element, document: Document, one: Mapping[str, Any]) -> None:
    case = SubElement(
        suite, "testcase", name=_clean(f"{one['name']}: {one['expected']}"), classname=suite.get("name", "")
    )
    file, _, line = one["where"].partition(":")
    if line:
        case.set("file", _clean(file))
        case.set("line", line)
    if one["verdict"] == "fail":
        failure = SubElement(case, "failure", message=_clean(one["actual"]), type="expectation")
        failure.text = _clean("\n".join(_explanation(document, one)))


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
