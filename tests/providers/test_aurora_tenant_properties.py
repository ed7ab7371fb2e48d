"""A simulated tenant over any history: at every prefix its objects agree with what the events said so far (E10)."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.domain.event import Event
from simulator.domain.instant import DAY, format_utc, parse_instant
from simulator.domain.sample import complete
from simulator.providers.aurora.catalogue import CATALOGUE
from simulator.providers.aurora.objects import KINDS
from simulator.providers.aurora.samples import SAMPLES
from simulator.providers.aurora.tenant import apply

START = parse_instant("2026-03-06T17:00:00Z")
STEADY = settings(deadline=None, derandomize=True)
SEEDS = st.integers(min_value=0, max_value=2**63 - 1)
Objects = dict[tuple[str, str], Any]

STATUS_SHOWN_BY = {
    "agreement_status_changed": ("agreement", "AGREEMENT_ID"),
    "auto_designer_job_completed": ("auto_designer_job", "JOB_ID"),
    "design_request_completed": ("design_request", "DESIGN_REQUEST_ID_IN_AURORA"),
    "design_request_rejected": ("design_request", "DESIGN_REQUEST_ID_IN_AURORA"),
    "fire_pathway_placement_job_completed": ("fire_pathway_placement_job", "JOB_ID"),
    "lead_solar_estimation_job_completed": ("solar_estimation_job", "JOB_ID"),
    "panel_irradiance_analysis_job_completed": ("irradiance_job", "JOB_ID"),
    "performance_simulation_job_completed": ("performance_simulation_job", "JOB_ID"),
    "plan_set_request_status_changed": ("plan_set_request", "PLAN_SET_REQUEST_ID"),
    "project_status_changed": ("project", "PROJECT_ID"),
    "site_survey_status_changed": ("site_survey", "SITE_SURVEY_ID"),
}
"""Written here once more, by hand: the table of the test must not be the table under test."""
NAMED = {"lead": "LEAD_ID", "project": "PROJECT_ID", "design": "DESIGN_ID"}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Any legal events in any order, few objects: births, changes and ends meet in every way."""
    names = draw(st.lists(st.sampled_from(list(CATALOGUE)), max_size=12))
    gaps = [draw(st.integers(0, DAY)) for _ in names]
    return [
        Event(
            id=place,
            tenant_id="demo",
            name=name,
            attributes=complete(CATALOGUE[name], {}, draw(st.integers(0, 1)), draw(st.integers(0, 2)), samples=SAMPLES),
            occurred_at=START + sum(gaps[: place + 1]),
        )
        for place, name in enumerate(names)
    ]


@given(histories(), SEEDS)
@STEADY
def test_an_object_shows_the_status_that_was_last_told_of_it(history: list[Event], seed: int) -> None:
    objects: Objects = {}
    expected: dict[tuple[str, str], str] = {}
    for one in history:
        objects |= apply(objects, one, seed)
        if place := STATUS_SHOWN_BY.get(one.name):
            kind, attribute = place
            expected[kind, one.attributes[attribute]] = one.attributes["STATUS"]
        shown = {key: objects[key]["status"] for key in expected if objects[key]}
        assert shown == {key: status for key, status in expected.items() if objects[key]}
        assert all(kind == "project" for kind, _ in expected.keys() - shown.keys())
        expected = {key: expected[key] for key in shown}


@given(histories(), SEEDS)
@STEADY
def test_what_an_event_names_can_be_read_from_its_birth_until_its_deletion(history: list[Event], seed: int) -> None:
    objects: Objects = {}
    gone: set[tuple[str, str]] = set()
    for one in history:
        objects |= apply(objects, one, seed)
        named = {(kind, one.attributes[name]) for kind, name in NAMED.items() if name in one.attributes}
        gone |= {key for key in named if one.name == f"{key[0]}_deleted"}
        gone -= {key for key in named if one.name == f"{key[0]}_created"}
        assert {key for key in named if objects[key] is None} == named & gone


@given(histories(), SEEDS)
@STEADY
def test_every_parent_that_an_object_names_exists_or_existed(history: list[Event], seed: int) -> None:
    objects: Objects = {}
    for one in history:
        objects |= apply(objects, one, seed)
    for (kind, _), shown in objects.items():
        for parent in KINDS[kind].parents if shown else ():
            assert (parent, shown[f"{parent}_id"]) in objects


@given(histories(), SEEDS)
@STEADY
def test_the_fold_is_deterministic_and_leaves_what_it_was_handed_alone(history: list[Event], seed: int) -> None:
    objects: Objects = {}
    for one in history:
        before = deepcopy(objects)
        changed = apply(objects, one, seed)
        assert objects == before
        assert changed == apply(objects, one, seed)
        objects |= changed


@given(histories(), SEEDS)
@STEADY
def test_objects_are_json_and_their_stamps_never_run_backwards(history: list[Event], seed: int) -> None:
    objects: Objects = {}
    for one in history:
        changed = apply(objects, one, seed)
        assert json.loads(json.dumps(list(changed.values()))) == list(changed.values())
        for key, after in changed.items():
            if after and "updated_at" in after:
                assert after["updated_at"] == format_utc(one.occurred_at)
                assert after["created_at"] <= after["updated_at"]
                assert not objects.get(key) or after["created_at"] == objects[key]["created_at"]
        objects |= changed
