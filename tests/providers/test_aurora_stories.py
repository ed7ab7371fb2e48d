"""Aurora's stories: legal events only, all 26 of them, and life cycles as the guide tells them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain.event import EventType, check_event
from simulator.domain.sample import complete
from simulator.domain.story import Id, Story, StoryEvent, unfold
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.samples import PROJECT_STATUSES, SAMPLES
from simulator.providers.aurora.stories import STORIES

STEADY = settings(deadline=None, derandomize=True)
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
EVERY_STORY = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
ANY_STORY = st.sampled_from(list(STORIES.values()))


def told(events: tuple[StoryEvent, ...], name: str, attribute: str = "STATUS") -> list[str]:
    return [event.attributes[attribute] for event in events if event.event == name]


def ids(events: tuple[StoryEvent, ...]) -> set[str]:
    return {value for event in events for name, value in event.attributes.items() if "_ID" in name and value}


@given(ANY_STORY, SEEDS, st.integers())
@STEADY
def test_every_event_of_every_story_is_legal(story: Story, seed: int, key: int) -> None:
    """E1, and in the catalogue's words: no attribute missing, none too many, none outside its list."""
    for event in unfold(story, seed, key):
        assert check_event(CATALOGUE, event.event, event.attributes) == []


def test_each_of_the_26_events_occurs_in_a_story() -> None:
    assert {step.event for story in STORIES.values() for step in story.steps} == set(CATALOGUE)
    assert len(CATALOGUE) == 26


@pytest.mark.parametrize(
    "name",
    [
        "lead_to_signature", "lead_to_project", "project_to_signature", "agreement_signed", "agreement_canceled",
        "agreement_declined", "agreement_error", "design_request", "design_request_rejected", "plan_set",
        "plan_set_rejected", "site_survey", "project_deleted", "app_toggled", "autodesigner_failed",
    ],
)  # fmt: skip
def test_the_stories_that_scenarios_may_name_are_there(name: str) -> None:
    assert STORIES[name].name == name


@EVERY_STORY
def test_a_story_is_told_in_one_sentence(story: Story) -> None:
    assert story.summary[0].isupper()
    assert story.summary.endswith(".")
    assert ". " not in story.summary


@EVERY_STORY
def test_a_role_stands_in_attributes_of_one_meaning_only(story: Story) -> None:
    """No two objects of different kinds can ever get the same id by a slip in a table."""
    stands_in: dict[str, set[str]] = {}
    for step in story.steps:
        for attribute, expression in step.attributes.items():
            if isinstance(expression, Id):
                stands_in.setdefault(expression.role, set()).add(attribute.removesuffix("_IN_AURORA"))
    assert all(len(attributes) == 1 for attributes in stands_in.values())


@given(st.lists(st.tuples(ANY_STORY, SEEDS, st.integers(0, 3)), min_size=2, max_size=8))
@STEADY
def test_stories_that_run_through_each_other_never_share_an_id(runs: list[tuple[Story, int, int]]) -> None:
    """Independent unfoldings may be interleaved in any way: an id says which life it belongs to."""
    unfoldings = {(story.name, seed, key): ids(unfold(story, seed, key)) for story, seed, key in runs}
    assert len(set().union(*unfoldings.values())) == sum(map(len, unfoldings.values()))


@given(ANY_STORY, SEEDS, st.integers())
@STEADY
def test_every_object_is_created_before_anything_else_is_told_of_it(story: Story, seed: int, key: int) -> None:
    created = {"lead_created": "LEAD_ID", "project_created": "PROJECT_ID", "design_created": "DESIGN_ID"}
    events = unfold(story, seed, key)
    for name, attribute in created.items():
        births = [place for place, event in enumerate(events) if event.event == name]
        mentions = [place for place, event in enumerate(events) if attribute in event.attributes]
        if births and name != "project_created":
            assert births[0] == mentions[0]
        elif births:
            assert events[mentions[0]].offset_us == events[births[0]].offset_us


@given(ANY_STORY, SEEDS, st.integers())
@STEADY
def test_a_change_of_status_fires_both_events_at_one_instant_status_first(story: Story, seed: int, key: int) -> None:
    """E10: when either arrives, the project shows the new status."""
    events = unfold(story, seed, key)
    for before, after in pairwise(events):
        if before.event == "project_status_changed":
            assert after.event == "project_changed"
            assert after.attributes["ATTRIBUTES"] == "status"
            assert after.attributes["PROJECT_ID"] == before.attributes["PROJECT_ID"]
            assert after.offset_us == before.offset_us
    assert [event.event for event in events].count("project_status_changed") == told(
        events, "project_changed", "ATTRIBUTES"
    ).count("status")


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("agreement_signed", ["sent", "viewed", "signed"]),
        ("agreement_declined", ["sent", "viewed", "declined"]),
        ("agreement_canceled", ["sent", "viewed", "cancel-pending", "canceled"]),
        ("agreement_error", ["sent", "error"]),
        ("project_to_signature", ["sent", "viewed", "signed"]),
        ("lead_to_signature", ["sent", "viewed", "signed"]),
    ],
)
def test_an_agreement_goes_through_its_statuses_in_order(name: str, statuses: list[str]) -> None:
    assert told(unfold(STORIES[name], 7, "a"), "agreement_status_changed") == statuses


@pytest.mark.parametrize(
    ("ending", "statuses"),
    [
        ("signed", ["sent", "viewed", "signed"]),
        ("declined", ["sent", "viewed", "declined"]),
        ("canceled", ["sent", "viewed", "cancel-pending", "canceled"]),
        ("error", ["sent", "viewed", "error"]),
    ],
)
def test_the_ending_of_an_agreement_can_be_given(ending: str, statuses: list[str]) -> None:
    events = unfold(STORIES["agreement"], 7, "a", {"ending": ending})
    assert told(events, "agreement_status_changed") == statuses


def test_every_ending_of_an_agreement_comes_up_in_time() -> None:
    endings = {unfold(STORIES["agreement"], 7, key)[-1].attributes["STATUS"] for key in range(200)}
    assert endings == {"signed", "declined", "canceled", "error"}


def test_a_failed_authority_lookup_names_no_authority_and_changes_no_project() -> None:
    events = unfold(STORIES["project_to_signature"], 7, "a", {"ahj": "failed"})
    assert told(events, "ahj_lookup_completed", "AHJ_ID") == [""]
    assert "ahj_id" not in told(events, "project_changed", "ATTRIBUTES")


def test_a_successful_lookup_is_also_a_change_of_the_project() -> None:
    events = unfold(STORIES["project_to_signature"], 7, "a", {"ahj": "succeeded"})
    assert told(events, "ahj_lookup_completed", "AHJ_ID") != [""]
    assert told(events, "project_changed", "ATTRIBUTES")[0] == "ahj_id"


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("project_to_signature", "consumption_profile_changed"),
        ("plan_set_resubmitted", "plan_set_request_status_changed"),
        ("app_toggled", "app_status_changed"),
    ],
)
def test_some_stories_repeat_an_event_genuinely_with_the_very_same_attributes(name: str, event: str) -> None:
    """Section 4: several events carry no per-occurrence id, so a receiver cannot tell these from duplicates."""
    happened = [tuple(one.attributes.items()) for one in unfold(STORIES[name], 7, "a") if one.event == event]
    assert len(set(happened)) < len(happened)


def test_a_second_web_proposal_is_generated_for_the_same_design() -> None:
    events = unfold(STORIES["project_to_signature"], 7, "a")
    first, second = told(events, "web_proposal_url_created", "DESIGN_ID")
    assert first == second


def test_a_design_request_has_one_id_under_both_of_its_names() -> None:
    created, answered = unfold(STORIES["design_request"], 7, "a")
    assert created.attributes["DESIGN_REQUEST_ID"] == answered.attributes["DESIGN_REQUEST_ID_IN_AURORA"]


def test_a_given_agreement_id_runs_through_the_story() -> None:
    events = unfold(STORIES["agreement_signed"], 7, "a", {"AGREEMENT_ID": "A-1"})
    assert told(events, "agreement_status_changed", "AGREEMENT_ID") == ["A-1"] * 3


@pytest.mark.parametrize("name", ["lead_to_project", "lead_to_signature"])
def test_a_lead_converts_into_the_project_that_is_created_at_that_instant(name: str) -> None:
    events = unfold(STORIES[name], 7, "a")
    (converted,) = (event for event in events if event.event == "lead_converted")
    (created,) = (event for event in events if event.event == "project_created")
    assert created.attributes["PROJECT_ID"] == converted.attributes["PROJECT_ID"]
    assert created.offset_us == converted.offset_us


class TestSamples:
    """What fills an Aurora event that nobody spelled out."""

    @given(st.sampled_from(list(CATALOGUE.values())), SEEDS, st.data())
    @STEADY
    def test_every_event_completes_to_a_legal_one_whatever_part_is_given(
        self, kind: EventType, seed: int, data: st.DataObject
    ) -> None:
        whole = complete(kind, {}, seed, samples=SAMPLES)
        given = {name: whole[name] for name in data.draw(st.sets(st.sampled_from(kind.attributes)))}
        assert check_event(CATALOGUE, kind.name, complete(kind, given, seed + 1, "key", samples=SAMPLES)) == []

    def test_a_design_requests_status_is_the_one_its_event_implies(self) -> None:
        for name in ("completed", "rejected"):
            filled = complete(CATALOGUE[f"design_request_{name}"], {}, 7, samples=SAMPLES)
            assert filled["STATUS"] == f"designer_{name}"

    def test_a_project_status_is_one_of_the_usual_ones(self) -> None:
        kind = CATALOGUE["project_status_changed"]
        assert {complete(kind, {}, 7, key, samples=SAMPLES)["STATUS"] for key in range(200)} == set(PROJECT_STATUSES)
        assert {"In Progress", "Completed"} <= set(PROJECT_STATUSES)

    @given(SEEDS)
    @STEADY
    def test_a_failed_lookup_names_no_authority(self, seed: int) -> None:
        filled = complete(CATALOGUE["ahj_lookup_completed"], {}, seed, samples=SAMPLES)
        assert (filled["AHJ_ID"] == "") == (filled["STATUS"] == "failed")


def test_the_names_of_the_table_are_unique() -> None:
    from simulator.providers.aurora import stories

    assert len(STORIES) == len(stories.TABLE)
    assert all(isinstance(story, Story) for story in stories.TABLE)
