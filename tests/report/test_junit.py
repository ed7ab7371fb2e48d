"""JUnit XML: read with a parser, as a CI server reads it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_run import COMMAND, JUDGEMENTS, at, scripted_run

from simulator.report.document import report_document
from simulator.report.junit import junit_report
from simulator.report.model import CheckView
from simulator.report.noted import course
from simulator.report.recorded import recorded_report


@pytest.fixture
async def document() -> dict[str, Any]:
    async with scripted_run() as ledger:
        ledger.note(course((), at(600)))
        return report_document(replace(recorded_report(ledger.db), expectations=JUDGEMENTS))


def parsed(*documents: dict[str, Any]) -> Element:
    return fromstring(junit_report(documents))


def test_a_run_is_a_suite_and_each_expectation_a_case(document):
    (suite,) = parsed(document)
    assert suite.attrib == {
        "name": "Small", "tests": "2", "failures": "1", "errors": "0", "skipped": "0", "time": "0.000",
    }  # fmt: skip
    assert [(case.get("name"), case.get("classname")) for case in suite.iter("testcase")] == [
        ("delivered: all delivered", "Small"),
        ("duplicates: exactly 1 duplicates", "Small"),
    ]
    assert [(case.get("file"), case.get("line")) for case in suite.iter("testcase")] == [
        ("small.yaml", "7"),
        ("small.yaml", "8"),
    ]


def test_a_colon_in_the_name_of_a_file_belongs_to_the_name(document):
    moved = [{**one, "where": f"10:30 {one['where']}"} for one in document["expectations"]]
    cases = parsed({**document, "expectations": moved}).iter("testcase")
    assert [(case.get("file"), case.get("line")) for case in cases] == [
        ("10:30 small.yaml", "7"),
        ("10:30 small.yaml", "8"),
    ]


def test_a_failure_says_what_happened_which_deliveries_show_it_and_how_to_repeat_it(document):
    (failure,) = parsed(document).iter("failure")
    assert failure.attrib == {"type": "expectation", "message": "of 3 deliveries 3 delivered"}
    assert failure.text.splitlines() == [
        "expected: all delivered",
        "actual: of 3 deliveries 3 delivered",
        "deliveries: 1, 3",
        "written at: small.yaml:7",
        f"repeat with: {COMMAND}",
    ]


def test_properties_hold_what_it_takes_to_repeat_the_run_and_its_readings(document):
    told = {one.get("name"): one.get("value") for one in parsed(document).iter("property")}
    assert told["seed"] == "3"
    assert told["digest"] == document["digest"]
    assert told["reading.retry_delay_from"] == "end"


def test_several_runs_are_several_suites_and_the_root_counts_them_all(document):
    root = parsed(document, {**document, "scenario": "Other"})
    assert [suite.get("name") for suite in root] == ["Small", "Other"]
    assert (root.get("tests"), root.get("failures")) == ("4", "2")


@pytest.mark.parametrize(
    ("verdict", "child"), [("pass", None), ("fail", "failure"), ("skipped", "skipped"), ("unknown", "skipped")]
)
def test_a_check_of_a_contract_is_a_case_too(document, verdict, child):
    check = asdict(CheckView("duplicates", verdict, "R11", "it did its work twice", advice="remember the ids"))
    (suite,) = parsed({**document, "expectations": [], "checks": [check]})
    (case,) = suite.iter("testcase")
    assert case.get("name") == "duplicates (R11)"
    assert [one.tag for one in case] == ([child] if child else [])
    assert [one.text for one in case] == (["it did its work twice\nremember the ids"] if child else [])


def test_a_warning_passes_and_says_what_it_warns_of(document):
    check = asdict(CheckView("speed", "warn", "R1", "9 s is close to the limit"))
    (suite,) = parsed({**document, "expectations": [], "checks": [check]})
    assert (suite.get("failures"), suite.get("skipped")) == ("0", "0")
    assert suite.findtext("testcase/system-out") == "9 s is close to the limit"


def test_a_run_without_expectations_is_a_suite_with_one_case(document):
    (suite,) = parsed({**document, "expectations": []})
    assert [case.get("name") for case in suite.iter("testcase")] == ["the run: comes to its end"]
    assert suite.get("failures") == "0"


@given(text=st.text())
def test_whatever_a_receiver_says_the_file_is_xml(text):
    document = {
        "scenario": text, "provider": "aurora", "seed": 0, "version": "0", "digest": "", "command": text,
        "clock": {"real_seconds": 1.0}, "readings": {"x": text},
        "expectations": [
            {"name": text, "verdict": "fail", "expected": text, "actual": text, "evidence": [1], "where": text}
        ],
    }  # fmt: skip
    root = fromstring(junit_report([document]).encode("utf-8"))
    assert root.get("failures") == "1"


def test_a_control_character_is_shown_as_one_that_cannot_be_shown(document):
    odd = {**document["expectations"][0], "actual": "a\x00b\x1b[31m\ud800\uffffc\td"}
    (failure,) = parsed({**document, "expectations": [odd]}).iter("failure")
    assert failure.get("message") == "a\ufffdb\ufffd[31m\ufffd\ufffdc\td"
