"""`domain/event`: what is a legal event, and words for what is not (E1)."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.domain.event import Event, EventType, check_event, unknown_event
from simulator.errors import Problem

LOOKUP = EventType(
    name="lookup_completed",
    attributes=("PROJECT_ID", "STATUS"),
    suggested_template="https://www.yourapp.com/lookup_completed?project_id=<PROJECT_ID>&status=<STATUS>",
    allowed={"STATUS": ("succeeded", "failed")},
    filterable={"STATUS": ("succeeded", "failed")},
)
CHANGED = EventType(
    name="project_changed",
    attributes=("PROJECT_ID", "ATTRIBUTES"),
    suggested_template="https://www.yourapp.com/project_changed?project_id=<PROJECT_ID>&attributes=<ATTRIBUTES>",
    allowed={"ATTRIBUTES": ("name", "status", "team_id")},
    filterable={},
    listed=frozenset({"ATTRIBUTES"}),
)
CATALOGUE = {kind.name: kind for kind in (LOOKUP, CHANGED)}


def refused(name: str, attributes: dict[str, str], **how: bool) -> list[str]:
    return [str(problem) for problem in check_event(CATALOGUE, name, attributes, **how)]


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("lookup_completed", {"PROJECT_ID": "p1", "STATUS": "failed"}),
        ("lookup_completed", {"STATUS": "succeeded", "PROJECT_ID": ""}),
        ("lookup_completed", {"PROJECT_ID": "any text, ☀️ too", "STATUS": "succeeded"}),
        ("project_changed", {"PROJECT_ID": "p1", "ATTRIBUTES": "name"}),
        ("project_changed", {"PROJECT_ID": "p1", "ATTRIBUTES": "team_id,name,status"}),
    ],
)
def test_an_event_with_all_its_attributes_and_familiar_values_is_legal(name: str, attributes: dict[str, str]) -> None:
    """E1; an attribute without a closed list takes any text, the empty one too."""
    assert refused(name, attributes) == []


@pytest.mark.parametrize(
    ("name", "attributes", "problems"),
    [
        (
            "lookup_done",
            {},
            [
                (
                    'event: there is no event "lookup_done" (did you mean "lookup_completed"?); '
                    "the 2 events are lookup_completed, project_changed"
                )
            ],
        ),
        ("teapot", {}, ['event: there is no event "teapot"; the 2 events are lookup_completed, project_changed']),
        (
            "lookup_completed",
            {"STATUS": "failed"},
            ["attributes.PROJECT_ID: lookup_completed needs it; it has PROJECT_ID, STATUS"],
        ),
        (
            "lookup_completed",
            {"PROJECT_ID": "p1", "STATUS": "failed", "STATE": "x"},
            [
                (
                    'attributes.STATE: lookup_completed has no such attribute (did you mean "STATUS"?); '
                    "it has PROJECT_ID, STATUS"
                )
            ],
        ),
        (
            "lookup_completed",
            {"PROJECT_ID": "p1", "STATUS": "Failed"},
            ['attributes.STATUS: "Failed" is not among succeeded, failed (did you mean "failed"?)'],
        ),
        (
            "lookup_completed",
            {"PROJECT_ID": "p1", "STATUS": ""},
            ['attributes.STATUS: "" is not among succeeded, failed'],
        ),
        (
            "project_changed",
            {"PROJECT_ID": "p1", "ATTRIBUTES": "name,owner,status"},
            ['attributes.ATTRIBUTES: "owner" is not among name, status, team_id'],
        ),
        (
            "project_changed",
            {"PROJECT_ID": "p1", "ATTRIBUTES": ""},
            ['attributes.ATTRIBUTES: "" is not among name, status, team_id'],
        ),
    ],
)
def test_what_is_not_legal_is_refused_with_what_is_allowed(
    name: str, attributes: dict[str, str], problems: list[str]
) -> None:
    """E1."""
    assert refused(name, attributes) == problems


def test_every_problem_of_an_event_is_found_at_once() -> None:
    """E1."""
    problems = refused("lookup_completed", {"STATUS": "maybe", "COLOUR": "red"})
    assert [problem.partition(":")[0] for problem in problems] == [
        "attributes.PROJECT_ID",
        "attributes.STATUS",
        "attributes.COLOUR",
    ]


def test_lenience_lets_unfamiliar_values_and_attributes_through() -> None:
    """E1: both are documented as changes that break nobody."""
    attributes = {"PROJECT_ID": "p1", "STATUS": "postponed", "FINANCING_ID": "f1"}
    assert len(refused("lookup_completed", attributes)) == 2
    assert refused("lookup_completed", attributes, lenient=True) == []


@pytest.mark.parametrize("lenient", [False, True])
def test_lenience_does_not_let_a_documented_attribute_go_missing(lenient: bool) -> None:
    """E1."""
    assert len(refused("lookup_completed", {"STATUS": "failed"}, lenient=lenient)) == 1


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize("extra", [{"PROJECT_ID": "p\ud800"}, {"EXTRA\udfff": "x"}])
def test_what_no_url_can_carry_is_never_legal(extra: dict[str, str], lenient: bool) -> None:
    """E6: there are no bytes for a lone surrogate, neither on the wire nor in the record."""
    attributes = {"PROJECT_ID": "p1", "STATUS": "failed"} | extra
    problems = check_event(CATALOGUE, "lookup_completed", attributes, lenient=lenient)
    assert [problem.path for problem in problems] == [("attributes", *extra)]
    assert "lone surrogate" in problems[0].text


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_an_open_attribute_takes_any_text(text: str) -> None:
    """E1, E6."""
    assert refused("lookup_completed", {"PROJECT_ID": text, "STATUS": "failed"}) == []


def test_an_unknown_event_names_the_field_it_stands_in() -> None:
    """S10."""
    assert unknown_event(CATALOGUE, "project_chnaged") == Problem(
        ("event",),
        'there is no event "project_chnaged" (did you mean "project_changed"?); '
        "the 2 events are lookup_completed, project_changed",
    )


def test_an_event_that_occurred_stays_as_it_was() -> None:
    """E8."""
    event = Event(1, "demo", "lookup_completed", {"PROJECT_ID": "p1", "STATUS": "failed"}, 0)
    with pytest.raises(FrozenInstanceError):
        event.occurred_at = 1  # type: ignore[misc]  # the very thing that must not work
