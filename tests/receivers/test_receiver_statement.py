"""Decoding and understanding a query."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.receivers.kinds import UNCLEAR
from simulator.receivers.statement import IllegalEventError, decode, understand


@pytest.mark.parametrize(
    ("raw", "parameters"),
    [
        ("", {}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=Design%20DXF", {"a": "Design DXF"}),
        ("a=1+1", {"a": "1+1"}),
        ("a=1%2B1", {"a": "1+1"}),
        ("a=x%2Cy,z", {"a": "x,y,z"}),
        ("a=%3D%26%23%25", {"a": "=&#%"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=b%3Dc%2526", {"a": "b=c%26"}),
        ("a=%e2%82%ac%C3%A9", {"a": "€é"}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("&a=1&&b=2&", {"a": "1", "b": "2"}),
        ("a=1;b=2", {"a": "1;b=2"}),
        ("a=1&a=2", {"a": "2"}),
        ("%61=1", {"a": "1"}),
        ("a=100%", {"a": "100%"}),
        ("a=%00", {"a": "\0"}),
    ],
)
def test_a_query_decodes_as_rfc_3986_has_it(raw: str, parameters: dict[str, str]) -> None:
    """E6: escapes are resolved once, a plus stays a plus."""
    assert decode(raw) == parameters


@pytest.mark.parametrize("raw", ["a=%FF", "a=%C3", "%E2%82=1", "a=%ED%A0%80"])
def test_escapes_that_are_not_utf_8_are_illegal(raw: str) -> None:
    with pytest.raises(IllegalEventError, match="UTF-8"):
        decode(raw)


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_whatever_the_sender_encodes_comes_back(parameters: dict[str, str]) -> None:
    """E6: only unreserved characters stay bare on the wire."""
    raw = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in parameters.items())
    assert decode(raw) == parameters


def test_a_statement_keeps_the_parameters_that_the_catalogue_names() -> None:
    said = understand(
        "agreement_status_changed",
        {"agreement_id": "a1", "project_id": "p1", "status": "viewed", "session_token": "t"},
    )
    assert said.id == "a1"
    assert said.status == said.kind.fixed("viewed")
    assert said.facts == (("agreement_status_changed", "viewed"), ("project_id", "p1"))
    assert not said.is_hint


@pytest.mark.parametrize("parameters", [{}, {"agreement_id": ""}, {"project_id": "p1", "status": "sent"}])
def test_an_event_without_the_id_of_its_object_is_illegal(parameters: dict[str, str]) -> None:
    with pytest.raises(IllegalEventError, match="agreement_status_changed needs agreement_id"):
        understand("agreement_status_changed", parameters)


@pytest.mark.parametrize("parameters", [{"agreement_id": "a1"}, {"agreement_id": "a1", "status": ""}])
def test_an_event_that_leaves_its_status_out_is_a_hint(parameters: dict[str, str]) -> None:
    said = understand("agreement_status_changed", parameters)
    assert said.status is None
    assert said.is_hint


def test_an_unfamiliar_status_is_understood_as_a_hint() -> None:
    said = understand("agreement_status_changed", {"agreement_id": "a1", "status": "archived"})
    assert said.is_hint
    assert ("agreement_status_changed", "archived") in said.facts


@pytest.mark.parametrize(
    ("event", "status"), [("design_request_completed", "done"), ("design_request_rejected", "rejected")]
)
def test_the_name_of_a_design_request_event_outweighs_its_undocumented_status(event: str, status: str) -> None:
    said = understand(event, {"design_request_id": "r1", "status": status})
    assert said.status == said.kind.fixed(event.replace("design_request", "designer"))
    assert ("status", status) in said.facts


@pytest.mark.parametrize("text", ["In Progress", "deleted", UNCLEAR])
def test_any_project_status_is_a_hint(text: str) -> None:
    assert understand("project_status_changed", {"project_id": "p1", "status": text}).is_hint
