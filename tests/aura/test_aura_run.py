"""A scenario of AURA, written in AURA's words, run and reported like any other (A1, A7, A9)."""

from __future__ import annotations

import json

import pytest

from simulator.report.document import report_document
from simulator.report.html import html_report
from simulator.scenario.invalid import InvalidScenario
from simulator.scenario.load import parse_scenario
from simulator.scenario.run import Conditions, run_scenario

SCENARIO = """
name: A callout
provider: aura
switches: {allow_http: true}
subscriptions:
  - name: control room
    url: "{receiver}/in"
    events: [NEW_CALLOUT, RESPONDER_COMPLETED]
    headers: {X-Key: s3cret}
timeline:
  - {at: 0s, emit: {event: NEW_CALLOUT, attributes: {id: "42"}}}
  - {at: +5m, fault: {status: {code: 503, for: 1m}}}
  - {at: +5m, emit: {event: RESPONDER_COMPLETED, attributes: {id: "42"}}}
expect:
  - delivered: {count: 1}
  - exhausted: {count: 1}
  - attempts: {subscription: control room, delivery: 2, at: [0s]}
"""


async def test_what_was_posted_stands_in_the_report_and_on_its_page_a7(receiver):
    report = await run_scenario(parse_scenario(SCENARIO, "callout.yaml"), Conditions(target=receiver.url))
    document = report_document(report)
    assert document["verdict"] == "pass", document["expectations"]
    assert receiver.messages() == ["NEW_CALLOUT"]
    (attempt,) = document["deliveries"][0]["attempts"]
    assert json.loads(attempt["body"]) == receiver.posts[0].json
    assert document["readings"]["incident_shape"] == "array_in_callout"
    page = html_report(document)
    assert "NEW_CALLOUT" in page
    assert "s3cret" not in page + json.dumps(document)


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("switches: {allow_http: true}\n", "", "must begin with https://"),
        ("RESPONDER_COMPLETED]", "RESPONDER_COMPLETE]", 'did you mean "RESPONDER_COMPLETED"'),
        ('{id: "42"}', '{ID: "42"}', 'did you mean "id"'),
        ("headers: {X-Key: s3cret}", "header_auth_key: X-Key", "there is no such field"),
        ("allow_http: true", "alow_http: true", 'did you mean "allow_http"'),
    ],
)
def test_what_is_wrong_is_refused_before_anything_is_sent_a3_a4(written, instead, told):
    with pytest.raises(InvalidScenario, match=told.replace("(", r"\(")):
        parse_scenario(SCENARIO.replace(written, instead, 1), "wrong.yaml")


async def test_a_run_can_be_sent_from_an_address_of_this_machine_a13(receiver):
    conditions = Conditions(target=receiver.url, source_address="127.0.0.3")
    await run_scenario(parse_scenario(SCENARIO, "callout.yaml"), conditions)
    assert [post.peer for post in receiver.posts] == ["127.0.0.3"]
